// @vitest-environment jsdom
import { afterEach, expect, test } from "vitest";
import {
  alignedFormat,
  formatBytes,
  formatCount,
  formatDuration,
  formatStep,
  formatTime,
  formatValue,
} from "./format";
import * as format from "./format";
import { setLanguage } from "./i18n.svelte";
import { axisPrecision, listPrecision } from "./precision";

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

test.each([
  ["a rating far from zero", [1500.123, 1500.613], 1500.5929, "1,500.5929"],
  ["an accuracy close to one", [0.99993, 0.999979], Math.fround(0.999979), "0.999979"],
  ["a count of tokens", [12_345_678, 12_345_727], 12_345_727, "12,345,727"],
  ["a loss that hardly moves", [5.544368743896484, 5.545552730560303], 5.545528411865234, "5.545528"],
  ["a small number on a small axis", [1.00001e-5, 1.00002e-5], 1.000013e-5, "1.000013e-5"],
  ["a small number on a large axis", [0, 1e6], 0.050123, "0.05012"],
  ["an axis as wide as numbers are", [-1.8e308, 1.8e308], 2.5, "2.5"],
] as const)("%s is read out as fine as it is drawn", (_, ends, value, text) => {
  expect(formatValue(value, axisPrecision(ends))).toBe(text);
});

test("neighbours on an axis of any place and width read differently", () => {
  for (const centre of [0, 1e-9, 0.3, 1, 1500.123, 1.2e7, -8e11]) {
    for (const width of [1e-3, 1, 1e5]) {
      const span = width * Math.max(Math.abs(centre), 1e-3) * 1e-3;
      const precision = axisPrecision([centre - span / 2, centre + span / 2]);
      const read = Array.from({ length: 100 }, (_, i) => centre + span * (i / 100 - 0.5)).map((value) =>
        formatValue(value, precision),
      );
      expect(new Set(read).size, `around ${centre}, ${span} wide`).toBe(100);
    }
  }
});

test("on a logarithmic axis a ratio is told apart, not a difference", () => {
  expect(formatValue(1.000123, axisPrecision([1, 1.001], true))).toBe("1.000123");
  expect(formatValue(123.456, axisPrecision([1e-6, 1e6], true))).toBe("123.5");
});

test("numbers below one another line up", () => {
  const read = (values: number[], precision = listPrecision(values)) =>
    values.map(alignedFormat(values, precision));
  expect(read([0.893, 0.8745])).toEqual(["0.8930", "0.8745"]);
  expect(read([0.99993, 0.999979, 0.99998])).toEqual(["0.999930", "0.999979", "0.999980"]);
  expect(read([2.3, 0, NaN, -Infinity])).toEqual(["2.300", "0.000", "NaN", "−∞"]);
  expect(read([1, 3, 12_345])).toEqual(["1", "3", "12,345"]);
  expect(read([0.5, 1e-9])).toEqual(["0.5000", "1e-9"]);
  // A small one beside large ones is as fine as the picture shows it, and as it takes to tell it from the next.
  expect(read([0.310403, 0.257205, 0.00417], axisPrecision([0, 2.3]))).toEqual([
    "0.3104",
    "0.2572",
    "0.0042",
  ]);
  expect(read([9.5, 0.05012, 0.05034], axisPrecision([0, 10]))).toEqual(["9.5000", "0.0501", "0.0503"]);
  expect(read([12345.6, 0.9, 0.6])).toEqual(["12,345.6", "0.9", "0.6"]);
  // Too different to gain by it.
  expect(read([123456.7, 0.000123])).toEqual(["123,457", "0.000123"]);
});

test("times close together read differently", () => {
  setLanguage("en");
  expect(formatDuration(11100.4, 0.05)).toBe("3 h 5 m 0.4 s");
  expect(formatDuration(11107, 10)).toBe("3 h 5 m 7 s");
  expect(formatDuration(187200 + 720, 100)).toBe("2 d 4 h 12 m");
  expect(formatDuration(0.0125, 0.0001)).toBe("0.0125 s");
  expect(formatTime(1.7e9 + 0.25, 0.01)).toMatch(/:20\.25/);
  expect(formatTime(1.7e9 + 0.25)).not.toMatch(/\.25/);
});

const odd = [
  ...[
    NaN,
    Infinity,
    0,
    1,
    0.1,
    5e-324,
    2 ** -1074,
    1e-7,
    999.9995,
    1e15,
    2 ** 53,
    2 ** 63,
    8.64e12,
    8.65e12,
    9e12,
  ],
  ...[1.7e18, 1e21, 3.4e38, 1e300, Number.MAX_VALUE, Math.fround(1 / 3), 1 / 3],
].flatMap((value) => [value, -value]);

/** Each exported function that makes a text, with what it takes beside the number. */
const formatters: Record<string, (value: number, other: number) => string> = {
  formatValue: (value, other) => format.formatValue(value, { digits: 4, resolution: other }),
  alignedFormat: (value, other) => format.alignedFormat([value, other, 1])(value),
  formatStep: format.formatStep,
  formatCount: format.formatCount,
  formatDuration: format.formatDuration,
  formatTime: format.formatTime,
  formatBytes: format.formatBytes,
};

test("no formatter is left out below", () => {
  const { isDate, ...others } = format;
  expect(Object.keys(formatters).sort()).toEqual(Object.keys(others).sort());
  expect(odd.filter((value) => isDate(value) && Number.isNaN(new Date(value * 1000).getTime()))).toEqual([]);
});

test.each(["en", "zh-CN"] as const)(
  "no number makes a formatter throw, nor a text that is none: %s",
  (language) => {
    setLanguage(language);
    for (const [name, make] of Object.entries(formatters))
      for (const value of odd)
        for (const other of odd) {
          const text = make(value, other);
          expect([name, value, other, text]).toEqual([
            name,
            value,
            other,
            expect.stringMatching(/^.{1,40}$/),
          ]);
          expect(text).not.toMatch(/undefined|null|Invalid|Infinity|NaN./);
        }
  },
);
