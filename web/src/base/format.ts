/**
 * Numbers, steps, times and sizes as a person reads them. All take the page's language where it matters, and none throws: logs hold numbers
 * that are no dates, steps or sizes, and those read `–`.
 */

import { language } from "./i18n.svelte";
import { magnitude, shortestFloat32, significantDigits, usualPrecision, type Precision } from "./precision";

/**
 * A value to at least `digits` significant digits, and to as many as `resolution` asks for: `0.09122`, `1,238`, `2.985e-5`, `NaN`, `∞`.
 * Zeros at the end are left out; `alignedFormat` keeps them.
 */
export function formatValue(value: number, precision: number | Precision = usualPrecision): string {
  if (value === 0) return "0";
  const { decimals, exponential } = notation(value, precision);
  if (exponential !== null) return exponential;
  return numberFormat(decimals).format(shortestFloat32(value));
}

export type ValueFormat = (value: number) => string;

/**
 * Numbers that stand below one another get equally many decimals, so that their points line up: enough for the largest, and for telling
 * apart any two neighbours that the usual digits tell apart. Where they are too different each is written by itself.
 *
 * @param most decimals at most.
 */
export function alignedFormat(
  values: Iterable<number>,
  precision: Precision = usualPrecision,
  most = Infinity,
): ValueFormat {
  const sorted = Float64Array.from(values)
    .filter((value) => isPlain(value, precision))
    .sort();
  const sizes = sorted.map(Math.abs);
  const largest = sizes.reduce((most, size) => Math.max(most, size), 0);
  const smallest = sizes.reduce((least, size) => (size > 0 ? Math.min(least, size) : least), largest);
  let decimals = sorted.every(Number.isInteger) ? 0 : decimalsOf(largest, precision);
  for (let i = 0; i < sorted.length; i++) {
    const gap = Math.min(sorted[i]! - (sorted[i - 1] ?? -Infinity), (sorted[i + 1] ?? Infinity) - sorted[i]!);
    if (gap > 0 && gap < Infinity && !Number.isInteger(sorted[i])) {
      decimals = Math.max(decimals, Math.min(-magnitude(gap), decimalsOf(sizes[i]!, precision)));
    }
  }
  decimals = Math.min(decimals, most);
  if (largest > alignedRatio * smallest || magnitude(largest) + 1 + decimals > alignedDigits)
    return (value) => formatValue(value, precision);
  const fixed = numberFormat(decimals, decimals);
  return (value) =>
    isPlain(value, precision) ? fixed.format(shortestFloat32(value)) : formatValue(value, precision);
}

function isPlain(value: number, precision: Precision): boolean {
  return value === 0 || notation(value, precision).exponential === null;
}

function decimalsOf(value: number, precision: Precision): number {
  return value === 0 ? 0 : notation(value, precision).decimals;
}

/** Beside numbers so much larger a small one would lose all of its digits. */
const alignedRatio = 1e5;

/** More digits than this are no easier to compare for being lined up. */
const alignedDigits = 12;

/** How a value other than zero is written: whole text where it takes an exponent or is no number, else its decimals. */
function notation(
  value: number,
  precision: number | Precision,
): { decimals: number; exponential: string | null } {
  if (Number.isNaN(value)) return { decimals: 0, exponential: "NaN" };
  if (!Number.isFinite(value)) return { decimals: 0, exponential: value > 0 ? "∞" : "−∞" };
  const place = magnitude(value);
  const digits = significantDigits(
    value,
    typeof precision === "number" ? { ...usualPrecision, digits: precision } : precision,
  );
  // A large number that is read to its last places is read whole: 12,345,678, but 1.235e7.
  const whole = place < 7 || (place < 15 && digits > place - 2);
  if (place < -4 || !whole) {
    return { decimals: 0, exponential: trimExponent(shortestFloat32(value).toExponential(digits - 1)) };
  }
  // Integers are shown whole: a count of 12345 must not become 12350.
  return { decimals: Math.min(20, Math.max(0, digits - 1 - place)), exponential: null };
}

/** What stands for a number that there is none of. */
const none = "–";

/** The last second that ECMAScript has a date for, in either direction. */
const lastDate_s = 8.64e12;

/** Whether a wall time is a date. Others are logged by mistake (nanoseconds) or on purpose (a simulation's own time). */
export function isDate(wallTime: number): boolean {
  return Math.abs(wallTime) <= lastDate_s;
}

/** A whole number with grouping: `6,640`. */
export function formatStep(step: number | bigint): string {
  if (typeof step === "bigint") return numberFormat(0).format(step);
  if (!Number.isFinite(step)) return none;
  if (Math.abs(step) > 2 ** 63) return formatValue(step);
  return numberFormat(0).format(step);
}

