import { expect, test } from "vitest";
import type { Field } from "../data";
import { valueOf } from "../data";
import { matchColumns } from "./match";

const field = (name: string, cells: readonly string[], numeric = false): Field => {
  const values = [...new Set(cells)];
  return { name, numeric, values, codes: Uint32Array.from(cells, (cell) => values.indexOf(cell)) };
};
const cells = (column: Field): string[] => Array.from(column.codes, (_, at) => valueOf(column, at));

const points = [field("word", ["a", "b", "c", "d"]), field("kind", ["x", "x", "y", "y"])];

test("as many rows as points are matched by their order", () => {
  const found = matchColumns([field("score", ["4", "3", "2", "1"], true)], points, 4)!;
  expect(found.key).toBeNull();
  expect(cells(found.fields[0]!)).toEqual(["4", "3", "2", "1"]);
});

test("a column that both have is the key, whatever the order", () => {
  const file = [field("word", ["d", "a", "z"]), field("score", ["1", "4", "9"], true)];
  const found = matchColumns(file, points, 4)!;
  expect(found.key).toBe("word");
  expect(found.fields.map(({ name }) => name)).toEqual(["score"]);
  expect(cells(found.fields[0]!)).toEqual(["4", "", "", "1"]);
  expect(found.fields[0]!.numeric).toBe(true);
});

test("a key must name single rows, and most points", () => {
  const twice = [field("kind", ["x", "y", "y", "x"]), field("score", ["1", "2", "3", "4"])];
  expect(matchColumns(twice, points, 4)!.key).toBeNull();
  const few = [field("word", ["a", "q", "r"]), field("score", ["1", "2", "3"])];
  expect(matchColumns(few, points, 4)).toBeNull();
});

test("neither as many rows nor a key is no match", () => {
  expect(matchColumns([field("score", ["1", "2"])], points, 4)).toBeNull();
  expect(matchColumns([], points, 4)).toBeNull();
});

test("a name that the points have is not given twice", () => {
  const found = matchColumns([field("kind", ["1", "2", "3", "3"])], points, 4)!;
  expect(found.fields[0]!.name).toBe("kind (2)");
});
