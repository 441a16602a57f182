/**
 * The order in which runs stand in list and table: by any columns. In the address as `sort=<column>&order=descending`; further columns, which
 * order the runs that are equal in those before, as further pairs of the same.
 */

import { sortRows } from "../base/sortRows";
import { catalog } from "./catalog.svelte";
import { metric } from "./metric.svelte";
import { runColumns } from "./runColumns.svelte";
import { url } from "./url.svelte";

/** Runs stand in the natural order of their names in the catalog. */
const byName = "run:name";

interface Key {
  /** Id of a column. */
  column: string;
  descending: boolean;
}

class RunOrder {
  #keys = $derived(readKeys());

  /** The columns by which runs are sorted, the most important first; at least one. Reactive, as all is here. */
  get keys(): readonly Key[] {
    return this.#keys;
  }

  /** Id of the first column by which runs are sorted. */
  get column(): string {
    return this.keys[0]!.column;
  }

  get descending(): boolean {
    return this.keys[0]!.descending;
  }

  set(column: string, descending: boolean): void {
    this.#set([{ column, descending }]);
  }

  /** As a click on a column's heading does: ascending first for text, descending for numbers; then the other way; then by name. */
  toggle(column: string): void {
    const next = this.#turned(column, this.keys.length === 1 ? this.keys[0] : undefined);
    this.#set(next ? [next] : []);
  }

  /** The same for one column of several: the others stay, and a new one is the least important. */
  toggleAlso(column: string): void {
    // By name alone is no order that somebody chose.
    const keys = url.get("sort") === null && url.get("order") === null ? [] : this.keys;
    const next = this.#turned(
      column,
      keys.find((key) => key.column === column),
    );
    if (!keys.some((key) => key.column === column)) this.#set([...keys, ...(next ? [next] : [])]);
    else this.#set(keys.flatMap((key) => (key.column === column ? (next ?? []) : key)));
  }

  /** What follows when the same column is asked for again; null: no order by it. */
  #turned(column: string, now: Key | undefined): Key | null {
    const first = runColumns.get(column)?.kind !== "text";
    if (now?.column !== column) return { column, descending: first };
    return now.descending === first ? { column, descending: !first } : null;
  }

  #set(keys: readonly Key[]): void {
    const usual = keys.length === 0 || (keys.length === 1 && isUsual(keys[0]!));
    url.set({
      sort: usual ? null : keys.map((key) => key.column),
      order: usual ? null : keys.map((key) => (key.descending ? "descending" : "ascending")),
    });
  }

  #rows = $derived.by(() => {
    // While the directory is read the newest run is the one to look at, and it comes among thousands.
    if (catalog.loading && url.get("sort") === null && url.get("order") === null) {
      return sortRows(
        catalog.runs.map((entry) => entry.start_wall_time),
        true,
      );
    }
    const [first, ...then] = this.#keys.flatMap(({ column, descending }) => {
      const cells = runColumns.get(column)?.cells;
      return cells ? [{ cells, descending }] : [];
    });
    if (first && !(this.#keys.length === 1 && this.column === byName))
      return sortRows(first.cells, first.descending, ...then);
    const rows = Uint32Array.from(catalog.runs, (_, row) => row);
    return this.descending ? rows.reverse() : rows;
  });

  /** Rows of the catalog's runs in this order. Reactive. */
  get rows(): Uint32Array {
    return this.#rows;
  }
}

function isUsual({ column, descending }: Key): boolean {
  return column === byName && !descending;
}

function readKeys(): Key[] {
  const orders = url.all("order");
  const written = url.all("sort");
  // An address with an order alone means the metric column.
  if (written.length === 0) {
    const column = orders.length === 0 ? byName : (metric.id ?? byName);
    return [{ column, descending: orders[0] === "descending" }];
  }
  const keys = new Map<string, Key>();
  written.forEach((name, index) => {
    const column = runColumns.resolve(name);
    if (column !== null && !keys.has(column))
      keys.set(column, { column, descending: orders[index] === "descending" });
  });
  return keys.size > 0 ? [...keys.values()] : [{ column: byName, descending: false }];
}

export const runOrder = new RunOrder();
runColumns.demand(() => runOrder.keys.map(({ column }) => column));
