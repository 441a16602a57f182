/** How finely a number is read out: so that the words tell apart what the picture tells apart. */

export interface Precision {
  /** Significant digits that every number has at least. */
  digits: number;
  /** Numbers this far apart read differently; Infinity: the digits alone decide. */
  resolution: number;
}

export const usualPrecision: Precision = { digits: 4, resolution: Infinity };

/** No chart is taller or wider in pixels that matter: a thousandth of an axis is less than one of them. */
const parts = 1000;

/** The smallest difference that is seen between two ends of an axis; Infinity for ends that are none. */
export function resolutionOf(low: number, high: number): number {
  const resolution = (high - low) / parts;
  return resolution > 0 ? resolution : Infinity;
}

/** For values on an axis between these ends. A logarithmic one shows ratios, so it asks for digits, not for decimals. */
export function axisPrecision([low, high]: readonly [number, number], log = false): Precision {
  const { digits } = usualPrecision;
  if (!log) return { digits, resolution: resolutionOf(low, high) };
  const ratio = resolutionOf(Math.log(low), Math.log(high));
  return { digits: Math.max(digits, 1 - Math.floor(Math.log10(ratio))), resolution: Infinity };
}

/** For values that stand in one list: neighbours by size are told apart, unless an axis that just holds all of them would not. */
export function listPrecision(values: Iterable<number>, digits = usualPrecision.digits): Precision {
  const sorted = Float64Array.from(values).filter(Number.isFinite).sort();
  let closest = Infinity;
  for (let i = 1; i < sorted.length; i++) {
    const gap = sorted[i]! - sorted[i - 1]!;
    if (gap > 0 && gap < closest) closest = gap;
  }
  const seen = resolutionOf(sorted[0] ?? 0, sorted.at(-1) ?? 0);
  return { digits, resolution: Number.isFinite(seen) ? Math.max(seen, closest) : Infinity };
}

/** Place of the first digit: 0 for 1 to 9.99…, −1 for tenths. */
export function magnitude(value: number): number {
  return Math.floor(Math.log10(Math.abs(value)));
}

/** Digits that tell a float32 (most of what is logged) from all others, and a float64. */
const float32Digits = 9;
const float64Digits = 17;

/** Significant digits for one value, at most as many as it holds. */
export function significantDigits(value: number, { digits, resolution }: Precision): number {
  const wanted = Number.isFinite(resolution) ? magnitude(value) - magnitude(resolution) + 1 : digits;
  return Math.min(isFloat32(value) ? float32Digits : float64Digits, Math.max(digits, wanted));
}

/** The fraction of fewest digits that is the same float32: 0.1 for 0.10000000149. Whole numbers and float64 come back as they are. */
export function shortestFloat32(value: number): number {
  if (Number.isInteger(value) || !isFloat32(value)) return value;
  for (let digits = 1; digits < float32Digits; digits++) {
    const shorter = Number(value.toPrecision(digits));
    if (Math.fround(shorter) === value) return shorter;
  }
  return value;
}

function isFloat32(value: number): boolean {
  return Math.fround(value) === value;
}
