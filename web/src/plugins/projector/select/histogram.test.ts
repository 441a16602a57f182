import { expect, test } from "vitest";
import type { Field } from "../data";
import { countsIn, spreadOf } from "./histogram";

const column = (cells: string[], numeric: boolean): Field => {
  const values = [...new Set(cells)];
  return { name: "f", numeric, values, codes: new Uint32Array(cells.map((cell) => values.indexOf(cell))) };
};

test("few values are bars by frequency, many numbers bins, texts that are all different nothing", () => {
  const bars = spreadOf(column(["a", "b", "b", "", "b", "a"], false));
  expect(bars).toEqual({ kind: "bars", codes: [1, 0, 2], rest: 0, all: [2, 3, 1] });
  const many = Array.from({ length: 100 }, (_, i) => String(i));
  expect(spreadOf(column(many, false))).toBeNull();
  expect(spreadOf(column([...many, ...many], false))).toMatchObject({ kind: "bars", rest: 88 });
  const bins = spreadOf(column([...many, "nan", ""], true))!;
  if (bins.kind !== "bins") throw new Error(bins.kind);
  expect(bins.edges).toHaveLength(25);
  expect([bins.edges[0], bins.edges[24]]).toEqual([0, 99]);
  expect(bins.all.reduce((a, b) => a + b)).toBe(100);
  expect(bins.all[23]).toBe(5); // 95 to 99, the greatest included
});

test("numbers over several orders of magnitude have bins of equal ratios", () => {
  const field = column(
    Array.from({ length: 61 }, (_, i) => String(10 ** (i / 10))),
    true,
  );
  const spread = spreadOf(field)!;
  if (spread.kind !== "bins") throw new Error(spread.kind);
  expect(spread.edges[12]).toBeCloseTo(1000, 6);
  expect(Math.max(...spread.all) - Math.min(...spread.all)).toBeLessThanOrEqual(2);
});

test("a mask counts its points only", () => {
  const field = column(["a", "b", "b"], false);
  expect(countsIn(field, spreadOf(field)!, new Uint8Array([1, 0, 1]))).toEqual([1, 1]);
});
