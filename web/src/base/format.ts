/** Numbers, steps, times and sizes as a person reads them. All take the page's language where it matters. */

import { language } from "./i18n.svelte";

/** A value to about `digits` significant digits: `0.09122`, `1,238`, `2.985e-5`, `NaN`, `∞`. */
export function formatValue(value: number, digits = 4): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size < 1e-4 || size >= 1e7) return trimExponent(value.toExponential(digits - 1));
  // Integers are shown whole: an accuracy count of 12345 must not become 12350.
  if (Number.isInteger(value)) return numberFormat(0).format(value);
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
  return numberFormat(Math.min(decimals, 12)).format(value);
}

/** A whole number with grouping: `6,640`. */
export function formatStep(step: number): string {
  return numberFormat(0).format(step);
}

/** A short count: `950`, `12.3k`, `4.1M`. */
export function formatCount(count: number): string {
  if (count < 1000) return String(count);
  const [size, suffix] = count < 1e6 ? [1e3, "k"] : count < 1e9 ? [1e6, "M"] : [1e9, "G"];
  const scaled = count / size;
  return `${scaled < 10 ? Math.floor(scaled * 10) / 10 : Math.floor(scaled)}${suffix}`;
}

/** Seconds as two units: `41 m 12 s`, `3 h 5 m`, `2 d 4 h`, `0.35 s`. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return formatValue(seconds);
  if (seconds < 0) return `−${formatDuration(-seconds)}`;
  const [d, h, m, s] = language() === "zh-CN" ? ["天", "时", "分", "秒"] : ["d", "h", "m", "s"];
  if (seconds < 10) return `${Math.round(seconds * 100) / 100} ${s}`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} ${s}`;
  if (whole < 3600) return `${Math.floor(whole / 60)} ${m} ${whole % 60} ${s}`;
  if (whole < 86400) return `${Math.floor(whole / 3600)} ${h} ${Math.floor((whole % 3600) / 60)} ${m}`;
  return `${Math.floor(whole / 86400)} ${d} ${Math.floor((whole % 86400) / 3600)} ${h}`;
}

/** A wall time (seconds since 1970 UTC) in the reader's time zone. */
export function formatTime(wallTime: number): string {
  if (!Number.isFinite(wallTime)) return "–";
  return dateFormat().format(wallTime * 1000);
}

/** Bytes in powers of 1024: `512 B`, `1.4 MiB`. */
export function formatBytes(bytes: number): string {
  let size = bytes;
  for (const unit of ["B", "KiB", "MiB", "GiB"]) {
    if (size < 1024) return `${size < 10 && unit !== "B" ? size.toFixed(1) : Math.round(size)} ${unit}`;
    size /= 1024;
  }
  return `${size.toFixed(1)} TiB`;
}

const numberFormats = new Map<string, Intl.NumberFormat>();

/** `Intl.NumberFormat` is slow to make and a tooltip formats a hundred numbers a frame. */
function numberFormat(decimals: number): Intl.NumberFormat {
  const key = `${language()} ${decimals}`;
  let format = numberFormats.get(key);
  if (!format)
    numberFormats.set(key, (format = new Intl.NumberFormat(language(), { maximumFractionDigits: decimals })));
  return format;
}

const dateFormats = new Map<string, Intl.DateTimeFormat>();

function dateFormat(): Intl.DateTimeFormat {
  const key = language();
  let format = dateFormats.get(key);
  if (!format)
    dateFormats.set(
      key,
      (format = new Intl.DateTimeFormat(key, { dateStyle: "medium", timeStyle: "medium" })),
    );
  return format;
}

function trimExponent(text: string): string {
  return text.replace(/\.?0+e/, "e").replace("e+", "e");
}
