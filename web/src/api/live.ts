/** The server's stream of changes, held open while somebody looks. */

import { url } from "./client";
import type { Change } from "./types";

export type LiveState = "connecting" | "live" | "reconnecting" | "offline" | "paused";

export interface LiveListener {
  change(change: Change): void;
  state(state: LiveState): void;
}

/** Waits between attempts; after the third the mark says offline, and attempts go on. */
const waits_ms = [250, 1000, 2000, 5000];
const offlineAfter = 3;

/**
 * Opens the stream from `cursor` on and keeps it open.
 *
 * A hidden tab lets go of it: a browser allows six connections to one address, and six open tabs would starve the seventh. After any
 * gap the listener is told that everything may have changed, so nothing that happened in between is missed.
 *
 * @returns a function that closes it.
 */
export function openLive(cursor: number, listener: LiveListener): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let attempts = 0;
  let gap = false;
  let position = cursor;

  function connect(): void {
    clearTimeout(timer);
    source?.close();
    // After a gap the server may be another one, whose cursors mean nothing to ours: 0 asks for everything.
    const opened = new EventSource(url("api/live", { cursor: gap ? 0 : position }));
    source = opened;
    opened.onopen = () => {
      attempts = 0;
      listener.state("live");
      if (gap) listener.change({ cursor: position, catalog: true, series: null });
      gap = false;
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
      gap = true;
      attempts++;
      listener.state(attempts > offlineAfter ? "offline" : "reconnecting");
      timer = setTimeout(connect, waits_ms[Math.min(attempts - 1, waits_ms.length - 1)]);
    };
  }

  function visibilityChanged(): void {
    if (document.hidden) {
      clearTimeout(timer);
      source?.close();
      source = null;
      gap = true;
      listener.state("paused");
    } else if (!source) {
      attempts = 0;
      listener.state("connecting");
      connect();
    }
  }

  document.addEventListener("visibilitychange", visibilityChanged);
  if (document.hidden) visibilityChanged();
  else connect();
  return () => {
    document.removeEventListener("visibilitychange", visibilityChanged);
    clearTimeout(timer);
    source?.close();
    source = null;
  };
}
