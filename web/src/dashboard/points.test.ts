// @vitest-environment jsdom
import { expect, test } from "vitest";
import { nearestStep } from "./points.svelte";

test("the nearest step, the later one of two", () => {
  expect(nearestStep([0, 10, 20], 14)).toBe(1);
  expect(nearestStep([0, 10, 20], 15)).toBe(2);
  expect(nearestStep([0, 10, 10, 20], 10)).toBe(2);
  expect(nearestStep([], 3)).toBe(-1);
});
