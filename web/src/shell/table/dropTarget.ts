import { nameColumn } from "./tableView.svelte";

/** Where a column that is dragged goes. */
export interface DropTarget {
  /** The heading under the pointer, and which of its edges is meant. */
  at: string;
  edge: "before" | "after";
  /** The column that it then stands before; null: none. */
  before: string | null;
}

/** @param columns as they stand, without the name's. */
export function dropTarget(x: number, y: number, columns: readonly string[]): DropTarget | null {
  const head = document.elementFromPoint(x, y)?.closest<HTMLElement>('[role="columnheader"]');
  const at = head?.dataset["column"];
  if (!head || at === undefined) return null;
  if (at === nameColumn) return { at, edge: "after", before: columns[0] ?? null };
  const { left, width } = head.getBoundingClientRect();
  if (x < left + width / 2) return { at, edge: "before", before: at };
  return { at, edge: "after", before: columns[columns.indexOf(at) + 1] ?? null };
}
