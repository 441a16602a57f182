import { describe, expect, test } from "vitest";
import type { Interval } from "../scale";
import { movePoint, pointAt, type PointCursor } from "./cursor";
import type { Line } from "./model";

function line(name: string, x: number[], value: number[]): Line {
  return {
    name,
    color: "",
    dash: [],
    x: Float64Array.from(x),
    value: Float64Array.from(value),
    smoothed: null,
  };
}

const everything: Interval = [-Infinity, Infinity];
const low = line("low", [0, 1, 2, 3], [1, 1, 1, 1]);
const high = line("high", [10, 20], [9, 9]);
const broken = line("broken", [0, 1, 2, 3], [NaN, NaN, NaN, NaN]);

function at(line: Line, index: number): PointCursor {
  return { name: line.name, index, x: line.x[index]! };
}

function moved(lines: Line[], cursor: PointCursor | null, right: number, up = 0, seen = everything) {
  const hit = movePoint(lines, cursor, { right, up }, seen);
  return hit && [hit.line.name, hit.index];
}

describe("along a line", () => {
  test("the first arrow shows the last point, Home and End their end at once", () => {
    expect(moved([low, high], null, 1)).toEqual(["low", 3]);
    expect(moved([low, high], null, -Infinity)).toEqual(["low", 0]);
    expect(moved([line("none", [], []), high], null, -1)).toEqual(["high", 1]);
    expect(moved([], null, 1)).toBeNull();
    expect(moved([line("none", [], [])], null, 1)).toBeNull();
  });

  test("point by point, by several, to the ends and not past them", () => {
    expect(moved([low], at(low, 1), 1)).toEqual(["low", 2]);
    expect(moved([low], at(low, 0), -1)).toEqual(["low", 0]);
    expect(moved([low], at(low, 1), 20)).toEqual(["low", 3]);
    expect(moved([low], at(low, 1), -Infinity)).toEqual(["low", 0]);
  });

  test("the ends are those in view", () => {
    expect(moved([low], at(low, 1), Infinity, 0, [1, 2])).toEqual(["low", 2]);
    expect(moved([low], at(low, 1), -1, 0, [1, 2])).toEqual(["low", 1]);
    expect(moved([low], null, 0, 0, [1, 2])).toEqual(["low", 2]);
    expect(moved([low], at(low, 3), 1, 0, [50, 60])).toEqual(["low", 3]);
  });

  test("where x goes back each point is reached in turn", () => {
    const resumed = line("resumed", [0, 1, 2, 1, 2, 2], [0, 1, 2, 3, 4, 5]);
    const way = [1, 2, 3, 4, 5, 5];
    let cursor = at(resumed, 0);
    for (const index of way) {
      expect(moved([resumed], cursor, 1)).toEqual(["resumed", index]);
      cursor = at(resumed, index);
    }
  });
});

describe("from line to line", () => {
  test("by their values nearby, those without a number last", () => {
    const lines = [broken, low, high];
    expect(moved(lines, at(low, 2), 0, 1)).toEqual(["high", 0]);
    expect(moved(lines, at(low, 2), 0, -1)).toEqual(["broken", 2]);
    expect(moved(lines, at(broken, 2), 0, -1)).toEqual(["broken", 2]);
    expect(moved(lines, at(high, 0), 0, 1)).toEqual(["high", 0]);
  });

  test("every line can be reached, however far its points lie", () => {
    const lines = [line("early", [0], [5]), low, high, broken];
    let cursor = at(high, 1);
    const seen = new Set(["high"]);
    for (let i = 0; i < 3; i++) {
      const hit = movePoint(lines, cursor, { right: 0, up: -1 }, everything)!;
      seen.add(hit.line.name);
      cursor = at(hit.line, hit.index);
    }
    expect([...seen].sort()).toEqual(["broken", "early", "high", "low"]);
  });
});

test("the cursor keeps its point when the lines are asked for anew", () => {
  const grown = line("low", [0, 2, 3, 4], [1, 1, 1, 1]);
  expect(pointAt([grown], at(low, 2))).toMatchObject({ index: 1 });
  expect(pointAt([high], at(low, 2))).toMatchObject({ line: high, index: 0 });
  expect(pointAt([], at(low, 2))).toBeNull();
});
