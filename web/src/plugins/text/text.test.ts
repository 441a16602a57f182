import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { displayTag, tableRows, type TextPoint } from "./data";

test("torch's suffix is not part of the tag", () => {
  expect(displayTag("a/b/text_summary")).toBe("a/b");
  expect(displayTag("text_summary")).toBe("text_summary");
});

test("tables of the golden answer", () => {
  const file = join(import.meta.dirname, "../../../../golden/text/points.json");
  const { points } = JSON.parse(readFileSync(file, "utf8")) as { points: TextPoint[] };
  expect(points.map((point) => point.shape.length)).toEqual([0, 0, 1, 2, 1]);
  expect(tableRows(points[2]!)).toEqual([["a"], ["b"]]);
  expect(tableRows(points[3]!)).toEqual([
    ["a", "b"],
    ["a", "b"],
    ["a", "b"],
  ]);
  expect(points[4]!.damaged).toContain("shape [7]");
  const deep: TextPoint = {
    index: 0,
    step: 0,
    wall_time: 0,
    shape: [2, 1, 2],
    strings: ["a", "b", "c", "d"],
  };
  expect(tableRows(deep)).toEqual([["a", "b"]]);
});
