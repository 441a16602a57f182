import { expect, test } from "vitest";
import { neighbourAccuracy, type Quality } from "./quality";

const quality = (k: number, sample: number[], neighbours: number[]): Quality => ({
  k,
  trustworthiness: 1,
  sample: Int32Array.from(sample),
  in_layout: Int32Array.from(neighbours),
  in_data: Int32Array.from(neighbours),
});

test("a point is right where most of its neighbours have its value, of equally many the nearest", () => {
  const codes = Uint32Array.of(0, 0, 1, 1, 2);
  const measured = quality(3, [0, 2], [1, 2, 1, 0, 3, 3]);
  expect(neighbourAccuracy(measured, measured.in_layout, codes)).toBe(1);
  const tied = quality(2, [0, 0], [1, 2, 2, 1]);
  expect(neighbourAccuracy(tied, tied.in_layout, codes)).toBe(0.5);
});
