/** The server's stream of changes, held open while somebody looks. */

import { onVisibility } from "../base/visibility";
import { url } from "./client";
import type { Change } from "./types";

/** `lost`: it was lost, or could not be opened, and is tried again. */
export type LiveState = "connecting" | "live" | "lost";

export interface LiveListener {
  change(change: Change): void;
  state(state: LiveState): void;
}

/** Waits between attempts; the last one is repeated. */
const waits_ms = [250, 1000, 2000, 5000];

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
  let attempts = 0;
  // A cursor of another server is too old for this one, which then tells everything.
  let position = cursor;

  function connect(): void {
    close();
    const opened = new EventSource(url("api/live", { cursor: position }));
    source = opened;
    opened.onopen = () => {
      const lost = attempts > 0;
      attempts = 0;
      listener.state("live");
      if (lost) listener.change({ cursor: position, catalog: true, series: null });
    };
    opened.addEventListener("change", (event) => {
      const change = JSON.parse((event as MessageEvent<string>).data) as Change;
      position = change.cursor;
      listener.change(change);
    });
    opened.onerror = () => {
      // The browser's own retry keeps an old address and hides its waits; ours starts anew, from the last cursor.
      opened.close();
      if (source !== opened) return;
      listener.state("lost");
      timer = setTimeout(connect, waits_ms[Math.min(attempts++, waits_ms.length - 1)]);
    };
  }

  function close(): void {
    clearTimeout(timer);
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

  const stop = onVisibility(seen);
  globalThis.addEventListener("online", online);
  if (!document.hidden) connect();
  return () => {
    stop();
    globalThis.removeEventListener("online", online);
    close();
  };
}
