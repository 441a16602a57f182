import { expect, test } from "vitest";
import { formatAgo, formatDuration, shortTime } from "./time";

test("a short time is the clock today and the day before", () => {
  const now = new Date(2026, 10, 23, 15, 0, 0);
  const seconds = (date: Date) => date.getTime() / 1000;
  expect(shortTime(seconds(new Date(2026, 10, 23, 14, 5, 6)), now)).toMatch(/2:05:06|14:05:06/);
  expect(shortTime(seconds(new Date(2026, 10, 3)), now)).toBe("Nov 3");
  expect(shortTime(seconds(new Date(2024, 0, 3)), now)).toBe("Jan 3, 2024");
  expect(shortTime(NaN, now)).toBe("–");
});

test.each([
  [0, "0s ago", "0 sec"],
  [59.9, "59s ago", "1 min"],
  [60, "1m ago", "1 min"],
  [3599, "59m ago", "59 min"],
  [7200, "2h ago", "2 hr"],
  [86_400 * 40, "40d ago", "40 days"],
  [NaN, "–", "–"],
  [Infinity, "–", "–"],
])("%d seconds", (seconds, ago, duration) => {
  // Editions of the locale data write minutes and seconds differently.
  expect(formatAgo(seconds).replace("min", "m").replace("sec", "s")).toBe(ago);
  expect(formatDuration(seconds)).toBe(duration);
});
