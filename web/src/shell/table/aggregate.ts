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
  const [low, high] = [sorted[0]!, sorted[count - 1]!];
  const mean = meanOf(sorted);
  // In parts of the largest, since squares may be beyond what a number can hold.
  const widest = Math.max(high - mean, mean - low);
  const squares = sorted.reduce((sum, value) => sum + ((value - mean) / widest) ** 2, 0);
  return {
    count,
    center: center === "mean" ? mean : medianOf(sorted),
    deviation: widest === 0 && count > 1 ? 0 : widest * Math.sqrt(squares / (count - 1)),
    low,
    high,
  };
}

function meanOf(sorted: Float64Array): number {
  const [low, count] = [sorted[0]!, sorted.length];
  // Equal numbers are their mean to the last digit.
  if (low === sorted[count - 1]) return low;
  const sum = sorted.reduce((all, value) => all + value, 0);
  return Number.isFinite(sum) ? sum / count : sorted.reduce((all, value) => all + value / count, 0);
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
