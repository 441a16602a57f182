// @vitest-environment jsdom
import { expect, test } from "vitest";
import { wheelPixels, wheelZoom } from "./wheel";

const wheel = (init: WheelEventInit) => new WheelEvent("wheel", init);

test("a turn away enlarges, and the same turn back undoes it", () => {
  const away = wheelZoom(wheel({ deltaY: -100 }));
  expect(away).toBeCloseTo(Math.exp(0.2));
  expect(away * wheelZoom(wheel({ deltaY: 100 }))).toBeCloseTo(1);
  expect(wheelZoom(wheel({ deltaY: 0 }))).toBe(1);
});

test("lines and pages count as pixels", () => {
  expect(wheelPixels(wheel({ deltaX: 1, deltaY: 3, deltaMode: 1 }))).toEqual({ x: 16, y: 48 });
  expect(wheelPixels(wheel({ deltaY: 1, deltaMode: 2 }))).toEqual({ x: 0, y: 400 });
});

test("a wheel that runs free zooms no further than a firm turn", () => {
  expect(wheelZoom(wheel({ deltaY: -5000 }))).toBeCloseTo(Math.exp(0.6));
  expect(wheelZoom(wheel({ deltaY: 5000, ctrlKey: true }))).toBeCloseTo(Math.exp(-0.6));
});

test("a pinch, which comes in small steps with ctrl, zooms faster; a wheel turned sideways by alt zooms too", () => {
  expect(wheelZoom(wheel({ deltaY: -10, ctrlKey: true }))).toBeCloseTo(Math.exp(0.1));
  expect(wheelZoom(wheel({ deltaX: -100 }))).toBeCloseTo(Math.exp(0.2));
});
