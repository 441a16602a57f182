/** From the numbers of a column to places on a gradient. */

export const scales = ["linear", "log", "quantile"] as const;
export type ScaleKind = (typeof scales)[number];

export interface NumberScale {
  kind: ScaleKind;
  /** 0 at the least number, 1 at the greatest; NaN for what is none, or cannot be on a logarithmic scale. */
  place: (value: number) => number;
  low: number;
  high: number;
  /** The numbers at 0, ½ and 1. */
  ticks: [number, number, number];
}

/** Numbers that span so much are shown on a logarithmic scale unless another is asked for. */
const wideSpan = 1000;

/**
 * @param numbers distinct, finite, rising.
 * @param counts how many points have each.
 * @param wanted null: what suits the numbers.
 */
export function numberScale(
  numbers: readonly number[],
  counts: readonly number[],
  wanted: ScaleKind | null,
): NumberScale {
  const high = numbers.at(-1) ?? NaN;
  const positive = numbers.find((value) => value > 0) ?? NaN;
  const spans = numbers[0]! > 0 && high / numbers[0]! >= wideSpan;
  const kind = wanted ?? (spans ? "log" : "linear");
  if (kind === "quantile") return quantileScale(numbers, counts);
  if (kind === "log" && high > 0) {
    const [from, to] = [Math.log(positive), Math.log(high)];
    const place = (value: number): number =>
      value > 0 ? share(Math.log(value), from, to) : value === 0 ? 0 : NaN;
    return { kind, place, low: positive, high, ticks: [positive, Math.exp((from + to) / 2), high] };
  }
  const low = numbers[0] ?? NaN;
  return {
    kind: "linear",
    place: (value) => share(value, low, high),
    low,
    high,
    ticks: [low, (low + high) / 2, high],
  };
}

/** Each colour for as many points: a number stands in the middle of its ranks. */
function quantileScale(numbers: readonly number[], counts: readonly number[]): NumberScale {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const middles: number[] = [];
  let before = 0;
  for (const count of counts) {
    middles.push((before + count / 2) / total);
    before += count;
  }
  const [first, last] = [middles[0] ?? 0, middles.at(-1) ?? 1];
  const places = new Map(numbers.map((value, at) => [value, share(middles[at]!, first, last)]));
  const half = middles.findIndex((middle) => middle >= 0.5);
  const [low, high] = [numbers[0] ?? NaN, numbers.at(-1) ?? NaN];
  return {
    kind: "quantile",
    place: (value) => places.get(value) ?? NaN,
    low,
    high,
    ticks: [low, numbers[half] ?? NaN, high],
  };
}

function share(value: number, low: number, high: number): number {
  return high > low ? (value - low) / (high - low) : Number.isNaN(value) ? NaN : 0.5;
}
