import { expect, test } from "vitest";
import { colorScale } from "./colorScale";

test("numbers that span decades are placed by their logarithm, others by their size", () => {
  const rates = colorScale([1e-4, 1e-3, 1e-2], false)!;
  expect(rates.log).toBe(true);
  const steps = colorScale([0, 50, 100], false)!;
  expect(steps.log).toBe(false);
  expect(rates.color(1e-3)).toBe(steps.color(50));
  expect(colorScale([-5, 1000], true)!.log).toBe(false);
  expect(colorScale([2, 3], true)!.log).toBe(false);
});

test("what is no number has no place; a single value has the middle's colour", () => {
  expect(colorScale([NaN, Infinity], false)).toBeNull();
  expect(colorScale([7], false)!.color(7)).toBe(colorScale([0, 2], false)!.color(1));
  expect(colorScale([NaN, 1, 2], false)).toMatchObject({ low: 1, high: 2 });
});
