/** What a group's heading says of its runs' cells. */

import type { Cell } from "../../base/runColumn";
import type { Center } from "../../state/groups.svelte";

export interface Aggregate {
  /** Finite numbers among the cells. */
  count: number;
  center: number;
  /** Sample standard deviation; NaN of a single number. */
  deviation: number;
  low: number;
  high: number;
}

/** @returns null where no cell of these rows is a finite number. */
export function aggregate(cells: readonly Cell[], rows: Iterable<number>, center: Center): Aggregate | null {
  const numbers: number[] = [];
  for (const row of rows) {
    const cell = cells[row];
    if (typeof cell === "number" && Number.isFinite(cell)) numbers.push(cell);
  }
  const count = numbers.length;
  if (count === 0) return null;
  const sorted = Float64Array.from(numbers).sort();
  // About the smallest, so that the sum of large numbers keeps its last digits, and that of equal ones is exact.
  const low = sorted[0]!;
  const mean = low + sorted.reduce((sum, value) => sum + (value - low), 0) / count;
  const squares = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    count,
    center: center === "mean" ? mean : medianOf(sorted),
    deviation: Math.sqrt(squares / (count - 1)),
    low,
    high: sorted[count - 1]!,
  };
}

function medianOf(sorted: Float64Array): number {
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? sorted[middle]!
    : sorted[middle - 1]! + (sorted[middle]! - sorted[middle - 1]!) / 2;
}

/** The different cells in these rows; nothing and NaN count as one value each. */
export function distinctCells(cells: readonly Cell[], rows: Iterable<number>): Set<Cell> {
  const found = new Set<Cell>();
  for (const row of rows) found.add(cells[row] ?? null);
  return found;
}
