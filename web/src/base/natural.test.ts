import { expect, test } from "vitest";
import { naturalCompare } from "./natural";

test("digits compare as numbers", () => {
  expect(["a10", "a2", "a1"].sort(naturalCompare)).toEqual(["a1", "a2", "a10"]);
  expect(["1e20/99999999999999999999", "1e20/100000000000000000000"].sort(naturalCompare)).toEqual([
    "1e20/99999999999999999999",
    "1e20/100000000000000000000",
  ]);
});

test("decimals are numbers, and versions are not", () => {
  const rates = ["lr0.0003", "lr0.003", "lr0.01", "lr0.1", "lr1", "lr1.5", "lr10"];
  expect(rates.toReversed().sort(naturalCompare)).toEqual(rates);
  const versions = ["v1.9.2", "v1.10.1", "v1.10.12", "v2.0.0"];
  expect(versions.toReversed().sort(naturalCompare)).toEqual(versions);
});

test("children stand after their parent and before its longer namesakes", () => {
  expect(["a-b", "a/z", "a"].sort(naturalCompare)).toEqual(["a", "a/z", "a-b"]);
});

test("it is an order: equal only to itself, and the same both ways", () => {
  const names = ["a", "a1", "a01", "a/1", "", "1", "10", "2", "é", "a1b2", "a1b10"];
  for (const a of names) {
    for (const b of names) {
      expect(Math.sign(naturalCompare(a, b))).toBe(-Math.sign(naturalCompare(b, a)) + 0);
      if (a !== b) expect(naturalCompare(a, b)).not.toBe(0);
    }
  }
});
