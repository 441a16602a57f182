import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { contrast, parseColor } from "../../base/color";
import { heatColors, heatRamp } from "./heat";

/** What `theme.css` gives for a name, first the light theme's, then the dark one's. */
function themed(name: string): [string, string] {
  const css = readFileSync(new URL("../../theme.css", import.meta.url), "utf8");
  const found = [...css.matchAll(new RegExp(`--${name}: (#[0-9a-f]{6});`, "g"))].map((match) => match[1]!);
  return [found[0]!, found[1]!];
}

test.each([
  ["light", 0],
  ["dark", 1],
] as const)("%s: words keep a contrast of 4.5 on every colour", (_, theme) => {
  const text = parseColor(themed("text")[theme]);
  const color = heatRamp(theme === 1);
  for (let place = 0; place <= 1; place += 0.01)
    expect(contrast(text, parseColor(color(place)))).toBeGreaterThanOrEqual(4.5);
});

test("the larger the deeper, evenly by value or by ratio", () => {
  const linear = heatColors([0, 1, 2], "auto", false)!;
  expect(linear(1)).toBe(heatRamp(false)(0.5));
  const log = heatColors([1e-5, 1e-3, 1e-1], "auto", false)!;
  expect(log(1e-3)).toBe(heatRamp(false)(0.5));
  expect(heatColors([1e-5, 1e-3, 1e-1], "linear", false)!(1e-3)).not.toBe(heatRamp(false)(0.5));
  expect(heatColors([1, 2, 3], "log", false)!(Math.sqrt(3))).toBe(heatRamp(false)(0.5));
});

test("what is no number, or has no logarithm, has no colour", () => {
  const linear = heatColors([0, NaN, Infinity, 4], "auto", true)!;
  expect(linear(4)).toBe(heatRamp(true)(1));
  expect([NaN, Infinity, -Infinity].map(linear)).toEqual([null, null, null]);
  const log = heatColors([-1, 0, 1, 10], "log", true)!;
  expect([-1, 0].map(log)).toEqual([null, null]);
  expect(log(10)).toBe(heatRamp(true)(1));
});

test("no column without two numbers has colours", () => {
  expect(heatColors([], "auto", false)).toBeNull();
  expect(heatColors([NaN], "log", false)).toBeNull();
  expect(heatColors([3, 3, NaN], "auto", false)).toBeNull();
  expect(heatColors([1, 2], "off", false)).toBeNull();
});
