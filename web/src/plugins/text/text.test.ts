import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { displayTag, tableRows, tableSize, type TextPoint } from "./data";

test("torch's suffix is not part of the tag", () => {
  expect(displayTag("a/b/text_summary")).toBe("a/b");
  expect(displayTag("text_summary")).toBe("text_summary");
});

test("tables of the golden answer", () => {
  const file = join(import.meta.dirname, "../../../../golden/text/points.json");
  const { points } = JSON.parse(readFileSync(file, "utf8")) as { points: TextPoint[] };
  expect(points.map((point) => point.shape?.length)).toEqual([0, 0, 1, 2, undefined]);
  expect(tableRows(points[2]!, 100)).toEqual([["a"], ["b"]]);
  expect(tableRows(points[3]!, 100)).toEqual([
    ["a", "b"],
    ["a", "b"],
    ["a", "b"],
  ]);
  expect(points[4]!.damaged).toContain("shape [7]");
});

test("of more than two dimensions the first table", () => {
  expect(tableRows({ key: "k", shape: [2, 1, 2], strings: ["a", "b", "c", "d"] }, 100)).toEqual([["a", "b"]]);
});

test("a large table is shown in parts", () => {
  const wide = { key: "k", shape: [50, 4], strings: Array.from({ length: 200 }, (_, i) => String(i)) };
  expect(tableSize(wide)).toEqual([50, 4]);
  expect(tableRows(wide, 10)).toEqual([
    ["0", "1", "2", "3"],
    ["4", "5", "6", "7"],
  ]);
  expect(tableRows(wide, 1)).toHaveLength(1);
  // Of no columns there may be as many rows as a file claims.
  expect(tableRows({ key: "k", shape: [2 ** 40, 0], strings: [] }, 10)).toHaveLength(10);
});
