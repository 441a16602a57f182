import { expect, test } from "vitest";
import { sortRows } from "./sortRows";

test.each([
  [[3, 1, 2], false, [1, 2, 0]],
  [[3, 1, 2], true, [0, 2, 1]],
  [[null, 1, NaN, 2], false, [1, 3, 0, 2]],
  [[null, 1, NaN, 2], true, [3, 1, 0, 2]],
  [[Infinity, null, -Infinity, 0], true, [0, 3, 2, 1]],
  [["a10", "a2", null, "a1"], false, [3, 1, 0, 2]],
  [["a10", "a2", "a1"], true, [0, 1, 2]],
  [["none", 0.1, 0.01, true], false, [2, 1, 3, 0]],
  [[1, 1, 1], true, [0, 1, 2]],
  [[], false, []],
])("%j, descending %s: rows %j", (cells, descending, wanted) =>
  expect([...sortRows(cells, descending)]).toEqual(wanted),
);
