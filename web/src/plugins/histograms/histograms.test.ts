import { expect, test } from "vitest";
import type { HistogramColumns } from "./bins";
import { axisExtent, columnsAtSteps, evenly, padded, sharedExtent } from "./data";
import { readOut, type DrawnAxes } from "./readout";

const column = (...numbers: number[]) => Float64Array.from(numbers);

const answer: HistogramColumns = {
  x: column(0, 10, 20),
  x_end: column(0, 15, 20),
  step: column(0, 10, 20),
  step_end: column(0, 15, 20),
  wall_time: column(1, 2, 3),
  points: Uint32Array.of(1, 2, 1),
  offset: Uint32Array.of(0, 2, 3, 4),
  left: column(0, 1, 0, 7),
  right: column(1, 2, 4, 7),
  bin_count: column(3, 1, 8, 2),
};

test("columns nearest to steps, each once, oldest first", () => {
  expect(columnsAtSteps(answer, [14, 1, 12])).toEqual([0, 1]);
  expect(columnsAtSteps(answer, [999])).toEqual([2]);
});

test("a few far values do not squeeze the rest", () => {
  const tails: HistogramColumns = {
    ...answer,
    x: column(0),
    offset: Uint32Array.of(0, 3),
    left: column(-100, -1, 99),
    right: column(-99, 1, 100),
    bin_count: column(1, 99_998, 1),
  };
  expect(axisExtent(tails, "all")).toEqual([-100, 100]);
  const [low, high] = axisExtent(tails, "auto")!;
  expect(low).toBeCloseTo(-1, 1);
  expect(high).toBeCloseTo(1, 1);
  expect(axisExtent(answer, "auto")).toEqual([0, 7]);
  expect(axisExtent({ ...answer, x: column(0), left: column(5), right: column(5) }, "auto")).toEqual([5, 5]);
});

test("evenly spaced, both ends among them", () => {
  expect(evenly(3, 12)).toEqual([0, 1, 2]);
  expect(evenly(100, 4)).toEqual([0, 33, 66, 99]);
  expect(evenly(0, 4)).toEqual([]);
});

test("a lone value has room around it", () => {
  expect(padded([0, 0])).toEqual([-0.5, 0.5]);
  expect(padded([4, 4])).toEqual([3.6, 4.4]);
  expect(padded([0, 100])).toEqual([-3, 103]);
});

const drawn: DrawnAxes = { x: [0, 20], value: [0, 10] };

test("a place in words", () => {
  expect(readOut(answer, { column: 0, value: 1.5, bin: 1 }, "step", drawn)).toEqual({
    title: "step 0",
    lines: [
      { name: "1 … 2", text: "1 of 4 (25 %)" },
      { name: "quantile", text: "87.5 %" },
    ],
  });
  expect(readOut(answer, { column: 1, value: 9, bin: -1 }, "relative", drawn).title).toBe(
    "step 10 – 15 · 10 s",
  );
  expect(readOut(answer, { column: 1, value: 9, bin: -1 }, "step", drawn).lines[0]).toEqual({
    name: "9",
    text: "none of 8",
  });
  expect(readOut(answer, { column: 2, value: 7, bin: 3 }, "step", drawn).lines[0]!.name).toBe("= 7");
});

test("edges and times are read out as fine as they are drawn", () => {
  const thin: HistogramColumns = {
    ...answer,
    x: column(3600.25, 3600.5),
    left: column(1500.001, 1500.002, 0, 7),
    right: column(1500.002, 1500.003, 4, 7),
    bin_count: column(12_345_678, 22, 8, 2),
  };
  const axes: DrawnAxes = { x: [3600, 3601], value: [1500, 1500.005] };
  expect(readOut(thin, { column: 0, value: 1500.0015, bin: 0 }, "relative", axes)).toMatchObject({
    title: "step 0 · 1 h 0 m 0.25 s",
    lines: [{ name: "1,500.001 … 1,500.002", text: "12,345,678 of 12,345,700 (> 99.9 %)" }, {}],
  });
  // A thin bin on a wide axis keeps both of its edges.
  const wide = readOut(thin, { column: 0, value: 1500, bin: 0 }, "step", { ...axes, value: [-1e6, 1e6] });
  expect(wide.lines[0]!.name).toBe("1,500.001 … 1,500.002");
});

test("runs share a value axis unless one of them would be a hairline on it", () => {
  const own: [number, number] = [-1, 1];
  expect(sharedExtent(own, [own, [-3, 4]], "auto")).toEqual([-3, 4]);
  expect(sharedExtent(own, [own, [-1e6, 1e6]], "auto")).toEqual(own);
  expect(sharedExtent(own, [own, [-2, 2], [-1e6, 1e6]], "auto")).toEqual([-2, 2]);
  expect(sharedExtent([-1e6, 1e6], [own, [-1e6, 1e6]], "auto")).toEqual([-1e6, 1e6]);
  // As narrow, but far away.
  expect(sharedExtent(own, [own, [100, 102]], "auto")).toEqual(own);
  // A lone value has no width to lose.
  expect(sharedExtent([0, 0], [[0, 0], own], "auto")).toEqual([-1, 1]);
  expect(sharedExtent(own, [own, [-1e6, 1e6]], "shared")).toEqual([-1e6, 1e6]);
  expect(sharedExtent(own, [own, [-3, 4]], "own")).toEqual(own);
});
