/** What `/api/scalars` answers, and lines made of it. */

import { postColumns } from "../../api/client";
import type { Line, Numbers } from "../../charts/line/model";
import type { Interval } from "../../charts/scale";
import type { XAxis } from "../../dashboard/xAxis";
import type { GroupSeries } from "./groupData";

/** A number in JSON: NaN and infinities arrive as strings. */
export type JsonNumber = number | string | null;

export interface ScalarSeries {
  run: string;
  /** Seconds since 1970 from which the relative time of all of the run's tags counts; null if it is not known. */
  start_wall_time: number | null;
  count: number;
  first_step: number;
  last_step: number;
  last_value: JsonNumber;
  minimum: JsonNumber;
  maximum: JsonNumber;
  /** Every point is here; nothing was reduced to buckets. */
  complete: boolean;
  x: Float64Array;
  step: Float64Array;
  wall_time: Float64Array;
  value: Numbers;
  smoothed: Numbers | null;
}

export interface ScalarAnswer {
  tag: string;
  x: XAxis;
  series: ScalarSeries[];
}

export interface ScalarQuery {
  tag: string;
  /** null: all that have the tag. */
  runs: readonly string[] | null;
  x: XAxis;
  range: Interval | null;
  /** Buckets: pixels of the plot. */
  width: number;
  smoothing: number;
}

export function askScalars(query: ScalarQuery): Promise<ScalarAnswer> {
  return postColumns<ScalarAnswer>("api/scalars/data", query);
}

/** Whether the answer to one question holds that to another: hiding a run asks for nothing anew. */
export function holds(
  { runs: asked, ...one }: ScalarQuery,
  { runs: wanted, ...other }: ScalarQuery,
): boolean {
  if (JSON.stringify(one) !== JSON.stringify(other)) return false;
  if (asked === null || wanted === null) return asked === wanted || asked === null;
  const known = new Set(asked);
  return wanted.every((run) => known.has(run));
}

/** A line of a run, with what its tooltip tells beside it. */
export interface RunLine extends Line {
  series: ScalarSeries;
  /** Of a line that stands for several runs; `series` tells of its center then. */
  group?: GroupSeries;
}

export interface RunStyles {
  color(run: string): string;
  dash(run: string): readonly number[];
}

/** Lines of the runs that are visible, in the answer's order. */
export function makeLines(
  answer: ScalarAnswer,
  isVisible: (run: string) => boolean,
  styles: RunStyles,
): RunLine[] {
  return answer.series
    .filter((series) => isVisible(series.run))
    .map((series) => ({
      name: series.run,
      color: styles.color(series.run),
      dash: styles.dash(series.run),
      x: series.x,
      value: series.value,
      smoothed: series.smoothed,
      series,
    }));
}

export function toNumber(value: JsonNumber): number {
  return value === null ? NaN : Number(value);
}

/** Lowest and highest last value; null if there is none that is a number. */
export function lastValues(lines: readonly RunLine[]): Interval | null {
  const values = lines
    .map((line) => toNumber(line.series.last_value))
    .filter((value) => !Number.isNaN(value));
  return values.length ? [Math.min(...values), Math.max(...values)] : null;
}
