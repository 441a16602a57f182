// @vitest-environment jsdom
import { Vector3 } from "three";
import { expect, test } from "vitest";
import { home, type CameraPose } from "./pose";
import { Screen } from "./screen";
import { front, height, makeStage, width, type TestStage } from "./testStage";

/** Pixels of a point, and its distance along the line of sight. */
function at({ orbit }: TestStage, point: readonly [number, number, number]): Vector3 {
  return new Screen(orbit.camera, width, height).place(...point, new Vector3());
}

test("the middle of the cloud is the middle of the picture, at the target's distance", () => {
  for (const isPlane of [false, true]) {
    const stage = makeStage(home, isPlane);
    const { x, y, z } = at(stage, [0, 0, 0]);
    expect(x).toBeCloseTo(400, 6);
    expect(y).toBeCloseTo(300, 6);
    expect(z).toBeCloseTo(isPlane ? 1 : stage.orbit.distance, 5);
  }
});

test("in the plane the first component goes right and the second up", () => {
  const stage = makeStage(home, true);
  expect(at(stage, [0.5, 0, 0.9]).x).toBeGreaterThan(500);
  expect(at(stage, [0, 0.5, -0.9]).y).toBeLessThan(200);
  // The ball fills the shorter side but for a margin, as the page's documentation and tests compute it.
  expect(at(stage, [1, 0, 0]).x - 400).toBeCloseTo(300 / 1.06, 4);
});

test("nearer points are nearer along the line of sight, and depth stays within the clip range", () => {
  const stage = makeStage(front, false);
  expect(at(stage, [0, 0, 1]).z).toBeLessThan(at(stage, [0, 0, -1]).z);
  for (const z of [-1, 0, 1]) {
    const clip = new Vector3(0, 0, z).project(stage.orbit.camera);
    expect(Math.abs(clip.z)).toBeLessThan(1);
  }
});

test("a pose that is shown is the pose that is told, in space and in the plane", () => {
  const pose: CameraPose = { yaw: 2.5, pitch: -0.7, zoom: 3, target: [0.2, -0.1, 0.3] };
  for (const isPlane of [false, true]) {
    const stage = makeStage(pose, isPlane);
    expect(stage.poses).toEqual([]);
    stage.orbit.controls.update();
    const told = stage.poses.at(-1)!;
    for (const key of ["yaw", "pitch", "zoom"] as const) expect(told[key]).toBeCloseTo(pose[key], 5);
    told.target.forEach((value, i) => expect(value).toBeCloseTo(pose.target[i]!, 5));
  }
});

test("turning moves the near side with the pointer, and ends at the poles", () => {
  const stage = makeStage(front, false);
  const { controls } = stage.orbit;
  controls.rotateLeft(0.2);
  controls.rotateUp(0.15);
  const { x, y } = at(stage, [0, 0, 1]);
  expect(x).toBeGreaterThan(400);
  expect(y).toBeGreaterThan(300);
  controls.rotateUp(99);
  expect(stage.poses.at(-1)!.pitch).toBeCloseTo(Math.PI / 2, 4);
});

test.each([false, true])("panning and zooming keep what is under the pointer (plane: %s)", (isPlane) => {
  const point = [0.2, -0.3, 0] as const;
  const stage = makeStage(front, isPlane);
  const { x, y } = at(stage, point);
  stage.orbit.controls.pan(30, -20);
  expect(at(stage, point).x).toBeCloseTo(x + 30, 3);
  expect(at(stage, point).y).toBeCloseTo(y - 20, 3);
  const [left, top] = [x + 30, y - 20];
  stage.element.dispatchEvent(new WheelEvent("wheel", { deltaY: -500, clientX: left, clientY: top }));
  expect(stage.poses.at(-1)!.zoom).toBeGreaterThan(2);
  expect(at(stage, point).x).toBeCloseTo(left, 2);
  expect(at(stage, point).y).toBeCloseTo(top, 2);
});

test("every pixel of a pan counts, however near the camera is", () => {
  const stage = makeStage({ ...front, zoom: 400 }, false);
  stage.orbit.controls.pan(1, 0);
  expect(stage.poses).toHaveLength(1);
  expect(at(stage, [0, 0, 0]).x).toBeCloseTo(401, 2);
});

test.each([false, true])(
  "however far the wheel turns, what it aims at stays in view before the camera (plane: %s)",
  (isPlane) => {
    const stage = makeStage(front, isPlane);
    const point = [0.3, 0.2, 0.6] as const;
    const before = at(stage, point);
    stage.orbit.aimAt = () => new Vector3(...point);
    for (let notch = 0; notch < 60; notch++)
      stage.element.dispatchEvent(new WheelEvent("wheel", { deltaY: -100, clientX: 100, clientY: 500 }));
    const { x, y, z } = at(stage, point);
    expect(z).toBeGreaterThan(0);
    expect([x, y]).toEqual([expect.closeTo(before.x, 1), expect.closeTo(before.y, 1)]);
    expect(stage.poses.at(-1)!.zoom).toBe(400);
    const clip = new Vector3(...point).project(stage.orbit.camera);
    expect(Math.abs(clip.z)).toBeLessThan(1);
  },
);
