import { filmWords } from "./filmWords";

/** How long something takes, roughly. */
export function formatDuration(duration_s: number): string {
  const t = filmWords();
  if (duration_s < 90) return t.seconds(String(Math.max(1, Math.ceil(duration_s))));
  if (duration_s < 5400) return t.minutes(String(Math.round(duration_s / 60)));
  return t.hours(String(Math.round(duration_s / 3600)));
}
