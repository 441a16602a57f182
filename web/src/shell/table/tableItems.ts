/** The lines of the table: runs, and the headings of their groups. */

import type { RunGroup } from "../../base/grouping";
import type { Cell } from "../../base/runColumn";
import { sortRows } from "../../base/sortRows";
import type { Center } from "../../state/groups.svelte";
import { aggregate } from "./aggregate";

export type TableItem = RunItem | GroupItem;

export interface RunItem {
  type: "run";
  /** Of the catalog's runs. */
  row: number;
}

export interface GroupItem {
  type: "group";
  group: RunGroup;
  /** Of its runs that the filter lets through, in the table's order. */
  rows: readonly number[];
  open: boolean;
}

export function runItems(rows: Iterable<number>): RunItem[] {
  return Array.from(rows, (row) => ({ type: "run", row }));
}

/**
 * Runs below the headings of their groups.
 *
 * @param rows in the table's order, which holds within each group.
 * @param groupOf null leaves a run out.
 * @param order by which groups stand: by the centers of a column of numbers; null: as `groups` do.
 */
export function groupedItems(
  rows: Iterable<number>,
  groups: readonly RunGroup[],
  groupOf: (row: number) => RunGroup | null,
  isOpen: (group: RunGroup) => boolean,
  order: { cells: readonly Cell[]; center: Center; descending: boolean } | null,
): TableItem[] {
  const members = new Map<string, number[]>(groups.map(({ id }) => [id, []]));
  for (const row of rows) members.get(groupOf(row)?.id ?? "")?.push(row);
  const items = groups
    .map((group) => ({
      type: "group" as const,
      group,
      rows: members.get(group.id)!,
      open: isOpen(group),
    }))
    .filter((item) => item.rows.length > 0);
  const sorted = order
    ? Array.from(
        sortRows(
          items.map((item) => aggregate(order.cells, item.rows, order.center)?.center ?? null),
          order.descending,
        ),
        (place) => items[place]!,
      )
    : items;
  return sorted.flatMap((item) => (item.open ? [item, ...runItems(item.rows)] : [item]));
}
