/** What stands in the table now: its lines and its columns. */

import { SiblingNames } from "../../base/siblingNames";
import { catalog } from "../../state/catalog.svelte";
import { center, groups } from "../../state/groups.svelte";
import { runColumns } from "../../state/runColumns.svelte";
import { runOrder } from "../../state/runOrder.svelte";
import { runs } from "../../state/runs.svelte";
import { runTree } from "../../state/runTree.svelte";
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

  #groupLabels = $derived(new SiblingNames(groups.all.map(({ label }) => label)));

  /** What headings are told apart from. */
  get groupLabels(): SiblingNames {
    return this.#groupLabels;
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
      by?.isNumeric ? { cells: by.cells, center: center.value, descending } : null,
    );
  });

  get items(): readonly TableItem[] {
    return this.#items;
  }

  #inOrder = $derived(
    this.#items.flatMap((item) => (item.type === "run" ? item.row : item.open ? [] : item.rows)),
  );

  /** Rows of all runs of the table as they stand below one another, those of folded groups too. */
  get inOrder(): readonly number[] {
    return this.#inOrder;
  }

  #folded = $derived(new Set(url.all("shut")));

  toggleGroup(id: string): void {
    const others = url.all("shut").filter((other) => other !== id);
    url.set({ shut: this.#folded.has(id) ? others : [...others, id] });
  }

  /** Rows of the runs to tell apart: those that were chosen in list or table, else those that are shown. */
  #compared = $derived(
    (runTree.chosen.length > 1 ? runTree.chosen : runs.visible).map((run) => runColumns.row(run)!),
  );

  get compared(): readonly number[] {
    return this.#compared;
  }

  #equal = $derived(
    onlyDiffering.value && this.#compared.length > 1
      ? tableView.columns.filter((id) => {
          const column = tableColumn(id);
          return column?.loaded && !differs(column.cells, this.#compared);
        })
      : [],
  );

  /** Ids of the columns that are left out because the compared runs are equal in them. */
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

  #ids = $derived([nameColumn, ...this.#columns]);

  /** Ids of all columns, the name's first. */
  get ids(): readonly string[] {
    return this.#ids;
  }

  /** Moves a column by one place among those that are shown. */
  shift(id: string, by: 1 | -1): void {
    const others = this.#columns.filter((other) => other !== id);
    const place = this.#columns.indexOf(id) + by;
    if (place >= 0 && place <= others.length) tableView.move(id, others[place] ?? null);
  }
}

export const tableRows = new TableRows();

/** Names a line for as long as its run or group is there. */
export function itemId(item: TableItem): string {
  return item.type === "run" ? `run:${catalog.runs[item.row]!.run}` : `group:${item.group.id}`;
}

/** Names of a line's runs. */
export function runsOfItem(item: TableItem): string[] {
  const rows = item.type === "run" ? [item.row] : item.rows;
  return rows.map((row) => catalog.runs[row]!.run);
}
