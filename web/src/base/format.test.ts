import { afterEach, expect, test } from "vitest";
import { formatBytes, formatCount, formatDuration, formatStep, formatTime, formatValue } from "./format";
import { setLanguage } from "./i18n.svelte";

afterEach(() => setLanguage("en"));

test.each([
  [0.091223, "0.09122"],
  [1238, "1,238"],
  [1238.4321, "1,238"],
  [12.3456, "12.35"],
  [0, "0"],
  [-0.5, "-0.5"],
  [0.00002985, "2.985e-5"],
  [12345678, "1.235e7"],
  [1e300, "1e300"],
  [NaN, "NaN"],
  [Infinity, "∞"],
  [-Infinity, "−∞"],
])("value %d reads %s", (value, text) => {
  setLanguage("en");
  expect(formatValue(value)).toBe(text);
});

test("whole numbers stay whole", () => {
  expect(formatValue(123456)).toBe("123,456");
  expect(formatStep(6640)).toBe("6,640");
});

test.each([
  [0.345, "0.35 s"],
  [59.6, "1 m 0 s"],
  [2472, "41 m 12 s"],
  [11100, "3 h 5 m"],
  [187200, "2 d 4 h"],
  [-5, "−5 s"],
])("%d seconds read %s", (seconds, text) => {
  setLanguage("en");
  expect(formatDuration(seconds)).toBe(text);
});

test("Chinese has words of its own", () => {
  setLanguage("zh-CN");
  expect(formatDuration(2472)).toBe("41 分 12 秒");
  expect(formatTime(0)).toMatch(/19(69|70)年/);
});

test("sizes and counts", () => {
  expect([512, 1434, 5 << 20].map(formatBytes)).toEqual(["512 B", "1.4 KiB", "5.0 MiB"]);
  expect([950, 12_345, 999_999, 4_100_000].map(formatCount)).toEqual(["950", "12k", "999k", "4.1M"]);
  expect(formatTime(NaN)).toBe("–");
});
