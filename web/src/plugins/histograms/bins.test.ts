import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { decodeColumns } from "../../api/columns";
import {
  binAt,
  columnAt,
  columnAtCursor,
  columnEdges,
  coreExtent,
  fillCells,
  quantile,
  shareBelow,
  total,
  valueExtent,
  type HistogramColumns,
} from "./bins";

const golden = join(import.meta.dirname, "../../../../golden/histograms");

function read(name: string): HistogramColumns {
  const data = readFileSync(join(golden, name));
  const buffer = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
  return decodeColumns<{ series: HistogramColumns[] }>(buffer).series[0]!;
}

/** Columns at x = 0, 1, 2 …, each a list of [left, right, count]. */
function columns(...bins: [number, number, number][][]): HistogramColumns {
  const x = Float64Array.from(bins, (_, i) => i);
  let end = 0;
  return {
    x,
    x_end: x,
    step: x,
    step_end: x,
    wall_time: x,
    points: Uint32Array.from(bins, () => 1),
    offset: Uint32Array.from([0, ...bins.map((column) => (end += column.length))]),
    left: Float64Array.from(bins.flat(), (bin) => bin[0]),
    right: Float64Array.from(bins.flat(), (bin) => bin[1]),
    bin_count: Float64Array.from(bins.flat(), (bin) => bin[2]),
  };
}

describe("golden answers", () => {
  const answer = read("data.columns");
  const decoded = JSON.parse(readFileSync(join(golden, "decoded.json"), "utf8")) as {
    bins: [number, number, number][];
    quantiles: number[];
  }[];

  test("quantiles are TensorBoard's", () => {
    expect(answer.x.length).toBe(decoded.length);
    decoded.forEach(({ bins, quantiles }, i) => {
      expect(total(answer, i)).toBe(bins.reduce((sum, bin) => sum + bin[2], 0));
      [0.05, 0.5, 0.95].forEach((q, k) => expect(quantile(answer, i, q)).toBeCloseTo(quantiles[k]!, 5));
    });
  });

  test("merged columns hold what their parts held", () => {
    const merged = read("merged.columns");
    expect([...merged.points]).toEqual([4, 3]);
    const all = (from: HistogramColumns) => from.bin_count.reduce((sum, count) => sum + count, 0);
    expect(all(merged)).toBeCloseTo(all(answer), 6);
  });
});

test("a share below undoes a quantile", () => {
  const one = columns([
    [0, 1, 5],
    [1, 3, 10],
    [4, 4, 5],
  ]);
  for (const q of [0.01, 0.25, 0.5, 0.74]) expect(shareBelow(one, 0, quantile(one, 0, q))).toBeCloseTo(q, 9);
  expect(quantile(one, 0, 0)).toBe(0);
  expect(quantile(one, 0, 0.9)).toBe(4);
  expect(quantile(one, 0, 1)).toBe(4);
  expect(shareBelow(one, 0, 3.9)).toBe(0.75);
  expect(shareBelow(one, 0, 4)).toBe(1);
  expect(quantile(columns([]), 0, 0.5)).toBeNaN();
});

test("extents", () => {
  const two = columns([[0, 10, 98]], [[-5, -5, 1]]);
  expect(valueExtent(two)).toEqual([-5, 10]);
  expect(coreExtent(columns([[0, 100, 1000]]), 0.01)).toEqual([1, 99]);
  expect(valueExtent(columns([]))).toBeNull();
});

describe("cells", () => {
  function cells(of: HistogramColumns, low: number, high: number, n: number, thinnest = 0): number[] {
    const out = new Float32Array(n).fill(9);
    fillCells(of, 0, low, high, out, thinnest);
    return [...out].map((share) => Math.round(share * 1e5) / 1e5);
  }

  test("a bin is shared out by overlap", () => {
    expect(cells(columns([[0, 4, 8]]), 0, 4, 4)).toEqual([0.25, 0.25, 0.25, 0.25]);
    expect(cells(columns([[0.5, 2.5, 8]]), 0, 4, 4)).toEqual([0.25, 0.5, 0.25, 0]);
    expect(cells(columns([[-2, 2, 8]]), 0, 4, 4)).toEqual([0.25, 0.25, 0, 0]);
  });

  test("a single value is one cell, also at the ends", () => {
    expect(cells(columns([[2, 2, 1]]), 0, 4, 4)).toEqual([0, 0, 1, 0]);
    expect(cells(columns([[4, 4, 1]]), 0, 4, 4)).toEqual([0, 0, 0, 1]);
    expect(cells(columns([[0, 0, 1]]), 0, 4, 4)).toEqual([1, 0, 0, 0]);
    expect(cells(columns([[9, 9, 1]]), 0, 4, 4)).toEqual([0, 0, 0, 0]);
  });

  test("a thin column is widened, a wide one is not", () => {
    expect(cells(columns([[2, 2, 1]]), 0, 4, 4, 2)).toEqual([0, 0.5, 0.5, 0]);
    expect(cells(columns([[0, 4, 1]]), 0, 4, 4, 2)).toEqual([0.25, 0.25, 0.25, 0.25]);
  });

  test("nothing falls out between cells", () => {
    const many = columns(
      Array.from({ length: 50 }, (_, i) => [i / 7, (i + 1) / 7, i + 1] as [number, number, number]),
    );
    const sum = cells(many, 0, 8, 333).reduce((a, b) => a + b, 0);
    expect(sum).toBeCloseTo(1, 3);
  });
});

test("columns meet half way between their neighbours", () => {
  expect([...columnEdges(columns([], [], []))]).toEqual([-0.5, 0.5, 1.5, 2.5]);
  expect([...columnEdges(columns([]))]).toEqual([-0.5, 0.5]);
  const edges = columnEdges(columns([], [], []));
  expect([-9, -0.5, 0.4, 0.5, 2.4, 99].map((x) => columnAt(edges, x))).toEqual([0, 0, 0, 1, 2, 2]);
  expect(columnAt(columnEdges(columns()), 1)).toBe(-1);
});

test("the cursor's column, the newest without a cursor or data below it", () => {
  const edges = columnEdges(columns([], [], []));
  expect(columnAtCursor(edges, 0.2)).toEqual({ column: 0, reached: true });
  expect(columnAtCursor(edges, null)).toEqual({ column: 2, reached: false });
  expect(columnAtCursor(edges, 99)).toEqual({ column: 2, reached: false });
  expect(columnAtCursor(columnEdges(columns()), 0).column).toBe(-1);
});

test("the bin under a value, or the nearest within reach", () => {
  const one = columns([
    [0, 1, 1],
    [2, 2, 1],
    [3, 4, 1],
  ]);
  expect(binAt(one, 0, 0.5, 0)).toBe(0);
  expect(binAt(one, 0, 2, 0)).toBe(1);
  expect(binAt(one, 0, 2.1, 0)).toBe(-1);
  expect(binAt(one, 0, 2.1, 0.2)).toBe(1);
  expect(binAt(one, 0, 2.9, 0.2)).toBe(2);
});
