/** Numbers to colours of a gradient: by their size, or by their logarithm where they span decades. */

import { oklch, ramp, toCss } from "./color";

export interface ColorScale extends NumberScale {
  color(value: number): string;
}

/** Positive numbers that differ by this much, as learning rates do, are told apart by ratios. */
const decade = 10;

/** From blue by red to yellow, at lightnesses that stand out against the page's background: the same hues in light and dark. */
const stops = {
  light: rampStops(0.38, 0.72),
  dark: rampStops(0.55, 0.9),
} as const;

function rampStops(from: number, to: number): string[] {
  return [0, 0.2, 0.4, 0.6, 0.8, 1].map((share) =>
    toCss(oklch(from + (to - from) * share, 0.17, 265 + share * 185)),
  );
}

/** Colours at equal distances, for a legend. */
export function scaleStops(dark: boolean): readonly string[] {
  return dark ? stops.dark : stops.light;
}

/** Places of numbers between the smallest and the largest. */
export interface NumberScale {
  low: number;
  high: number;
  log: boolean;
  /** From 0 (`low`) to 1 (`high`); 0.5 where there is one number only. NaN for what has no place. */
  place(value: number): number;
}

/**
 * @param log null: where the numbers span decades. A logarithm is of the positive ones.
 * @returns null where there is no finite number.
 */
export function numberScale(values: Iterable<number>, log: boolean | null = null): NumberScale | null {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value) || (log && value <= 0)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return null;
  const isLog = log ?? (low > 0 && high / low >= decade);
  const forward = isLog ? Math.log : (value: number) => value;
  const [from, to] = [forward(low), forward(high)];
  return {
    low,
    high,
    log: isLog,
    place: (value) => {
      const at = forward(value);
      return Number.isFinite(at) ? (to > from ? (at - from) / (to - from) : 0.5) : NaN;
    },
  };
}

/** @returns null where there is no finite number. A single number has the middle's colour. */
export function colorScale(values: Iterable<number>, dark: boolean): ColorScale | null {
  const scale = numberScale(values);
  const at = ramp(scaleStops(dark));
  return scale && { ...scale, color: (value) => toCss(at(scale.place(value))) };
}
