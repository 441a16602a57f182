/** The server's stream of changes, held open while somebody looks. */

import { onVisibility } from "../base/visibility";
import { reach, url } from "./client";
import type { Change } from "./types";

/**
 * `lost`: it was lost, or could not be opened, and is tried again. `refused`: so too, and a server answers that takes this browser's token
 * for none of its own. `held`: something on the way holds a stream back until it ends, so
 * streams are asked for that end with their first news.
 */
export type LiveState = "connecting" | "live" | "held" | "lost" | "refused";

export interface LiveListener {
  change(change: Change): void;
  state(state: LiveState): void;
}

/** Waits between attempts; the last one is repeated. */
const waits_ms = [250, 1000, 2000, 5000];
/** The server says hello at once. Who has not heard it after this long asks whether the server answers, and waits as long again. */
const silence_ms = 3000;
const unauthorized = 401;
/** Between two streams that end with their first news. */
const between_ms = 50;

/**
 * Opens the stream from `cursor` on and keeps it open.
 *
 * A hidden tab lets go of it: a browser allows six connections to one address, and six open tabs would starve the seventh. When it is seen
 * again it goes on from its cursor. After a loss the listener is told that everything may have changed: questions failed meanwhile.
 *
 * @returns a function that closes it.
 */
export function openLive(cursor: number, listener: LiveListener): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;
  let attempts = 0;
  let held = false;
  let refused = false;
  // A cursor of another server is too old for this one, which then tells everything.
  let position = cursor;

  function connect(): void {
    close();
    const opened = new EventSource(url("api/live", { cursor: position, hello: 1, once: held ? 1 : null }));
    source = opened;
    let heard = false;
    const hear = (): void => {
      heard = true;
      clearTimeout(silence);
    };
    opened.addEventListener("hello", hear);
    if (!held) listenForHello(() => source === opened && !heard);
    opened.onopen = () => {
      const lost = attempts > 0;
      attempts = 0;
      refused = false;
      listener.state(held ? "held" : "live");
      if (lost) listener.change({ cursor: position, catalog: true, series: null });
    };
    opened.addEventListener("change", (event) => {
      const change = JSON.parse((event as MessageEvent<string>).data) as Change;
      hear();
      position = change.cursor;
      listener.change(change);
    });
    opened.onerror = () => {
      // The browser's own retry keeps an old address and hides its waits; ours starts anew, from the last cursor.
      opened.close();
      if (source !== opened) return;
      source = null;
      if (held && heard) {
        listener.state("held");
        timer = setTimeout(connect, between_ms);
        return;
      }
      listener.state(refused ? "refused" : "lost");
      timer = setTimeout(connect, waits_ms[Math.min(attempts++, waits_ms.length - 1)]);
      void askWhy();
    };
  }

  /** A stream that fails does not tell its status. */
  async function askWhy(): Promise<void> {
    const status = await reach(url("api/info")).catch(() => null);
    if (attempts === 0 || closed) return;
    refused = status === unauthorized;
    listener.state(refused ? "refused" : "lost");
  }

  /** Something on the way holds the stream back if it stays `silent` though the server answers. */
  function listenForHello(silent: () => boolean): void {
    const wait = (act: () => void): void => void (silence = setTimeout(() => silent() && act(), silence_ms));
    wait(() => {
      reach(url("api/info")).then(
        () => wait(becomeHeld),
        () => {}, // nothing answers: no proxy's fault
      );
    });
  }

  function becomeHeld(): void {
    held = true;
    listener.state("held");
    connect();
  }

  function close(): void {
    clearTimeout(timer);
    clearTimeout(silence);
    source?.close();
    source = null;
  }

  function seen(hidden: boolean): void {
    if (hidden) return close();
    if (attempts === 0) listener.state("connecting");
    connect();
  }

  /** The network is back, so there is no need to wait. */
  const online = (): void => {
    if (attempts > 0 && !document.hidden) connect();
  };

  let closed = false;
  const stop = onVisibility(seen);
  globalThis.addEventListener("online", online);
  if (!document.hidden) connect();
  return () => {
    closed = true;
    stop();
    globalThis.removeEventListener("online", online);
    close();
  };
}
