/** Histograms side by side over an axis, and what can be read off them. */

import type { Interval } from "../../charts/scale";

/** Columns of bins, as `/api/histograms/data` answers them. Bins `offset[i]` to `offset[i + 1]` are column i's, rising, none empty. */
export interface HistogramColumns {
  /** Where the column's first and last histogram stand on the axis. */
  x: Float64Array;
  x_end: Float64Array;
  step: Float64Array;
  step_end: Float64Array;
  /** Seconds since 1970 of the first. */
  wall_time: Float64Array;
  /** How many logged histograms the column is the sum of. */
  points: Uint32Array;
  offset: Uint32Array;
  left: Float64Array;
  /** Equal to `left` for a bin at one value. */
  right: Float64Array;
  bin_count: Float64Array;
}

/** Smallest and largest edge of the columns; null if all are empty. */
export function valueExtent(columns: HistogramColumns): Interval | null {
  let [low, high] = [Infinity, -Infinity];
  for (let b = 0; b < columns.left.length; b++) {
    if (columns.left[b]! < low) low = columns.left[b]!;
    if (columns.right[b]! > high) high = columns.right[b]!;
  }
  return low <= high ? [low, high] : null;
}

/** Ends between which all but a share `tail` of each column lies, over all columns. */
export function coreExtent(columns: HistogramColumns, tail: number): Interval | null {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < columns.x.length; i++) {
    low = Math.min(low, quantile(columns, i, tail));
    high = Math.max(high, quantile(columns, i, 1 - tail));
  }
  return low <= high ? [low, high] : null;
}

/** How many values column i holds. */
export function total(columns: HistogramColumns, i: number): number {
  let sum = 0;
  for (let b = columns.offset[i]!; b < columns.offset[i + 1]!; b++) sum += columns.bin_count[b]!;
  return sum;
}

/**
 * The value below which a share `q` of column i lies, even inside each bin. NaN for an empty column.
 *
 * **Source**: tensorboard/plugins/distribution/compressor.py (2.21.0)
 */
export function quantile(columns: HistogramColumns, i: number, q: number): number {
  const [first, end] = [columns.offset[i]!, columns.offset[i + 1]!];
  if (first === end) return NaN;
  const wanted = q * total(columns, i);
  let below = 0;
  for (let b = first; b < end; b++) {
    const count = columns.bin_count[b]!;
    if (below + count > wanted) {
      const [left, right] = [columns.left[b]!, columns.right[b]!];
      return left + ((wanted - below) / count) * (right - left);
    }
    below += count;
  }
  return columns.right[end - 1]!;
}

/** The share of column i that lies at or below a value, 0 to 1: the inverse of `quantile`. */
export function shareBelow(columns: HistogramColumns, i: number, value: number): number {
  let [below, sum] = [0, 0];
  for (let b = columns.offset[i]!; b < columns.offset[i + 1]!; b++) {
    const [left, right, count] = [columns.left[b]!, columns.right[b]!, columns.bin_count[b]!];
    sum += count;
    if (value >= right) below += count;
    else if (value > left) below += (count * (value - left)) / (right - left);
  }
  return sum ? below / sum : NaN;
}

/** The bin of column i in which a value lies, or the nearest within `reach` of it; -1 if there is none. */
export function binAt(columns: HistogramColumns, i: number, value: number, reach: number): number {
  let best = -1;
  let distance = reach;
  for (let b = columns.offset[i]!; b < columns.offset[i + 1]!; b++) {
    const away = Math.max(columns.left[b]! - value, value - columns.right[b]!, 0);
    if (away <= distance && (away < distance || best < 0)) [best, distance] = [b, away];
  }
  return best;
}

/**
 * The share of column i in each of `cells.length` equal cells from `low` to `high`: a density in pixels. What lies outside is left out.
 *
 * A column that is thinner than `thinnest` values (single numbers, say) is widened to that, so that it can be seen.
 */
export function fillCells(
  columns: HistogramColumns,
  i: number,
  low: number,
  high: number,
  cells: Float32Array,
  thinnest = 0,
): void {
  cells.fill(0);
  const [first, end] = [columns.offset[i]!, columns.offset[i + 1]!];
  const sum = total(columns, i);
  if (first === end || !(high > low)) return;
  const scale = cells.length / (high - low);
  const spread = Math.max(0, thinnest - (columns.right[end - 1]! - columns.left[first]!)) / 2;
  for (let b = first; b < end; b++) {
    const from = (columns.left[b]! - spread - low) * scale;
    const to = (columns.right[b]! + spread - low) * scale;
    addShare(cells, from, to, columns.bin_count[b]! / sum);
  }
}

/** Spreads a share evenly over [from, to], given in cells. */
function addShare(cells: Float32Array, from: number, to: number, share: number): void {
  const last = cells.length - 1;
  if (to < 0 || from > last + 1) return;
  const [a, z] = [Math.floor(from), Math.floor(to)];
  if (a === z || to === from) {
    // Exactly on the upper end still counts as in the last cell.
    cells[Math.min(Math.max(a, 0), last)]! += share;
    return;
  }
  const perCell = share / (to - from);
  for (let cell = Math.max(a, 0); cell <= Math.min(z, last); cell++) {
    cells[cell]! += perCell * (Math.min(to, cell + 1) - Math.max(from, cell));
  }
}

/** Boundaries of the columns along the axis, half way between neighbours; one more than there are columns. */
export function columnEdges(columns: HistogramColumns): Float64Array {
  const n = columns.x.length;
  const edges = new Float64Array(n + 1);
  for (let i = 1; i < n; i++) edges[i] = (columns.x_end[i - 1]! + columns.x[i]!) / 2;
  if (n === 1) {
    const half = Math.max((columns.x_end[0]! - columns.x[0]!) / 2, 0.5);
    const middle = (columns.x[0]! + columns.x_end[0]!) / 2;
    [edges[0], edges[1]] = [middle - half, middle + half];
  } else if (n > 1) {
    edges[0] = columns.x[0]! - (edges[1]! - columns.x_end[0]!);
    edges[n] = columns.x_end[n - 1]! + (columns.x[n - 1]! - edges[n - 1]!);
  }
  return edges;
}

/** The column that the cursor of all cards stands on; the newest where there is none, or none of the data below it. */
export function columnAtCursor(
  edges: Float64Array,
  cursor: number | null,
): { column: number; reached: boolean } {
  const last = edges.length - 1;
  const reached = cursor !== null && last > 0 && cursor >= edges[0]! && cursor <= edges[last]!;
  return { column: reached ? columnAt(edges, cursor) : last - 1, reached };
}

/** The column whose stretch of the axis holds x; the outermost beyond the ends; -1 if there is none. */
export function columnAt(edges: Float64Array, x: number): number {
  const n = edges.length - 1;
  if (n < 1) return -1;
  let [low, high] = [0, n - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (edges[middle]! <= x) low = middle;
    else high = middle - 1;
  }
  return low;
}
