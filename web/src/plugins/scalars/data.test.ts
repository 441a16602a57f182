import { expect, test } from "vitest";
import {
  holds,
  lastValues,
  makeLines,
  toNumber,
  type ScalarAnswer,
  type ScalarQuery,
  type ScalarSeries,
} from "./data";

function series(run: string, last: number | string): ScalarSeries {
  return {
    run,
    start_wall_time: 0,
    count: 2,
    first_step: 0,
    last_step: 1,
    last_value: last,
    minimum: 0,
    maximum: 1,
    complete: true,
    x: Float64Array.of(0, 1),
    step: Float64Array.of(0, 1),
    wall_time: Float64Array.of(0, 1),
    value: Float32Array.of(0, 1),
    smoothed: null,
  };
}

const look = { color: (run: string) => `color of ${run}`, dash: () => [] };

test("only visible runs become lines, in the answer's order and each with its look", () => {
  const answer: ScalarAnswer = {
    tag: "t",
    x: "step",
    series: ["b", "a", "__proto__"].map((run) => series(run, 1)),
  };
  const lines = makeLines(answer, (run) => run !== "a", look);
  expect(lines.map((line) => [line.name, line.color])).toEqual([
    ["b", "color of b"],
    ["__proto__", "color of __proto__"],
  ]);
});

test("last values span the numbers there are", () => {
  const answer: ScalarAnswer = {
    tag: "t",
    x: "step",
    series: [series("a", 3), series("b", "NaN"), series("c", -1)],
  };
  expect(lastValues(makeLines(answer, () => true, look))).toEqual([-1, 3]);
  expect(lastValues(makeLines({ ...answer, series: [series("a", "NaN")] }, () => true, look))).toBeNull();
});

test("an answer serves for fewer runs, and for nothing else", () => {
  const asked = (runs: string[] | null, more: Partial<ScalarQuery> = {}): ScalarQuery => ({
    ...{ tag: "t", runs, x: "step", range: null, width: 100, smoothing: 0 },
    ...more,
  });
  expect(holds(asked(["a", "b"]), asked(["b"]))).toBe(true);
  expect(holds(asked(null), asked(["b"]))).toBe(true);
  expect(holds(asked(["a"]), asked(["a", "b"]))).toBe(false);
  expect(holds(asked(["a"]), asked(null))).toBe(false);
  expect(holds(asked(null), asked(["b"], { smoothing: 0.5 }))).toBe(false);
});

test("numbers that JSON has no word for arrive as strings", () => {
  expect([toNumber("Infinity"), toNumber("-Infinity"), toNumber(1.5)]).toEqual([Infinity, -Infinity, 1.5]);
  expect([toNumber("NaN"), toNumber(null)]).toEqual([NaN, NaN]);
});
