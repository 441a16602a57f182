/** The order in which runs stand in list and table: by any column. In the address as `sort=<column>&order=descending`. */

import { sortRows } from "../base/sortRows";
import { catalog } from "./catalog.svelte";
import { metric } from "./metric.svelte";
import { runColumns } from "./runColumns.svelte";
import { url } from "./url.svelte";

/** Runs stand in the natural order of their names in the catalog. */
const byName = "run:name";

class RunOrder {
  /** Id of the column by which runs are sorted. */
  get column(): string {
    const written = url.get("sort");
    // An address with an order alone means the metric column.
    if (written === null) return url.get("order") === null ? byName : (metric.id ?? byName);
    return runColumns.resolve(written) ?? byName;
  }

  get descending(): boolean {
    return url.get("order") === "descending";
  }

  set(column: string, descending: boolean): void {
    const usual = column === byName && !descending;
    url.set({ sort: usual ? null : column, order: descending ? "descending" : usual ? null : "ascending" });
  }

  /** As a click on a column's heading does: ascending first for text, descending for numbers; then the other way; then by name. */
  toggle(column: string): void {
    const first = runColumns.get(column)?.kind !== "text";
    if (this.column !== column) this.set(column, first);
    else if (this.descending === first) this.set(column, !first);
    else this.set(byName, false);
  }

  #rows = $derived.by(() => {
    // While the directory is read the newest run is the one to look at, and it comes among thousands.
    if (catalog.loading && url.get("sort") === null && url.get("order") === null) {
      return sortRows(
        catalog.runs.map((entry) => entry.start_wall_time),
        true,
      );
    }
    const column = this.column === byName ? null : runColumns.get(this.column);
    if (column) return sortRows(column.cells, this.descending);
    const rows = Uint32Array.from(catalog.runs, (_, row) => row);
    return this.column === byName && this.descending ? rows.reverse() : rows;
  });

  /** Rows of the catalog's runs in this order. Reactive. */
  get rows(): Uint32Array {
    return this.#rows;
  }
}

export const runOrder = new RunOrder();
runColumns.demand(() => [runOrder.column]);
