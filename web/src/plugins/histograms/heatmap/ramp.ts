/** Colours of density, from the card's background to the strongest ink: 256 each, one lightness apart, so that equal ratios look equal. */

import { ramp, toCss, toPixel } from "../../../base/color";

const stops = {
  light: ["#ffffff", "#e4effa", "#bcd8f1", "#86b8e4", "#4b8fd2", "#1f64b4", "#0c3f86", "#06204d"],
  dark: ["#17181b", "#152a42", "#164470", "#1c62a3", "#3686cf", "#6baee8", "#abd5f7", "#eef8ff"],
};

/** The lines over the colours, and what keeps them apart from those. */
export const lineColors = {
  light: { line: "#c2410c", halo: "#ffffff" },
  dark: { line: "#ffab5e", halo: "#17181b" },
};

const size = 256;
const colors = { light: ramp(stops.light), dark: ramp(stops.dark) };
const pixels = new Map<boolean, Uint32Array>();

/** 256 pixels of an `ImageData` seen as 32-bit numbers. */
export function densityRamp(dark: boolean): Uint32Array {
  let found = pixels.get(dark);
  if (!found) {
    const color = dark ? colors.dark : colors.light;
    found = Uint32Array.from({ length: size }, (_, i) => toPixel(color(i / (size - 1))));
    pixels.set(dark, found);
  }
  return found;
}

/** A CSS colour of the ramp, `t` from 0 to 1. */
export function rampColor(dark: boolean, t: number): string {
  return toCss((dark ? colors.dark : colors.light)(t));
}
