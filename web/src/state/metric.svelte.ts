/** The metric column: what stands beside each run's name. Any column of runs may be it. */

import { alignedFormat } from "../base/format";
import { listPrecision } from "../base/precision";
import { runColumns, type RunColumn } from "./runColumns.svelte";
import { formatCell } from "../base/formatCell";
import { url } from "./url.svelte";

class Metric {
  /** Id of the chosen column; null for none. Reactive. */
  get id(): string | null {
    const written = url.get("metric");
    if (written === null) return runColumns.favourite;
    return written === "" ? null : runColumns.resolve(written);
  }

  set id(id: string | null) {
    url.set({ metric: id === runColumns.favourite ? null : (id ?? "") });
  }

  #column = $derived(this.id === null ? null : runColumns.get(this.id));

  get column(): RunColumn | null {
    return this.#column;
  }

  /** A run's number; undefined if it has none. Reactive. */
  value(run: string): number | undefined {
    const cell = this.#column?.of(run);
    return typeof cell === "number" ? cell : undefined;
  }

  #numbers = $derived((this.#column?.cells ?? []).filter((cell) => typeof cell === "number"));
  #format = $derived(alignedFormat(this.#numbers, listPrecision(this.#numbers)));

  /** A run's cell as it stands in the column; undefined if it has none. Reactive. */
  text(run: string): string | undefined {
    const cell = this.#column?.of(run) ?? null;
    if (cell === null) return undefined;
    return typeof cell === "number" && this.#column!.kind === "number"
      ? this.#format(cell)
      : formatCell(cell, this.#column!.kind);
  }
}

export const metric = new Metric();
runColumns.demand(() => (metric.id === null ? [] : [metric.id]));
