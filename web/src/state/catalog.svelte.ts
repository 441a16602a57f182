/** Which runs and series there are. Asked for at once when the page loads; anew when the live stream says so. */

import { getJson } from "../api/client";
import type { CatalogAnswer, Info, LogdirEntry, RunEntry, SeriesEntry } from "../api/types";
import { latestOnly } from "../base/latest";

/** While a big log directory is being read the catalog changes many times a second; the page follows at this pace. */
const pause_ms = 300;

class Catalog {
  #answer = $state.raw<CatalogAnswer | null>(null);
  #info = $state.raw<Info | null>(null);
  #error = $state.raw<Error | null>(null);
  #series = $derived(new Map(Object.entries(this.#answer?.series ?? {})));

  /** True once the first answer is there. */
  get ready(): boolean {
    return this.#answer !== null;
  }

  /** True while the server still reads what was there at its start. */
  get loading(): boolean {
    return this.#answer?.loading ?? true;
  }

  /** The server's wall time when it answered. */
  get now(): number {
    return this.#answer?.now ?? 0;
  }

  get cursor(): number {
    return this.#answer?.cursor ?? 0;
  }

  /** Why the last question failed; null when it was answered. */
  get error(): Error | null {
    return this.#error;
  }

  get info(): Info | null {
    return this.#info;
  }

  /** What the command was given to show. */
  get logdirs(): readonly LogdirEntry[] {
    return this.#answer?.logdirs ?? [];
  }

  /** All runs in natural order. */
  get runs(): readonly RunEntry[] {
    return this.#answer?.runs ?? [];
  }

  /** A plugin's tags in natural order; `runs` inside are indices into `catalog.runs`, see `runNames`. */
  series(plugin: string): readonly SeriesEntry[] {
    return this.#series.get(plugin) ?? [];
  }

  /** Every plugin that has series, known to the page or not. */
  get plugins(): readonly string[] {
    return [...this.#series.keys()].filter((plugin) => this.series(plugin).length > 0);
  }

  /** The names of the runs that have this series, in the order of its parallel lists. */
  runNames(entry: SeriesEntry): string[] {
    return entry.runs.map((index) => this.runs[index]?.run ?? "");
  }

  /** Asks for the catalog (and once for the server's info). Calls while one is under way become one more. */
  refresh = latestOnly(async (_: void) => {
    try {
      const [answer, info] = await Promise.all([
        getJson<CatalogAnswer>("api/catalog"),
        this.#info ?? getJson<Info>("api/info"),
      ]);
      this.#answer = answer;
      this.#info = info;
      this.#error = null;
    } catch (error) {
      this.#error = error instanceof Error ? error : new Error(String(error));
    }
    await new Promise((resolve) => setTimeout(resolve, pause_ms));
  });
}

export const catalog = new Catalog();