/** A short count: `950`, `12.3k`, `4.1M`. */
export function formatCount(count: number): string {
  if (!Number.isFinite(count)) return none;
  if (count >= 1e12) return formatValue(count);
  if (count < 1000) return String(count);
  const [size, suffix] = count < 1e6 ? [1e3, "k"] : count < 1e9 ? [1e6, "M"] : [1e9, "G"];
  const scaled = count / size;
  return `${scaled < 10 ? Math.floor(scaled * 10) / 10 : Math.floor(scaled)}${suffix}`;
}

/**
 * Seconds as two units: `41 m 12 s`, `3 h 5 m`, `2 d 4 h`, `0.35 s`; in more where times `resolution` seconds apart would read alike:
 * `3 h 5 m 12.35 s`.
 */
export function formatDuration(seconds: number, resolution = Infinity): string {
  if (!Number.isFinite(seconds)) return formatValue(seconds);
  // Years of them, mostly nanoseconds by mistake: two units would be two long numbers.
  if (Math.abs(seconds) >= 1e12) return `${formatValue(seconds)} ${language() === "zh-CN" ? "秒" : "s"}`;
  if (seconds < 0) return `−${formatDuration(-seconds, resolution)}`;
  const decimals = Math.max(seconds < 10 ? 2 : 0, secondDecimals(resolution));
  let rest = round(seconds, decimals);
  const [d, h, m, s] = language() === "zh-CN" ? ["天", "时", "分", "秒"] : ["d", "h", "m", "s"];
  if (rest < 60) return `${rest} ${s}`;
  const parts: string[] = [];
  for (const [size, unit] of [
    [86400, d],
    [3600, h],
    [60, m],
  ] as const) {
    const whole = Math.floor(rest / size);
    rest -= whole * size;
    if (parts.length || whole) parts.push(`${whole} ${unit}`);
    if (parts.length >= 2 && resolution >= size) return parts.join(" ");
  }
  return [...parts, `${round(rest, decimals)} ${s}`].join(" ");
}

/** Decimals of a second that tell apart times `resolution` seconds apart; a wall time is a float64, exact to a microsecond. */
function secondDecimals(resolution: number): number {
  return resolution >= 0 && resolution < 1 ? Math.min(6, -magnitude(resolution)) : 0;
}

/** A wall time (seconds since 1970 UTC) in the reader's time zone, with fractions of a second where `resolution` asks for them. */
export function formatTime(wallTime: number, resolution = Infinity): string {
  if (!isDate(wallTime)) return none;
  return dateFormat(Math.min(3, secondDecimals(resolution))).format(wallTime * 1000);
}

/** Bytes in powers of 1024: `512 B`, `1.4 MiB`. */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return none;
  let size = bytes;
  for (const unit of ["B", "KiB", "MiB", "GiB"]) {
    if (size < 1024) return `${size < 10 && unit !== "B" ? size.toFixed(1) : Math.round(size)} ${unit}`;
    size /= 1024;
  }
  return `${size < 1e6 ? size.toFixed(1) : formatValue(size)} TiB`;
}

const numberFormats = new Map<string, Intl.NumberFormat>();

/** `Intl.NumberFormat` is slow to make and a tooltip formats a hundred numbers a frame. */
function numberFormat(most: number, least = 0): Intl.NumberFormat {
  const key = `${language()} ${most} ${least}`;
  let format = numberFormats.get(key);
  if (!format) {
    const options = { maximumFractionDigits: most, minimumFractionDigits: least };
    numberFormats.set(key, (format = new Intl.NumberFormat(language(), options)));
  }
  return format;
}

const dateFormats = new Map<string, Intl.DateTimeFormat>();

function dateFormat(fractionDigits: number): Intl.DateTimeFormat {
  const key = `${language()} ${fractionDigits}`;
  let format = dateFormats.get(key);
  if (!format) dateFormats.set(key, (format = makeDateFormat(fractionDigits)));
  return format;
}

function makeDateFormat(fractionDigits: number): Intl.DateTimeFormat {
  if (!fractionDigits) {
    return new Intl.DateTimeFormat(language(), { dateStyle: "medium", timeStyle: "medium" });
  }
  return new Intl.DateTimeFormat(language(), {
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "numeric",
    minute: "2-digit",
    second: "2-digit",
    fractionalSecondDigits: fractionDigits as 1 | 2 | 3,
  });
}

function round(value: number, decimals: number): number {
  return Math.round(value * 10 ** decimals) / 10 ** decimals;
}

function trimExponent(text: string): string {
  return text.replace(/\.?0+e/, "e").replace("e+", "e");
}
