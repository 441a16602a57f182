import { language } from "./i18n.svelte";

/** A wall time (seconds since 1970 UTC) as short as it goes: the clock if it was today, else the day. */
export function shortTime(wallTime: number, now = new Date()): string {
  const time = new Date(wallTime * 1000);
  if (Number.isNaN(time.getTime())) return "–";
  const today = time.toDateString() === now.toDateString();
  const year = time.getFullYear() === now.getFullYear() ? {} : ({ year: "numeric" } as const);
  return new Intl.DateTimeFormat(
    language(),
    today ? { timeStyle: "medium" } : { month: "short", day: "numeric", ...year },
  ).format(time);
}

const units = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
] as const;

function largestUnit(seconds: number): { unit: (typeof units)[number][0]; count: number } {
  const [unit, length] = units.find(([, length]) => seconds >= length) ?? units[3];
  return { unit, count: Math.floor(seconds / length) };
}

/** How long ago something was: `3 s ago`, `2 days ago`. */
export function formatAgo(seconds: number): string {
  if (!Number.isFinite(seconds)) return "–";
  const { unit, count } = largestUnit(seconds);
  return new Intl.RelativeTimeFormat(language(), { style: "narrow" }).format(-count, unit);
}

/** About how long something takes: `12 sec`, `3 min`. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "–";
  const { unit, count } = largestUnit(Math.ceil(Math.max(0, seconds)));
  return new Intl.NumberFormat(language(), { style: "unit", unit, unitDisplay: "short" }).format(count);
}
