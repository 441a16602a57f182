import { expect, test } from "vitest";
import { aggregate, distinctCells } from "./aggregate";

test.each([
  // By NumPy: mean, median, std(ddof=1).
  [[1, 2, 4], 7 / 3, 2, 1.5275252316519465],
  [[1, 2, 4, 9], 4, 3, 3.559026084010437],
  [[1e9, 1e9 + 1], 1e9 + 0.5, 1e9 + 0.5, Math.SQRT1_2],
  [[0.1, 0.1, 0.1], 0.1, 0.1, 0],
  [[1e308, 1.5e308], 1.25e308, 1.25e308, 3.5355339059327379e307],
])("of %j the mean is %d, the median %d, the deviation %d", (cells, mean, median, deviation) => {
  const rows = cells.keys();
  const found = aggregate(cells, [...rows], "mean")!;
  expect(Math.abs(found.center / mean - 1)).toBeLessThan(1e-15);
  expect(Math.abs(found.deviation - deviation)).toBeLessThanOrEqual(1e-12 * deviation);
  expect(aggregate(cells, [...cells.keys()], "median")!.center).toBe(median);
  expect([found.low, found.high, found.count]).toEqual([
    Math.min(...cells),
    Math.max(...cells),
    cells.length,
  ]);
});

test("only finite numbers of the given rows count", () => {
  const cells = [1, 100, 3, NaN, Infinity, null, "7", true];
  expect(aggregate(cells, [0, 2, 3, 4, 5, 6, 7], "mean")).toMatchObject({ count: 2, center: 2 });
  expect(aggregate(cells, [3, 4, 5, 6], "mean")).toBeNull();
  expect(aggregate(cells, [0], "mean")!.deviation).toBeNaN();
});

test("different cells are told apart by kind and value", () => {
  expect(distinctCells([1, "1", NaN, NaN, null], [0, 1, 2, 3, 4, 9]).size).toBe(4);
});
