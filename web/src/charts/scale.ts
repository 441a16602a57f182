/** From data to pixels, and the ticks between. */

import { ticks, tickStep } from "d3-array";
import { format, precisionFixed } from "d3-format";
import { timeTicks as clockTicks } from "d3-time";
import { isDate } from "../base/format";
import { language } from "../base/i18n.svelte";
import { axisPrecision, type Precision } from "../base/precision";

export type Interval = readonly [low: number, high: number];

export interface Scale {
  (value: number): number;
  invert(pixel: number): number;
  readonly domain: Interval;
  readonly kind: ScaleKind;
  ticks(count: number): Tick[];
}

export interface Tick {
  value: number;
  /** Empty for a minor tick. */
  label: string;
}

export type ScaleKind = "linear" | "log" | "step" | "duration" | "time";

/**
 * @param kind `linear` and `log` for values; `step` has whole ticks only, `duration` counts seconds, `time` is seconds since 1970 in the
 *   reader's time zone.
 * @param domain ends in data; for `log` both must be positive.
 * @param range ends in px.
 */
export function makeScale(kind: ScaleKind, domain: Interval, range: Interval): Scale {
  // Lines have a hundred thousand points, so placing one is a multiplication and an addition, not a call into d3.
  const forward = kind === "log" ? Math.log : identity;
  const backward = kind === "log" ? Math.exp : identity;
  const low = forward(domain[0]);
  const factor = (range[1] - range[0]) / (forward(domain[1]) - low);
  const offset = range[0] - low * factor;
  const place =
    kind === "log"
      ? (value: number) => Math.log(value) * factor + offset
      : (value: number) => value * factor + offset;
  return Object.assign(place, {
    invert: (pixel: number) => backward((pixel - offset) / factor),
    domain,
    kind,
    ticks: (count: number) => ticksOf[kind](domain, count),
  });
}

/** How finely values on this scale are read out. */
export function scalePrecision(scale: Scale): Precision {
  return axisPrecision(scale.domain, scale.kind === "log");
}

const ticksOf: Record<ScaleKind, (domain: Interval, count: number) => Tick[]> = {
  linear: linearTicks,
  log: logTicks,
  step: stepTicks,
  duration: durationTicks,
  time: timeTicks,
};

function identity(value: number): number {
  return value;
}

function linearTicks(domain: Interval, count: number): Tick[] {
  // Of an axis as wide as numbers are the step is no number.
  const decimals = precisionFixed(tickStep(...domain, count)) || 0;
  return labelled(ticks(...domain, count).filter(Number.isFinite), format(`,.${decimals}f`));
}

/** Numbers so large or small that zeros would fill the label take a short form. */
function labelled(values: number[], plain: (value: number) => string): Tick[] {
  const largest = Math.max(...values.map(Math.abs), 0);
  const spacing = values.length > 1 ? Math.abs(values[1]! - values[0]!) : largest;
  let label = plain;
  if (largest > 0 && (largest < 1e-3 || spacing < 1e-6 || largest >= 1e15)) label = exponentLabel(spacing);
  else if (largest >= 1e4 && spacing >= 1) label = prefixLabel(largest, spacing);
  return values.map((value) => ({ value, label: value === 0 ? "0" : label(value) }));
}

function exponentLabel(spacing: number): (value: number) => string {
  return (value) => {
    const digits = Math.max(
      0,
      Math.floor(Math.log10(Math.abs(value))) - Math.floor(Math.log10(spacing) + 1e-9),
    );
    return value.toExponential(Math.min(20, digits)).replace("e+", "e").replace("-", "−");
  };
}

/** `2k`, `1.25M`; whole numbers where the ticks are so close that the prefix would save nothing. */
function prefixLabel(largest: number, spacing: number): (value: number) => string {
  const [size, letter] =
    largest < 1e6 ? [1e3, "k"] : largest < 1e9 ? [1e6, "M"] : largest < 1e12 ? [1e9, "G"] : [1e12, "T"];
  const decimals = Math.max(0, Math.ceil(Math.log10(size / spacing) - 1e-9));
  if (decimals > 3) return format(",.0f");
  return (value) => `${Number((value / size).toFixed(decimals))}${letter}`.replace("-", "−");
}

