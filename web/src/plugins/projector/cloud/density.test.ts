// @vitest-environment jsdom
import { expect, test } from "vitest";
import type { ChartTheme } from "../../../charts/theme";
import { blurred, contour, densityOf } from "./density";
import { paintColors } from "./highlight";
import { PointCloud } from "./pointCloud";
import { front, makeStage } from "./testStage";

test("points are counted where they are seen, with their colours; hidden ones and those behind the edge are not in view", () => {
  const cloud = new PointCloud();
  cloud.setPositions(new Float32Array([0, 0, 0, 0, 0, 0, 0.5, 0, 0, 9, 9, 0, NaN, NaN, NaN]));
  cloud.setColors(paintColors(5, [[200, 100, 0]], null, [], [0, 1, 3, 4]));
  const frame = { ...makeStage(front, true).frame(), theme: {} as ChartTheme };
  const { weights, colors, inView } = densityOf(cloud, frame);
  const sum = (values: Float32Array): number => values.reduce((a, b) => a + b, 0);
  expect(inView).toBe(2);
  expect(sum(weights)).toBeCloseTo(2, 4);
  expect(sum(colors[0]) / sum(weights)).toBeCloseTo(200, 2);
  expect(sum(colors[1]) / sum(weights)).toBeCloseTo(100, 2);
});

test("a point is spread to a round bell", () => {
  const values = new Float32Array(41 * 41);
  values[20 * 41 + 20] = 1;
  blurred(values, 41, 41);
  expect(values[20 * 41 + 20]).toBe(Math.max(...values));
  expect(values[20 * 41 + 24]).toBeCloseTo(values[24 * 41 + 20]!, 6);
  expect(values[20 * 41 + 24]).toBeLessThan(values[20 * 41 + 22]!);
});

test("a contour lies where the values are the level, and is closed", () => {
  const size = 30;
  const cone = Float32Array.from({ length: size * size }, (_, at) =>
    Math.max(0, 1 - Math.hypot((at % size) - 14.5, Math.floor(at / size) - 14.5) / 12),
  );
  const pieces = contour(cone, size, size, 0.5);
  const ends = new Map<string, number>();
  for (const [ax, ay, bx, by] of pieces) {
    expect(Math.hypot(ax - 14.5, ay - 14.5)).toBeCloseTo(6, 0);
    for (const end of [`${ax.toFixed(3)},${ay.toFixed(3)}`, `${bx.toFixed(3)},${by.toFixed(3)}`])
      ends.set(end, (ends.get(end) ?? 0) + 1);
  }
  expect(pieces.length).toBeGreaterThan(20);
  expect([...ends.values()].every((count) => count === 2)).toBe(true);
});
