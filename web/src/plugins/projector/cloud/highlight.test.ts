import { expect, test } from "vitest";
import { dimmed, hidden, highlighted, normal, paintColors } from "./highlight";
import { medians } from "./medians";

test("chosen points stand out, the others fade, isolated ones are alone", () => {
  const palette = [[1, 2, 3], [4, 5, 6]] as const; // prettier-ignore
  const codes = new Uint32Array([0, 1, 0]);
  const fourths = (colors: Uint8Array): number[] => [3, 7, 11].map((at) => colors[at]!);
  const plain = paintColors(3, palette, codes, [], null);
  expect([...plain.slice(4, 8)]).toEqual([4, 5, 6, normal]);
  expect(fourths(paintColors(3, palette, codes, [1, 99], null))).toEqual([dimmed, highlighted, dimmed]);
  expect(fourths(paintColors(3, palette, codes, [1, 2], [0, 1]))).toEqual([dimmed, highlighted, hidden]);
  expect(fourths(paintColors(3, palette, null, [], [2]))).toEqual([hidden, hidden, normal]);
});

test("groups have their middle where most of their points are", () => {
  const all = (): boolean => true;
  const positions = new Float32Array([0, 0, 0, 0, 1, 0, 9, 1, 0, 5, 5, 5, NaN, NaN, NaN]);
  expect(medians(positions, new Uint32Array([0, 0, 0, 1, 1]), 3, all)).toEqual([[0, 1, 0], [5, 5, 5], null]); // prettier-ignore
  const long = new Float32Array(3 * 5000).map((_, i) => Math.floor(i / 3));
  const [[x]] = medians(long, new Uint32Array(5000), 1, all) as [[number, number, number]];
  expect(Math.abs(x - 2500)).toBeLessThan(600);
});
