/** What the live stream says, as reactive numbers: a card that reads `live.version(plugin, tag)` runs again when that tag grows. */

import { SvelteMap } from "svelte/reactivity";
import { openLive, type LiveState } from "../api/live";
import type { Change } from "../api/types";
import { serverReturned } from "../base/parts";
import { catalog } from "./catalog.svelte";

class Live {
  #state = $state<LiveState>("connecting");
  #all = $state(0);
  #versions = new SvelteMap<string, number>();
  #close: (() => void) | null = null;
  #lastChange = $state(0);
  #since = $state<number | null>(null);
  #paused = $state(false);
  /** What came while the page was frozen. */
  #held: Change[] = [];

  /** The page's one word on its connection. Reactive. */
  get state(): LiveState {
    return this.#state;
  }

  /** Whether what is shown is what the server said last. Reactive. */
  get away(): boolean {
    return this.#state === "lost" || this.#state === "refused";
  }

  /** When the connection was lost, milliseconds since 1970; null unless it is. Reactive. */
  get since_ms(): number | null {
    return this.#since;
  }

  /** When the last change came, milliseconds since 1970; 0 if none did. Reactive. */
  get lastChange_ms(): number {
    return this.#lastChange;
  }

  /** Whether the page is frozen: what comes is kept, and shown when it goes on. Reactive. */
  get paused(): boolean {
    return this.#paused;
  }

  setPaused(paused: boolean): void {
    this.#paused = paused;
    if (!paused) for (const change of this.#held.splice(0)) this.#apply(change);
  }

  /**
   * Grows when this tag of this plugin has new points, in whatever run, and for all tags when the connection is back. Reactive: read it in
   * `$derived`.
   */
  version(plugin: string, tag: string): number {
    return this.#all + (this.#versions.get(key(plugin, tag)) ?? 0);
  }

  /** Opens the stream, from the catalog's cursor on. */
  start(): void {
    this.#close ??= openLive(catalog.cursor, {
      state: (state) => {
        const wasAway = this.away;
        this.#state = state;
        if (wasAway && !this.away) serverReturned();
        this.#since = this.away ? (this.#since ?? Date.now()) : null;
      },
      change: (change) => this.#take(change),
    });
  }

  #take(change: Change): void {
    this.#lastChange = Date.now();
    if (this.#paused) hold(this.#held, change);
    else this.#apply(change);
  }

  #apply(change: Change): void {
    if (change.catalog) catalog.refresh();
    if (change.series === null) this.#all++;
    for (const [plugin, tags] of Object.entries(change.series ?? {})) {
      for (const tag of tags) {
        const name = key(plugin, tag);
        this.#versions.set(name, (this.#versions.get(name) ?? 0) + 1);
      }
    }
  }
}

/** Adds a change to those that wait. A talk may last hours, so they become one. */
function hold(held: Change[], change: Change): void {
  const [before] = held;
  if (!before) {
    held.push(change);
    return;
  }
  const series = before.series === null || change.series === null ? null : { ...before.series };
  for (const [plugin, tags] of Object.entries((series && change.series) ?? {})) {
    series![plugin] = [...new Set([...(series![plugin] ?? []), ...tags])];
  }
  held[0] = { cursor: change.cursor, catalog: before.catalog || change.catalog, series };
}

function key(plugin: string, tag: string): string {
  return `${plugin}\0${tag}`;
}

export const live = new Live();
