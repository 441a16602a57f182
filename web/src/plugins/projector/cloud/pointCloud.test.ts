// @vitest-environment jsdom
import { expect, test } from "vitest";
import { hidden, normal, paintColors } from "./highlight";
import { middlePoint, nearestPoints } from "./labelling";
import { PointCloud } from "./pointCloud";
import { front, height, makeStage, width } from "./testStage";

/** A point behind, one in front, one at the right, and one that is nowhere. */
const positions = new Float32Array([0, 0, -0.5, 0, 0, 0.5, 0.8, 0, 0, NaN, NaN, NaN]);

function makeCloud(only: number[] | null = null): PointCloud {
  const cloud = new PointCloud();
  cloud.setPositions(positions);
  cloud.setColors(paintColors(4, [[0, 0, 0]], null, [], only));
  return cloud;
}

test("the foremost point under the pointer is picked, if it is drawn", () => {
  const frame = makeStage(front, false).frame();
  expect(makeCloud().pick(frame, 400, 300)).toBe(1);
  expect(makeCloud([0, 2, 3]).pick(frame, 400, 300)).toBe(0);
  expect(makeCloud().pick(frame, 20, 20)).toBe(-1);
});

test("small points are hit within five pixels, large ones on their disc, far or near", () => {
  for (const isPlane of [false, true]) {
    const frame = { ...makeStage(front, isPlane).frame(), diameter_px: 2 };
    const cloud = makeCloud([0]);
    expect(cloud.pick(frame, 404.5, 300)).toBe(0);
    expect(cloud.pick(frame, 406, 300)).toBe(-1);
    const large = { ...frame, diameter_px: 60 };
    expect(cloud.pick(large, 420, 300)).toBe(0);
    expect(cloud.pick(large, 440, 300)).toBe(-1);
  }
});

test("in the plane the nearest middle is picked", () => {
  const frame = { ...makeStage(front, true).frame(), diameter_px: 100 };
  const cloud = new PointCloud();
  cloud.setPositions(new Float32Array([0, 0, 0, 0.1, 0, 0]));
  cloud.setColors(paintColors(2, [[0, 0, 0]], null, [], null));
  const apart_px = (0.1 * 300) / 1.06;
  expect(cloud.pick(frame, 400 + 0.4 * apart_px, 300)).toBe(0);
  expect(cloud.pick(frame, 400 + 0.6 * apart_px, 300)).toBe(1);
});

test.each([false, true])("a box holds the drawn points within it (plane: %s)", (isPlane) => {
  const frame = makeStage(front, isPlane).frame();
  expect(makeCloud().within(frame, [350, 250, 450, 350])).toEqual([0, 1]);
  expect(makeCloud([2, 3]).within(frame, [0, 0, width, height])).toEqual([2]);
  expect(makeCloud().within(frame, [500, 0, width, height])).toEqual([2]);
  expect(makeCloud().within(frame, [10, 10, 10, 10])).toEqual([]);
});

test("another number of points starts with no colours, the same number keeps them", () => {
  const cloud = makeCloud();
  cloud.setPositions(positions);
  expect(cloud.colors[3]).toBe(normal);
  cloud.setPositions(positions.subarray(0, 6));
  expect([...cloud.colors]).toEqual(new Array(8).fill(hidden));
  cloud.setColors(new Uint8Array(16).fill(9));
  expect(cloud.isShown(0)).toBe(false);
});

test("labels go to what lies nearest, and Enter chooses the middle", () => {
  const space = makeStage(front, false).frame();
  expect(nearestPoints(makeCloud(), space, 2)).toEqual([1, 2]);
  expect(nearestPoints(makeCloud([0, 2]), makeStage(front, true).frame(), 9)).toEqual([0, 2]);
  const many = new PointCloud();
  const depths = Float32Array.from({ length: 99 }, (_, i) => ((i * 37) % 99) / 99);
  many.setPositions(Float32Array.from({ length: 297 }, (_, i) => (i % 3 === 2 ? depths[(i - 2) / 3]! : 0)));
  many.setColors(paintColors(99, [[0, 0, 0]], null, [], null));
  expect(nearestPoints(many, space, 5).map((index) => Math.round(99 * depths[index]!))).toEqual([
    98, 97, 96, 95, 94,
  ]);
  expect(middlePoint(makeCloud([2, 3]), space)).toBe(2);
  expect(middlePoint(makeCloud([3]), space)).toBe(-1);
});
