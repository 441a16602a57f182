/** What a line chart is given, and the part of it that is in view. */

import { quantile } from "d3-array";
import type { Interval } from "../scale";

export type Numbers = Float32Array | Float64Array;

export interface Line {
  /** Names the line among its chart's lines. */
  name: string;
  color: string;
  /** Lengths of dash and gap; empty for a whole line. */
  dash: readonly number[];
  x: Float64Array;
  /** As logged; NaN and infinities are marked at the edges. */
  value: Numbers;
  /** Drawn strongly, and `value` faintly; null if there is no smoothing. */
  smoothed: Numbers | null;
  /** Between these two it is filled, faintly: how far what the line stands for spreads. NaN where nothing is known of that. */
  band?: { low: Numbers; high: Numbers };
  /** What it is called where people read it; its name if not given. */
  label?: string;
  /** Drawn thinly: one of many that a line of this chart stands for. */
  thin?: boolean;
}

/** Data ends in view; null: fit the data. */
export interface Viewport {
  x: Interval | null;
  y: Interval | null;
}

export const fitted: Viewport = { x: null, y: null };

/** Where x goes back (a run that was resumed, say) a line begins anew: indices of the beginnings, the first is 0. */
export function segmentStarts(x: Float64Array): number[] {
  const starts = [0];
  for (let i = 1; i < x.length; i++) if (x[i]! < x[i - 1]!) starts.push(i);
  return starts;
}

/** Ends of all lines' x; null if there is nothing. One lone x stands in the middle. */
export function xDomain(lines: readonly Line[]): Interval | null {
  let [low, high] = [Infinity, -Infinity];
  for (const { x } of lines) {
    for (let i = 0; i < x.length; i++) {
      if (x[i]! < low) low = x[i]!;
      if (x[i]! > high) high = x[i]!;
    }
  }
  if (low > high) return null;
  return low === high ? [low - 0.5, high + 0.5] : [low, high];
}

export interface ValueOptions {
  log: boolean;
  /** Ends at the 5th and 95th percentile instead of the extremes. */
  ignoreOutliers: boolean;
  /** Whether raw values count beside smoothed ones. */
  raw: boolean;
  /** Only points with x in here count; null: all. */
  x: Interval | null;
}

/** More values than this are thinned before percentiles are taken. */
const quantileSample = 20_000;

/** Ends of the values in view with a small margin; for a log scale both are positive. Null if none can be placed on the scale. */
export function yDomain(lines: readonly Line[], options: ValueOptions): Interval | null {
  const [low, high] = options.ignoreOutliers ? percentiles(lines, options) : extremes(lines, options);
  if (low > high) return null;
  if (options.log) {
    if (low === high) return [low / 2, high * 2];
    const margin = (high / low) ** 0.04;
    return [low / margin, high * margin];
  }
  if (low === high) {
    const margin = Math.abs(low) * 0.1 || 1;
    return [low - margin, high + margin];
  }
  const margin = (high - low) * 0.05;
  return [low - margin, high + margin];
}

function extremes(lines: readonly Line[], options: ValueOptions): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  eachValue(lines, options, (value) => {
    if (value < low) low = value;
    if (value > high) high = value;
  });
  return [low, high];
}

function percentiles(lines: readonly Line[], options: ValueOptions): [number, number] {
  let count = 0;
  eachValue(lines, options, () => count++);
  const every = Math.ceil(count / quantileSample);
  const sample: number[] = [];
  let index = 0;
  eachValue(lines, options, (value) => {
    if (index++ % every === 0) sample.push(value);
  });
  sample.sort((a, b) => a - b);
  return [quantile(sample, 0.05) ?? Infinity, quantile(sample, 0.95) ?? -Infinity];
}

function eachValue(lines: readonly Line[], options: ValueOptions, take: (value: number) => void): void {
  const [low, high] = options.x ?? [-Infinity, Infinity];
  const floor = options.log ? 0 : -Infinity;
  for (const line of lines) {
    const columns =
      line.smoothed === null ? [line.value] : options.raw ? [line.smoothed, line.value] : [line.smoothed];
    if (line.band) columns.push(line.band.low, line.band.high);
    for (const values of columns) {
      for (let i = 0; i < values.length; i++) {
        const value = values[i]!;
        if (value > floor && value < Infinity && line.x[i]! >= low && line.x[i]! <= high) take(value);
      }
    }
  }
}
