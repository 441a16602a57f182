/** What a cell says when it is pointed at: the whole of what it shows. */

import { printable } from "../../base/printable";
import { catalog } from "../../state/catalog.svelte";
import { center } from "../../state/groups.svelte";
import { centerWords } from "../../state/groupWords";
import { stateSentences } from "../runs/runState";
import { t as listWords } from "../runs/words";
import { aggregate } from "./aggregate";
import { tableColumn } from "./tableColumn.svelte";
import type { TableItem } from "./tableItems";
import { nameColumn } from "./tableView.svelte";
import { t } from "./words";

/** @param item null: of the column's heading. */
export function cellTitle(item: TableItem | null, id: string): string {
  const column = id === nameColumn ? null : tableColumn(id);
  if (item === null) return column ? [column.title, t().headHint].join("\n") : t().name;
  if (item.type === "run") {
    const entry = catalog.runs[item.row]!;
    if (column === null)
      return [printable(entry.run), ...stateSentences(entry), listWords().runHint].join("\n");
    if (id === "run:state") return stateSentences(entry).join("\n");
    return column.whole(column.cells[item.row] ?? null);
  }
  if (column === null) return `${item.group.label}\n${t().members(item.rows.length)}`;
  const found = column.isAveraged ? aggregate(column.cells, item.rows, center.value) : null;
  if (found === null) return "";
  return [
    `${centerWords()[center.value]}: ${column.whole(found.center)}`,
    ...(found.count > 1 ? [`${t().deviation}: ${column.whole(found.deviation)}`] : []),
    `${t().range}: ${column.whole(found.low)} … ${column.whole(found.high)}`,
    t().ofRuns(found.count, item.rows.length),
  ].join("\n");
}
