import { expect, test } from "vitest";
import { coarseLevel, levelFor, levelsOf } from "./pictures";

test("images are kept at powers of two, and at their own size", () => {
  expect(levelsOf(28, 28)).toEqual([4, 8, 16, 28]);
  expect(levelsOf(8, 4)).toEqual([4, 8]);
  expect(levelsOf(3, 2)).toEqual([3]);
  expect(levelsOf(5000, 10).at(-1)).toBe(2048);
});

test("an image is drawn from the smallest level that is about as large", () => {
  const levels = levelsOf(28, 28);
  expect([2, 5, 6, 13, 20, 30, 500].map((drawn) => levelFor(levels, drawn))).toEqual([
    4, 4, 8, 16, 16, 28, 28,
  ]);
});

test("all points together have the level that fits into 2048² pixels, and none beyond a quarter of a million", () => {
  const levels = levelsOf(28, 28);
  expect([100, 1797, 16_000, 60_000, 200_000, 300_000].map((count) => coarseLevel(levels, 1, count))).toEqual([28, 28, 16, 8, 4, null]); // prettier-ignore
  expect(coarseLevel(levelsOf(64, 8), 8, 10_000)).toBe(32);
});
