import { expect, test } from "vitest";
import { contrast, hsl, mix, oklch, parseColor, ramp, toCss, toPixel, type Rgb } from "./color";

const black: Rgb = [0, 0, 0];
const white: Rgb = [255, 255, 255];

test("a colour is read as style sheets write it, and written so that it is read the same", () => {
  expect(parseColor(" #1860d8 ")).toEqual([0x18, 0x60, 0xd8]);
  expect(parseColor("#FA0")).toEqual([0xff, 0xaa, 0]);
  expect(parseColor("rgb(1 20 255)")).toEqual([1, 20, 255]);
  expect(parseColor("rgb(1, 20, 255)")).toEqual([1, 20, 255]);
  for (const text of ["#000000", "#010203", "#ffffff"]) expect(toCss(parseColor(text))).toBe(text);
});

test("what is no colour is refused with what was seen and wanted", () => {
  for (const text of ["", "red", "#12", "#12345", "#1234567", "hsl(0 0% 0%)", "rgb(1 2)"])
    expect(() => parseColor(text)).toThrow(`no colour: ${JSON.stringify(text)}; wanted #rgb`);
});

test("a pixel lies in memory as red, green, blue, opaque", () => {
  const pixel = Uint32Array.of(toPixel([1, 2, 3]));
  expect([...new Uint8Array(pixel.buffer)]).toEqual([1, 2, 3, 255]);
});

test("a ramp meets its stops, is mixed between them, and ends where they end", () => {
  expect(mix(black, white, 0.5)).toEqual([128, 128, 128]);
  const place = ramp(["#000000", "#ff0000", "#ffffff"]);
  expect([-1, 0, 0.25, 0.5, 1, 2].map(place)).toEqual([black, black, [128, 0, 0], [255, 0, 0], white, white]);
});

test("HSL's corners", () => {
  expect([0, 60, 120, 180, 240, 300].map((hue) => toCss(hsl(hue, 1, 0.5)))).toEqual([
    "#ff0000",
    "#ffff00",
    "#00ff00",
    "#00ffff",
    "#0000ff",
    "#ff00ff",
  ]);
  expect(hsl(77, 0, 0.5)).toEqual([128, 128, 128]);
  expect(hsl(77, 1, 1)).toEqual(white);
});

test("OKLCH's white, black and red", () => {
  expect(oklch(1, 0, 0)).toEqual(white);
  expect(oklch(0, 0, 0)).toEqual(black);
  const red = oklch(0.628, 0.2577, 29.23);
  expect(Math.hypot(red[0] - 255, red[1], red[2])).toBeLessThan(12);
});

test("contrast as WCAG counts it, whichever comes first", () => {
  expect(contrast(black, white)).toBeCloseTo(21, 6);
  expect(contrast(white, white)).toBe(1);
  // Source: WebAIM's contrast checker, #767676 on white is the greyest that passes AA.
  expect(contrast(parseColor("#767676"), white)).toBeCloseTo(4.54, 2);
  expect(contrast(white, parseColor("#767676"))).toBeCloseTo(4.54, 2);
});
