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
