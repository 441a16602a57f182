/** What keys do in the list of runs: those of the ARIA pattern for trees. */

import type { TreeRow } from "../../base/runTree";

export type TreeMove = { to: number } | { open: boolean; path: string };

/**
 * @param at the row that the keys are at.
 * @param page rows that are seen at once.
 * @returns what the key means there; null for nothing.
 */
export function treeMove(
  rows: readonly TreeRow<unknown>[],
  at: number,
  key: string,
  page: number,
): TreeMove | null {
  const row = rows[at];
  if (!row) return null;
  const within = (to: number): TreeMove => ({ to: Math.min(rows.length - 1, Math.max(0, to)) });
  switch (key) {
    case "ArrowDown":
      return within(at + 1);
    case "ArrowUp":
      return within(at - 1);
    case "PageDown":
      return within(at + page);
    case "PageUp":
      return within(at - page);
    case "Home":
      return within(0);
    case "End":
      return within(rows.length - 1);
    case "ArrowRight":
      if (row.type !== "folder") return null;
      return row.open ? within(at + 1) : { open: true, path: row.path };
    case "ArrowLeft":
      return row.type === "folder" && row.open ? { open: false, path: row.path } : toParent(rows, at);
    default:
      return null;
  }
}

function toParent(rows: readonly TreeRow<unknown>[], at: number): TreeMove | null {
  const { depth } = rows[at]!;
  for (let i = at - 1; i >= 0; i--) if (rows[i]!.depth < depth) return { to: i };
  return null;
}
