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

test("rows that are equal in a column stand in the order of the next, also where both have nothing", () => {
  const first = ["b", "a", null, "a", null, "b"];
  const second = [1, 1, 5, 2, 6, NaN];
  const third = [0, 0, 0, 0, 0, 0];
  const key = (cells: (string | number | null)[], descending: boolean) => ({ cells, descending });
  expect([...sortRows(first, false, key(second, true))]).toEqual([3, 1, 0, 5, 4, 2]);
  expect([...sortRows(first, true, key(second, false), key(third, true))]).toEqual([0, 5, 1, 3, 2, 4]);
});

test("sorting by several columns is what sorting by each of them in turn gives", () => {
  let seed = 7;
  const random = (n: number) => (seed = (seed * 16807) % 2147483647) % n;
  const columns = [3, 5, 4].map((n) =>
    Array.from({ length: 200 }, () => [null, NaN, "x", random(n), random(n)][random(5)]!),
  );
  const descending = [true, false, true];
  // The least important first: a stable sort keeps what those before it made.
  let rows = columns[0]!.map((_, row) => row);
  for (const i of [2, 1, 0]) {
    const order = sortRows(
      rows.map((row) => columns[i]![row]!),
      descending[i]!,
    );
    rows = Array.from(order, (place) => rows[place]!);
  }
  const [key0, ...then] = columns.map((cells, i) => ({ cells, descending: descending[i]! }));
  expect([...sortRows(key0!.cells, key0!.descending, ...then)]).toEqual(rows);
});
