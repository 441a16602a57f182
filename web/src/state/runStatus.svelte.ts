/** How runs are doing now. The catalog's word is as old as the catalog; while runs grow, those that did are asked for again. */

import { getJson } from "../api/client";
import type { RunEntry, RunStatus } from "../api/types";
import { latestOnly } from "../base/latest";
import { catalog } from "./catalog.svelte";
import { live } from "./live.svelte";

/** Between two questions while runs grow. */
const pause_ms = 3000;
/** A run falls silent without any news. */
const idle_ms = 60_000;

class RunStatuses {
  #newer: ReadonlyMap<string, RunStatus> = $state.raw(new Map());
  /** The server's wall time up to which all is known. Plain: only the next question needs it. */
  #until = 0;
  #catalogOf = 0;

  /** What is known of a run now. Reactive. */
  of(entry: RunEntry): RunStatus {
    return this.#newer.get(entry.run) ?? entry;
  }

  /** Asks again whenever something grew, and now and then; call in an effect that lives as long as the page. */
  follow(): () => void {
    void live.lastChange_ms;
    if (!catalog.ready) return () => undefined;
    // A new catalog knows better than what was asked before it.
    if (catalog.now > this.#catalogOf) {
      this.#catalogOf = this.#until = catalog.now;
      this.#newer = new Map();
    }
    if (live.lastChange_ms > 0) this.#ask();
    const timer = setInterval(() => document.hidden || this.#ask(), idle_ms);
    return () => clearInterval(timer);
  }

  #ask = latestOnly(async (_: void) => {
    // A question that waited for its turn may come up in a tab that was left meanwhile; who comes back asks anew.
    if (document.hidden) return;
    const asked = this.#catalogOf;
    try {
      const { now, runs } = await getJson<{ now: number; runs: RunStatus[] }>("api/runs", {
        since: this.#until,
      });
      if (asked === this.#catalogOf && runs.length > 0) {
        this.#newer = new Map([...this.#newer, ...runs.map((status) => [status.run, status] as const)]);
      }
      // A second of overlap: files are stamped a little after they grew.
      this.#until = now - 1;
    } catch {
      // What is known stays; the live mark says that the server is away.
    }
    await new Promise((resolve) => setTimeout(resolve, pause_ms));
  });
}

export const runStatuses = new RunStatuses();
