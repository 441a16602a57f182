import { expect, test } from "vitest";
import { gridMove } from "./gridKeys";

const size = { rows: 101, columns: 6, page: 20 };

test.each([
  ["ArrowUp", [1, 2], [0, 2]],
  ["ArrowUp", [0, 2], [0, 2]],
  ["ArrowDown", [0, 2], [1, 2]],
  ["ArrowDown", [100, 2], [100, 2]],
  ["ArrowLeft", [5, 0], [5, 0]],
  ["ArrowRight", [5, 5], [5, 5]],
  ["ArrowRight", [5, 4], [5, 5]],
  ["PageDown", [90, 1], [100, 1]],
  ["PageUp", [30, 1], [10, 1]],
  ["PageUp", [5, 1], [1, 1]],
  ["PageUp", [0, 1], [0, 1]],
  ["Home", [7, 3], [7, 0]],
  ["End", [7, 3], [7, 5]],
  ["Ctrl Home", [7, 3], [1, 0]],
  ["Ctrl End", [7, 3], [100, 5]],
  ["Ctrl ArrowUp", [7, 3], [0, 3]],
  ["Ctrl ArrowDown", [7, 3], [100, 3]],
  ["Ctrl ArrowRight", [7, 3], [7, 5]],
] as const)("%s at %j leads to %j", (keys, [row, column], [toRow, toColumn]) => {
  const key = keys.replace("Ctrl ", "");
  expect(gridMove(key, { row, column }, size, key !== keys)).toEqual({ row: toRow, column: toColumn });
});

test("other keys lead nowhere, and a table without runs has its headings", () => {
  expect(gridMove("x", { row: 1, column: 0 }, size, false)).toBeNull();
  const empty = { ...size, rows: 1 };
  for (const key of ["ArrowDown", "PageDown", "End", "Home"])
    expect(gridMove(key, { row: 0, column: 0 }, empty, true)!.row).toBe(0);
});
