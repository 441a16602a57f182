// @vitest-environment jsdom
import { expect, test } from "vitest";
import { hidden, normal, paintColors } from "./highlight";
import { middlePoint, othersInView, spreadingStep } from "./labelling";
import { PointCloud } from "./pointCloud";
import { front, makeStage } from "./testStage";

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

test("another number of points starts with no colours, the same number keeps them", () => {
  const cloud = makeCloud();
  cloud.setPositions(positions);
  expect(cloud.colors[3]).toBe(normal);
  cloud.setPositions(positions.subarray(0, 6));
  expect([...cloud.colors]).toEqual(new Array(8).fill(hidden));
  cloud.setColors(new Uint8Array(16).fill(9));
  expect(cloud.isShown(0)).toBe(false);
});

test("labels are offered to all points in the picture in one order, and Enter chooses the middle", () => {
  const space = makeStage(front, false).frame();
  expect(othersInView(makeCloud(), space, 9).sort()).toEqual([0, 1, 2]);
  expect(othersInView(makeCloud([0, 2]), makeStage(front, true).frame(), 9).sort()).toEqual([0, 2]);
  expect(othersInView(makeCloud(), space, 2)).toHaveLength(2);
  expect(middlePoint(makeCloud([2, 3]), space)).toBe(2);
  expect(middlePoint(makeCloud([3]), space)).toBe(-1);
});

test.each([1, 2, 3, 10, 97, 1000, 10_000])("going on by the step meets each of %s once, spread", (count) => {
  const step = spreadingStep(count);
  const met = Array.from({ length: count }, (_, at) => (at * step) % count);
  expect(new Set(met).size).toBe(count);
  if (count < 97) return;
  const first = met.slice(0, 30).map((index) => Math.floor((10 * index) / count));
  expect(new Set(first).size).toBe(10);
});

test("what is painted leaves out what is hidden and what is nowhere", () => {
  const cloud = makeCloud();
  expect([...cloud.drawn(false)!]).toEqual([0, 1, 2]);
  cloud.setPositions(new Float32Array(12));
  expect(cloud.drawn(false)).toBeNull();
  cloud.setColors(paintColors(4, [[0, 0, 0]], null, [1], [1, 2]));
  expect([...cloud.drawn(false)!]).toEqual([1, 2]);
  expect([...cloud.drawn(true)!]).toEqual([1]);
});
