/** Colours behind the numbers of a column: the larger, the deeper. One hue, so that neither end looks better. */

import { oklch, ramp, toCss } from "../../base/color";
import { numberScale } from "../../base/colorScale";

/** `auto`: by ratios where the numbers span decades. */
export const heatModes = ["auto", "linear", "log", "off"] as const;
export type HeatMode = (typeof heatModes)[number];

/** From nearly the page's background to a depth at which words in the page's colour keep a contrast of 4.5 : 1. */
const stops = {
  light: [toCss(oklch(0.99, 0.006, 300)), toCss(oklch(0.9, 0.06, 300)), toCss(oklch(0.79, 0.12, 300))],
  dark: [toCss(oklch(0.215, 0.01, 300)), toCss(oklch(0.33, 0.07, 300)), toCss(oklch(0.45, 0.13, 300))],
} as const;

/** A place between the smallest number (0) and the largest (1) as a CSS colour. */
export function heatRamp(dark: boolean): (place: number) => string {
  const at = ramp(dark ? stops.dark : stops.light);
  return (place) => toCss(at(place));
}

/**
 * @param values what the colours spread over.
 * @returns the colour behind a number, null for one that has none; null where no number is to have one.
 */
export function heatColors(
  values: Iterable<number>,
  mode: HeatMode,
  dark: boolean,
): ((value: number) => string | null) | null {
  if (mode === "off") return null;
  const scale = numberScale(values, mode === "auto" ? null : mode === "log");
  // Where all are equal there is nothing to tell.
  if (!scale || scale.low === scale.high) return null;
  const color = heatRamp(dark);
  return (value) => {
    const place = scale.place(value);
    return Number.isNaN(place) ? null : color(place);
  };
}