function stepTicks(domain: Interval, count: number): Tick[] {
  // Between two steps there is nothing to name.
  const whole = ticks(...domain, count).filter(Number.isInteger);
  return labelled(whole, format(",.0f"));
}

function logTicks(domain: Interval, count: number): Tick[] {
  const decades = Math.log10(domain[1] / domain[0]);
  if (decades < 0.7) return linearTicks(domain, count);
  const every = Math.max(1, Math.ceil(decades / count));
  // The lines between decades show that the axis is logarithmic; among many decades they would be a fog.
  const mantissas = decades < minorDecades ? [1, 2, 3, 4, 5, 6, 7, 8, 9] : [1];
  const found: Tick[] = [];
  for (let exponent = Math.floor(Math.log10(domain[0])); 10 ** exponent <= domain[1]; exponent++) {
    for (const mantissa of mantissas) {
      const value = Number(`${mantissa}e${exponent}`);
      if (value < domain[0] || value > domain[1]) continue;
      const named =
        mantissa === 1 ? exponent % every === 0 : decades < 2 && (mantissa === 2 || mantissa === 5);
      if (named || decades < minorDecades)
        found.push({ value, label: named ? powerLabel(mantissa, exponent) : "" });
    }
  }
  return found;
}

const minorDecades = 10;

function powerLabel(mantissa: number, exponent: number): string {
  if (exponent >= -3 && exponent <= 4) return format(",~r")(mantissa * 10 ** exponent);
  return `${mantissa}e${exponent < 0 ? "−" : ""}${Math.abs(exponent)}`;
}

const durations_s = [
  0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800,
  3600, 7200, 10800, 21600, 43200, 86400, 172800, 432000, 864000, 1728000, 4320000, 8640000,
];

function durationTicks(domain: Interval, count: number): Tick[] {
  const wanted = (domain[1] - domain[0]) / Math.max(1, count);
  const spacing = durations_s.find((duration) => duration >= wanted) ?? wanted;
  const ticks: Tick[] = [];
  for (let i = Math.ceil(domain[0] / spacing); i * spacing <= domain[1]; i++) {
    ticks.push({ value: i * spacing, label: durationLabel(i * spacing, spacing) });
  }
  return ticks;
}

function durationLabel(seconds: number, spacing: number): string {
  if (seconds === 0) return "0";
  if (seconds < 0) return `−${durationLabel(-seconds, spacing)}`;
  const [d, h, m, s] = language() === "zh-CN" ? ["天", "时", "分", "秒"] : ["d", "h", "m", "s"];
  if (spacing < 1) return `${Number(seconds.toFixed(3))}${s}`;
  let rest = Math.round(seconds);
  let label = "";
  for (const [size, unit] of [
    [86400, d],
    [3600, h],
    [60, m],
    [1, s],
  ] as const) {
    const whole = Math.floor(rest / size);
    rest -= whole * size;
    if (whole > 0) label += `${whole}${unit}`;
  }
  return label;
}

function timeTicks(domain: Interval, count: number): Tick[] {
  // Where seconds are no dates they are numbers.
  if (!domain.every(isDate)) return linearTicks(domain, count);
  const times = clockTicks(new Date(domain[0] * 1000), new Date(domain[1] * 1000), count);
  const spacing_ms = times.length > 1 ? times[1]!.getTime() - times[0]!.getTime() : 60_000;
  const fractionDigits = Math.max(0, Math.ceil(3 - Math.log10(spacing_ms)));
  const clock = new Intl.DateTimeFormat(language(), {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    ...(spacing_ms < 60_000 ? { second: "2-digit" } : {}),
    ...(fractionDigits ? { fractionalSecondDigits: Math.min(3, fractionDigits) as 1 | 2 | 3 } : {}),
  });
  const day = new Intl.DateTimeFormat(language(), { month: "short", day: "numeric" });
  return times.map((time) => {
    const midnight = time.getHours() === 0 && time.getMinutes() === 0 && time.getSeconds() === 0;
    return { value: time.getTime() / 1000, label: midnight ? day.format(time) : clock.format(time) };
  });
}
