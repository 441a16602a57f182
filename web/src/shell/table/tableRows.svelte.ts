/** What stands in the table now: its lines and its columns. */

import { catalog } from "../../state/catalog.svelte";
import { groups } from "../../state/groups.svelte";
import { runColumns } from "../../state/runColumns.svelte";
import { runOrder } from "../../state/runOrder.svelte";
import { runs } from "../../state/runs.svelte";
import { url } from "../../state/url.svelte";
import { differs } from "./differing";
import { groupedItems, runItems, type TableItem } from "./tableItems";
import { tableColumn } from "./tableColumn.svelte";
import { nameColumn, onlyDiffering, tableView, ungrouped } from "./tableView.svelte";

class TableRows {
  #matching = $derived(new Set(runs.matching));

  /** Rows of the catalog's runs that the filter lets through, in the order of the list. Reactive, as all is here. */
  #rows = $derived(runOrder.rows.filter((row) => this.#matching.has(catalog.runs[row]!)));

  get rows(): Uint32Array {
    return this.#rows;
  }

  get areGrouped(): boolean {
    return groups.active && !ungrouped.value;
  }

  #items = $derived.by((): TableItem[] => {
    if (!this.areGrouped) return runItems(this.#rows);
    const { column, descending } = runOrder.keys[0]!;
    const by = column === nameColumn ? null : tableColumn(column);
    const isOpen = (id: string): boolean => !this.#folded.has(id);
    return groupedItems(
      this.#rows,
      column === nameColumn && descending ? groups.all.toReversed() : groups.all,
      (row) => groups.of(catalog.runs[row]!.run),
      (group) => isOpen(group.id),
      by?.isNumeric ? { cells: by.cells, descending } : null,
    );
  });

  get items(): readonly TableItem[] {
    return this.#items;
  }

  #folded = $derived(new Set(url.all("shut")));

  toggleGroup(id: string): void {
    const others = url.all("shut").filter((other) => other !== id);
    url.set({ shut: this.#folded.has(id) ? others : [...others, id] });
  }

  /** Rows of the runs that are shown: ticked, and let through. */
  #shown = $derived(runs.visible.map((run) => runColumns.row(run)!));

  /** Of the chosen columns those in which the shown runs are equal. */
  #equal = $derived(
    onlyDiffering.value && this.#shown.length > 1
      ? tableView.columns.filter((id) => {
          const column = tableColumn(id);
          return column?.loaded && !differs(column.cells, this.#shown);
        })
      : [],
  );

  /** Ids of the columns that are left out because the shown runs are equal in them. */
  get equal(): readonly string[] {
    return this.#equal;
  }

  #columns = $derived.by(() => {
    const equal = new Set(this.#equal);
    return tableView.columns.filter((id) => !equal.has(id));
  });

  /** Ids of the columns, without the name's. */
  get columns(): readonly string[] {
    return this.#columns;
  }
}

export const tableRows = new TableRows();
