import { expect, test } from "vitest";
import {
  between,
  clipMatrix,
  decodeView,
  distance,
  encodeView,
  framing,
  home,
  panned,
  rotated,
  toScreen,
  zoomed,
  type View,
} from "./camera";

const size = { width: 800, height: 600 };

function at(view: View, flat: boolean, point: readonly [number, number, number]): [number, number, number] {
  const out: [number, number, number] = [0, 0, 0];
  toScreen(clipMatrix(view, flat, size), size, ...point, out);
  return out;
}

test("the middle of the cloud is the middle of the picture, at the target's distance", () => {
  for (const flat of [false, true]) {
    const [x, y, w] = at(home, flat, [0, 0, 0]);
    expect([x, y]).toEqual([400, 300]);
    expect(w).toBeCloseTo(distance(home, flat), 5);
  }
});

test("in the plane the first component goes right and the second up", () => {
  expect(at(home, true, [0.5, 0, 0.9])[0]).toBeGreaterThan(500);
  expect(at(home, true, [0, 0.5, -0.9])[1]).toBeLessThan(200);
});

test("nearer points have a smaller w, and depth stays within the clip range", () => {
  const front: View = { ...home, yaw: 0, pitch: 0 };
  expect(at(front, false, [0, 0, 1])[2]).toBeLessThan(at(front, false, [0, 0, -1])[2]);
  const m = clipMatrix(front, false, size);
  for (const z of [-1, 0, 1]) {
    const depth = (m[10]! * z + m[14]!) / (m[11]! * z + m[15]!);
    expect(Math.abs(depth)).toBeLessThan(1);
  }
});

test("dragging turns the near side with the pointer", () => {
  const front: View = { ...home, yaw: 0, pitch: 0 };
  const turned = rotated(front, 40, 30, size);
  const [x, y] = at(turned, false, [0, 0, 1]);
  expect(x).toBeGreaterThan(400);
  expect(y).toBeGreaterThan(300);
  expect(rotated(front, 0, 99999, size).pitch).toBeCloseTo(Math.PI / 2);
});

test.each([false, true])("panning and zooming keep what is under the pointer (plane: %s)", (flat) => {
  const point = [0.2, -0.3, 0] as const;
  const [x, y] = at({ ...home, yaw: 0, pitch: 0 }, flat, point);
  const front: View = { ...home, yaw: 0, pitch: 0 };
  const moved = at(panned(front, 30, -20, flat, size), flat, point);
  expect(moved[0]).toBeCloseTo(x + 30, 3);
  expect(moved[1]).toBeCloseTo(y - 20, 3);
  const near = at(zoomed(front, 3, x, y, flat, size), flat, point);
  expect(near[0]).toBeCloseTo(x, 3);
  expect(near[1]).toBeCloseTo(y, 3);
});

test("framing looks at the chosen points alone and ignores NaN", () => {
  const positions = new Float32Array([0.5, 0.5, 0, 0.7, 0.5, 0, NaN, NaN, NaN, -1, -1, -1]);
  const view = framing(home, positions, [0, 1, 2]);
  expect(view.target.map((value) => +value.toFixed(3))).toEqual([0.6, 0.5, 0]);
  expect(view.zoom).toBeGreaterThan(5);
  expect(framing(home, positions, [2])).toBe(home);
});

test("the shorter way round", () => {
  const a: View = { ...home, yaw: 3 };
  const b: View = { ...home, yaw: -3 };
  expect(between(a, b, 0.5).yaw).toBeCloseTo(Math.PI, 5);
  expect(between(a, b, 0)).toEqual(a);
});

test("the address holds a view, and refuses nonsense", () => {
  const view: View = { yaw: 1.25, pitch: -0.5, zoom: 2, target: [0.1, 0, -0.2] };
  expect(decodeView(encodeView(view))).toEqual(view);
  for (const text of [
    "",
    "1,2,3",
    "a,b,c,d,e,f",
    "0,0,0,0,0,0",
    "0,0,-1,0,0,0",
    "0,0,NaN,0,0,0",
    "Infinity,0,1,0,0,0",
  ]) {
    expect(decodeView(text)).toBeNull();
  }
  expect(decodeView("0,9,99999,0,0,0")).toMatchObject({ pitch: Math.PI / 2, zoom: 400 });
});
