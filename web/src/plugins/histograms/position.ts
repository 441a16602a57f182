/** A place on a histogram chart: where the pointer is, or where the keys went. */

import { movedWithin } from "../../charts/cursor";
import type { Interval } from "../../charts/scale";
import { binAt, type HistogramColumns } from "./bins";

export interface BinPosition {
  column: number;
  value: number;
  /** Index of the bin there; -1 where there is none. */
  bin: number;
}

/** A bin this near is meant. */
const reach_px = 4;

/** A key moves by one of so many parts of the value axis. */
export const parts = 50;

/** The place at a value of a column, on a value axis that is so long. */
export function positionAt(
  columns: HistogramColumns,
  column: number,
  value: number,
  [low, high]: Interval,
  axis_px: number,
): BinPosition {
  return { column, value, bin: binAt(columns, column, value, ((high - low) * reach_px) / axis_px) };
}

/** A value moved along its axis by so many keys, from the middle where there was none. */
export function movedValue(from: number | undefined, keys: number, [low, high]: Interval): number {
  return movedWithin(from ?? (low + high) / 2, (keys * (high - low)) / parts, low, high);
}
