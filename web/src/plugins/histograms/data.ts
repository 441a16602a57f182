/** What `/api/histograms` answers (docs/http_api.md). */

import { postColumns } from "../../api/client";
import { coreExtent, valueExtent, type HistogramColumns } from "./bins";
import type { Interval } from "../../charts/scale";
import type { XAxis } from "../../dashboard/xAxis";

export interface HistogramSeries extends HistogramColumns {
  run: string;
  /** Points of the whole series. */
  count: number;
  /** False where merged bins had too many edges and some were left out. */
  exact: boolean;
  damaged_count: number;
  damaged: { index: number; step: number; reason: string }[];
}

export interface HistogramQuery {
  tag: string;
  run: string;
  x: XAxis;
  range: Interval | null;
  width: number;
  /** Evenly spaced points instead of all; 0: all. */
  pick: number;
}

export interface HistogramAnswer {
  /** The run's; empty if the server knows none (any more). */
  series: HistogramSeries[];
}

export function askHistograms({ run, ...query }: HistogramQuery): Promise<HistogramAnswer> {
  return postColumns<HistogramAnswer>("api/histograms/data", { ...query, runs: [run] });
}

/** Indices of the columns nearest to the wanted steps, oldest first, each once. */
export function columnsAtSteps(columns: HistogramColumns, wanted: readonly number[]): number[] {
  const found = new Set<number>();
  for (const step of wanted) {
    let [best, distance] = [-1, Infinity];
    for (let i = 0; i < columns.step.length; i++) {
      const away = Math.max(columns.step[i]! - step, step - columns.step_end[i]!, 0);
      if (away < distance) [best, distance] = [i, away];
    }
    if (best >= 0) found.add(best);
  }
  return [...found].sort((a, b) => a - b);
}

/** At most `wanted` evenly spaced indices of `count`, both ends among them. */
export function evenly(count: number, wanted: number): number[] {
  if (count <= wanted) return Array.from({ length: count }, (_, i) => i);
  return Array.from({ length: wanted }, (_, i) => Math.round((i * (count - 1)) / (wanted - 1)));
}

/** What the value axis holds: all values; all but the outermost 1 % of each column; or all unless a few would squeeze the rest. */
export const reaches = ["auto", "all", "core"] as const;
export type Reach = (typeof reaches)[number];

/** Tails that `auto` may leave out, and how many times longer they must make the axis. */
const autoTail = 0.001;
const autoFactor = 2;

export function axisExtent(columns: HistogramColumns, reach: Reach): Interval | null {
  const all = valueExtent(columns);
  if (!all || reach === "all") return all;
  if (reach === "core") return coreExtent(columns, 0.01);
  const most = coreExtent(columns, autoTail);
  return most && all[1] - all[0] > autoFactor * (most[1] - most[0]) && most[1] > most[0] ? most : all;
}

/** Whether the runs of a tag have one value axis: `auto` leaves out of it those whose ranges differ too much to be seen on one. */
export const sharings = ["auto", "shared", "own"] as const;
export type Sharing = (typeof sharings)[number];

/** Ranges that differ by more than this are hairlines on one axis. */
const mostRatio = 10;

/** The ends of a card's value axis, of its own values and those of all runs of the tag. */
export function sharedExtent(own: Interval, all: readonly Interval[], sharing: Sharing): Interval {
  if (sharing === "own") return own;
  const together = sharing === "shared" ? all : all.filter((other) => fit(own, other));
  return union([own, ...together]);
}

/** Whether neither of two ranges is a hairline on one axis. One of a single value has no length to lose. */
function fit(one: Interval, other: Interval): boolean {
  const lengths = [one, other].map(([low, high]) => high - low).filter((length) => length > 0);
  const [low, high] = union([one, other]);
  return lengths.length === 0 || high - low <= mostRatio * Math.min(...lengths);
}

function union(all: readonly Interval[]): Interval {
  return [Math.min(...all.map(([low]) => low)), Math.max(...all.map(([, high]) => high))];
}

/** Room on both sides of the values; a lone value stands in the middle. */
export function padded([low, high]: Interval): Interval {
  const margin = low === high ? Math.abs(low) * 0.1 || 0.5 : (high - low) * 0.03;
  return [low - margin, high + margin];
}
