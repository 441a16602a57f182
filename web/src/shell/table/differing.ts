/** What differs between runs. */

import type { Cell } from "../../base/runColumn";

/** Whether a column has more than one value in these rows. That a run has none is a difference; NaN is equal to NaN, 1 is not "1". */
export function differs(cells: readonly Cell[], rows: Iterable<number>): boolean {
  let first: Cell | undefined;
  for (const row of rows) {
    const cell = cells[row] ?? null;
    if (first === undefined) first = cell;
    // −0 and 0 are written alike.
    else if (cell !== first && !Object.is(cell, first)) return true;
  }
  return false;
}
