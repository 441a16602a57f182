import { expect, test } from "vitest";
import { formatPixel } from "./pixel";
import { zoomed } from "../../widgets/panZoom";
import { copySize, type Sample } from "./data";
import { actual, fitted, scaleLimits } from "./placement";

test("a small picture fits by whole factors, a large one by any", () => {
  expect(fitted([10, 10], [105, 300])).toEqual({ x: 2.5, y: 100, scale: 10 });
  expect(fitted([200, 100], [100, 100])).toEqual({ x: 0, y: 25, scale: 0.5 });
  expect(actual([50, 50], [100, 80])).toEqual({ x: 25, y: 15, scale: 1 });
});

test("zooming keeps the place under the pointer, up to pixels that can be counted", () => {
  const before = { x: 10, y: 20, scale: 2 };
  const after = zoomed(before, 3, 50, 60, scaleLimits);
  expect(after.scale).toBe(6);
  const at = (place: typeof before) => [(50 - place.x) / place.scale, (60 - place.y) / place.scale];
  expect(at(after)).toEqual(at(before));
  expect(zoomed(before, 1e9, 0, 0, scaleLimits).scale).toBe(128);
});

test("a pixel in words", () => {
  expect(formatPixel(3, 7, [160, 120, 8, 255])).toBe("x 3  y 7  #a07808  160 120 8");
  expect(formatPixel(0, 0, [0, 0, 0, 51])).toBe("x 0  y 0  #000000  0 0 0  20 %");
  expect(formatPixel(1, 2, null)).toBe("x 1  y 2");
});

test("a card shows a copy of a picture that has far more pixels", () => {
  const sample: Sample = { media_type: "image/png", bytes: 5e6, size: [4096, 2048] };
  const size = (shown_px: number, change: Partial<Sample> = {}) =>
    copySize({ ...sample, ...change }, shown_px);
  expect([200, 600, 1025, 3000, Infinity].map((shown_px) => size(shown_px))).toEqual([
    256,
    1024,
    2048,
    null,
    null,
  ]);
  expect(size(200, { size: [500, 300] })).toBeNull();
  expect(size(200, { size: null })).toBeNull();
  expect(size(200, { bytes: 50_000 })).toBeNull();
  expect(size(200, { media_type: "video/mp4" })).toBeNull();
});
