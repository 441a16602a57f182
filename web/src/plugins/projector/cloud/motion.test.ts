import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Motion, type Move } from "./motion";
import { PointCloud } from "./pointCloud";

/** Frames come when the test says what time it is. */
let tick: (now_ms: number) => void = () => {};
let start_ms = 0;

beforeEach(() => {
  vi.stubGlobal("requestAnimationFrame", (next: typeof tick) => ((tick = next), 1));
  vi.stubGlobal("cancelAnimationFrame", () => (tick = () => {}));
  vi.spyOn(performance, "now").mockReturnValue((start_ms = 1000));
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const steadily = (places: Int32Array | null = null): Move => ({ places, duration_ms: 100, steady: true });
const at = (x: number): number[] => [x, 0, 0];

function shown(...xs: number[]): { cloud: PointCloud; motion: Motion; xs: () => number[] } {
  const cloud = new PointCloud();
  cloud.setPositions(Float32Array.from(xs.flatMap(at)));
  cloud.setColors(new Uint8Array(4 * xs.length).fill(200));
  return {
    cloud,
    motion: new Motion(cloud, () => {}),
    xs: () => [...cloud.positions].filter((_, i) => i % 3 === 0),
  };
}

test("a steady movement goes as far in every part of its time", () => {
  const { motion, xs } = shown(0, 10);
  motion.movePoints(Float32Array.from([at(100), at(10)].flat()), steadily());
  for (const share of [0.1, 0.2, 0.7, 1]) {
    tick(start_ms + 100 * share);
    expect(xs()[0]).toBeCloseTo(100 * share, 3);
  }
});

test("a single movement eases in and out", () => {
  const { motion, xs } = shown(0);
  motion.movePoints(Float32Array.from(at(100)), { ...steadily(), steady: false });
  tick(start_ms + 10);
  expect(xs()[0]).toBeLessThan(5);
  tick(start_ms + 50);
  expect(xs()[0]).toBeCloseTo(50, 3);
});

test("a movement that is overtaken goes on from where the points are", () => {
  const { motion, xs } = shown(0);
  motion.movePoints(Float32Array.from(at(100)), steadily());
  tick(start_ms + 50);
  motion.movePoints(Float32Array.from(at(0)), steadily());
  tick(start_ms);
  expect(xs()[0]).toBeCloseTo(50, 3);
});

test("points go to where they are among others, new ones come and others go", () => {
  const { cloud, motion, xs } = shown(1, 2, 3);
  motion.movePoints(
    Float32Array.from([at(30), at(40), at(10), at(50)].flat()),
    steadily(Int32Array.of(2, -1, 0, -1)),
  );
  expect(xs()).toEqual([3, 40, 1, 50]);
  const fading = motion.takeFading();
  expect([...fading!.isNew]).toEqual([0, 1, 0, 1]);
  expect([...fading!.gone.positions]).toEqual(at(2));
  expect([...fading!.gone.colors]).toEqual([200, 200, 200, 200]);
  cloud.setColors(new Uint8Array(16).fill(200));
  cloud.fadeIn(fading!.isNew, 0.5, [0, 0, 0]);
  expect([...cloud.colors.slice(0, 8)]).toEqual([200, 200, 200, 200, 100, 100, 100, 200]);
  tick(start_ms + 100);
  cloud.fadeIn(fading!.isNew, motion.takeFading()!.share, [0, 0, 0]);
  expect(motion.takeFading()).toBeNull();
  expect([...cloud.colors]).toEqual(new Array(16).fill(200));
  expect(xs()).toEqual([30, 40, 10, 50]);
});

test("other points jump", () => {
  const { motion, xs } = shown(1, 2);
  motion.movePoints(Float32Array.from(at(9)), null);
  expect(xs()).toEqual([9]);
  expect(motion.takeFading()).toBeNull();
});
