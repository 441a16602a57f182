/** Colours of points by a metadata field: a hue for each value, or a gradient over numbers. */

import { oklch, parseColor, ramp, toCss, type Rgb } from "../../base/color";
import { palettes } from "../../base/runColors";
import type { Field } from "./data";

/** Up to this many distinct values have colours of their own, as in TensorBoard. */
export const maxCategories = 50;

export const gradients = ["viridis", "ember", "balance"] as const;
export type Gradient = (typeof gradients)[number];

/**
 * Stops at equal distances, dark to light (`balance`: from blue over grey to red).
 *
 * **Source**: viridis after matplotlib's `_cm_listed.py` (CC0), every 32nd entry; the others are our own.
 */
const stops: Record<Gradient, readonly string[]> = {
  viridis: [
    "#440154",
    "#472d7b",
    "#3b528b",
    "#2c728e",
    "#21918c",
    "#28ae80",
    "#5ec962",
    "#addc30",
    "#fde725",
  ],
  ember: ["#1d1147", "#51127c", "#832681", "#b73779", "#e75263", "#fc8961", "#fec488", "#fcfdbf"],
  balance: ["#1f4fa8", "#4f86d0", "#92b8e0", "#b9bcc0", "#e3a08c", "#d05f4a", "#a51f2c"],
};

/** How a field colours points. */
export type Coloring =
  | { kind: "one" }
  | { kind: "categories"; field: Field; colors: Rgb[]; counts: number[] }
  | { kind: "gradient"; field: Field; gradient: Gradient; dark: boolean; low: number; high: number };

/** Whether a field can be shown as categories, and as a gradient. */
export function colorKinds(field: Field): { categories: boolean; gradient: boolean } {
  const numbers = field.values.filter((value) => Number.isFinite(parse(value))).length;
  return {
    categories: field.values.length <= maxCategories,
    gradient: field.numeric && numbers > 1,
  };
}

/** The first field that has colours to show; none if every value is unique text. */
export function firstColored(fields: readonly Field[]): Field | null {
  return fields.find((field) => colorKinds(field).categories || colorKinds(field).gradient) ?? null;
}

/** @param asGradient whether numbers with few values are shown as a gradient nevertheless. */
export function coloringOf(
  field: Field | null,
  asGradient: boolean,
  gradient: Gradient,
  dark: boolean,
): Coloring {
  if (field === null) return { kind: "one" };
  const can = colorKinds(field);
  if (can.gradient && (asGradient || !can.categories)) {
    const numbers = field.values.map(parse).filter(Number.isFinite);
    let low = Infinity;
    let high = -Infinity;
    for (const value of numbers) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    return { kind: "gradient", field, gradient, dark, low, high };
  }
  if (!can.categories) return { kind: "one" };
  const counts = field.values.map(() => 0);
  for (const code of field.codes) counts[code]!++;
  return { kind: "categories", field, colors: categoryColors(field.values.length, dark), counts };
}

/** The colour of every distinct value of a colouring's field. */
export function valueColors(coloring: Coloring, plain: Rgb, missing: Rgb): Rgb[] {
  if (coloring.kind === "one") return [plain];
  if (coloring.kind === "categories") return coloring.colors;
  const { low, high, gradient, dark } = coloring;
  return coloring.field.values.map((value) => {
    const number = parse(value);
    if (!Number.isFinite(number)) return missing;
    return readableColor(gradient, high > low ? (number - low) / (high - low) : 0.5, dark);
  });
}

const ramps: Record<Gradient, (place: number) => Rgb> = {
  viridis: ramp(stops.viridis),
  ember: ramp(stops.ember),
  balance: ramp(stops.balance),
};

/** A gradient's colour at a place from 0 to 1. */
export function gradientColor(gradient: Gradient, place: number): Rgb {
  return ramps[gradient](place);
}

/** The part of a gradient that stands out from the page's background: without its darkest end in the dark, its lightest in the light. */
export function readableColor(gradient: Gradient, place: number, dark: boolean): Rgb {
  if (gradient === "balance") return gradientColor(gradient, place);
  return gradientColor(gradient, dark ? 0.2 + 0.8 * place : 0.92 * place);
}

export function gradientCss(gradient: Gradient, dark: boolean): string {
  const colors = Array.from({ length: 9 }, (_, i) => toCss(readableColor(gradient, i / 8, dark)));
  return `linear-gradient(to right, ${colors.join(", ")})`;
}

/**
 * Hues that can be told apart: the page's palette for up to eight values, beyond that steps around the colour circle in alternating
 * lightness, so that neighbours in the legend never look alike.
 */
export function categoryColors(count: number, dark: boolean): Rgb[] {
  if (count <= palettes.light.length) {
    return (dark ? palettes.dark : palettes.light).slice(0, count).map(parseColor);
  }
  const levels = dark ? [0.74, 0.6, 0.86] : [0.58, 0.46, 0.7];
  return Array.from({ length: count }, (_, i) => {
    const lightness = levels[count > 16 ? i % 3 : i % 2]!;
    return oklch(lightness, 0.155, ((i * 360) / count + 255) % 360);
  });
}

/** The number a cell stands for; NaN for a cell that is empty. */
export function parse(value: string): number {
  return value.trim() === "" ? NaN : Number(value);
}
