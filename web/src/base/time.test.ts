import { expect, test } from "vitest";
import { shortTime } from "./time";

test("a short time is the clock today and the day before", () => {
  const now = new Date(2026, 10, 23, 15, 0, 0);
  const seconds = (date: Date) => date.getTime() / 1000;
  expect(shortTime(seconds(new Date(2026, 10, 23, 14, 5, 6)), now)).toMatch(/2:05:06|14:05:06/);
  expect(shortTime(seconds(new Date(2026, 10, 3)), now)).toBe("Nov 3");
  expect(shortTime(seconds(new Date(2024, 0, 3)), now)).toBe("Jan 3, 2024");
  expect(shortTime(NaN, now)).toBe("–");
});
