/** What the table shows, as a file of the person's. */

import { fileName, saveFile } from "../../base/save";
import { catalog } from "../../state/catalog.svelte";
import { groupColumnId } from "../../state/groups.svelte";
import { runColumns, type RunColumn } from "../../state/runColumns.svelte";
import { toCsv } from "./csv";
import { tableRows } from "./tableRows.svelte";

/**
 * Saves rows of the table with all of its columns, in its order. A column is headed by what an expression calls it, `min(val/acc)`, in every
 * language of the page; where two are called alike, by its id.
 */
export function exportCsv(rows: Iterable<number>): void {
  // Headings of groups are no lines of the file.
  const group = tableRows.areGrouped ? [groupColumnId] : [];
  const ids = new Set([...tableRows.ids, ...group]);
  const columns = [...ids].flatMap((id) => runColumns.get(id) ?? []);
  const times = new Map<string, number>();
  for (const { reference } of columns) times.set(reference, (times.get(reference) ?? 0) + 1);
  const heading = ({ reference, id }: RunColumn): string => (times.get(reference) === 1 ? reference : id);
  const text = toCsv(
    columns.map((column) => ({ heading: heading(column), kind: column.kind, cells: column.cells })),
    rows,
  );
  saveFile(`${fileName(logName(), "runs")}.csv`, text, "text/csv;charset=utf-8");
}

function logName(): string {
  const location = catalog.logdirs[0]?.location ?? "";
  return location.split(/[\\/]/).findLast(Boolean) ?? "cupola";
}
