import { expect, test } from "vitest";
import { decodePose, encodePose, framing, home, interpolated, type CameraPose } from "./pose";

test("framing looks at the chosen points alone and ignores NaN", () => {
  const positions = new Float32Array([0.5, 0.5, 0, 0.7, 0.5, 0, NaN, NaN, NaN, -1, -1, -1]);
  const pose = framing(home, positions, [0, 1, 2]);
  expect(pose.target.map((value) => +value.toFixed(3))).toEqual([0.6, 0.5, 0]);
  expect(pose.zoom).toBeGreaterThan(5);
  expect(framing(home, positions, [2])).toBe(home);
});

test("the shorter way round", () => {
  const a: CameraPose = { ...home, yaw: 3 };
  const b: CameraPose = { ...home, yaw: -3 };
  expect(interpolated(a, b, 0.5).yaw).toBeCloseTo(Math.PI, 5);
  expect(interpolated(a, b, 0)).toEqual(a);
});

test("the address holds a pose, and refuses nonsense", () => {
  const pose: CameraPose = { yaw: 1.25, pitch: -0.5, zoom: 2, target: [0.1, 0, -0.2] };
  expect(decodePose(encodePose(pose))).toEqual(pose);
  for (const text of [
    "",
    "1,2,3",
    "a,b,c,d,e,f",
    "0,0,0,0,0,0",
    "0,0,-1,0,0,0",
    "0,0,NaN,0,0,0",
    "Infinity,0,1,0,0,0",
  ]) {
    expect(decodePose(text)).toBeNull();
  }
  expect(decodePose("0,9,99999,0,0,0")).toMatchObject({ pitch: Math.PI / 2, zoom: 400 });
});
