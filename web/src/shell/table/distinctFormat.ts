/** Numbers of one column as text: equally many decimals, and no two that differ look alike. */

import { alignedFormat, formatStep, formatValue, type ValueFormat } from "../../base/format";
import { listPrecision, shortestFloat32, usualPrecision } from "../../base/precision";

/** Of the numbers that stand next to each other by size so many may need more digits than the column has; they get them for themselves. */
const shareOfTwins = 0.05;

/** Whole numbers up to here are exact, and read whole: a seed, a count of parameters. */
const largestWhole = 1e15;

/** @returns a format for these values; others come out in the same digits. */
export function distinctFormat(values: Iterable<number>): ValueFormat {
  const sorted = Float64Array.from(new Set(values)).filter(Number.isFinite).sort();
  if (sorted.every((value) => Number.isInteger(value) && Math.abs(value) < largestWhole))
    return (value) => (Number.isInteger(value) ? formatStep(value) : formatValue(value));
  const gaps = sorted.slice(1).map((value, i) => value - sorted[i]!);
  const usual = listPrecision(sorted);
  const closest = gaps.toSorted()[Math.floor(gaps.length * shareOfTwins)] ?? Infinity;
  const resolution = Math.min(usual.resolution, closest);
  const format = alignedFormat(sorted, { ...usual, resolution }, longestFraction(sorted));
  const longer = new Map<number, string>();
  sorted.forEach((value, i) => {
    const gap = Math.min(gaps[i - 1] ?? Infinity, gaps[i] ?? Infinity);
    const whole = gap < resolution ? formatValue(value, { ...usualPrecision, resolution: gap }) : "";
    if (whole.length > format(value).length) longer.set(value, whole);
  });
  return (value) => longer.get(value) ?? format(value);
}

/** Decimals of the number that has most of them, as it would be typed: 2 of 0.1, 0.25 and 3. More would only be zeros. */
function longestFraction(values: Float64Array): number {
  let most = 0;
  for (const value of values) {
    const [digits = "", exponent = "0"] = String(shortestFloat32(value)).split("e");
    most = Math.max(most, (digits.split(".")[1]?.length ?? 0) - Number(exponent));
  }
  return most;
}
