/** Colours of points by a metadata field: a hue for each value, or a gradient over numbers. */

import { ramp, toCss, type Rgb } from "../../base/color";
import { categoryColors, greyOf, mostDistinct } from "./categoryColors";
import type { Field } from "./data";
import { numberScale, type NumberScale, type ScaleKind } from "./scales";

/** Up to this many distinct values are shown as categories without being asked, as in TensorBoard. */
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
  | {
      kind: "categories";
      field: Field;
      /** Of each value; grey for the rare ones where there are more than can be told apart. */
      colors: Rgb[];
      counts: number[];
      /** The values by falling number of points. */
      ranked: number[];
      /** How many values share the grey. */
      others: number;
    }
  | {
      kind: "gradient";
      field: Field;
      gradient: Gradient;
      dark: boolean;
      low: number;
      high: number;
      scale: NumberScale;
    };

/** As what a field is shown; `auto`: as suits it. */
export const colorForms = ["auto", "categories", "gradient"] as const;
export type ColorForm = (typeof colorForms)[number];

/** Whether a field can be shown as categories, and as a gradient. Texts that are all different are neither. */
export function colorKinds(field: Field): { categories: boolean; gradient: boolean } {
  const numbers = field.numeric ? field.values.filter((value) => Number.isFinite(parse(value))).length : 0;
  return {
    categories: field.values.length <= maxCategories || 2 * field.values.length <= field.codes.length,
    gradient: numbers > 1,
  };
}

/** The first field that has colours to show, rather one of few values than of many; none if every value is unique text. */
export function firstColored(fields: readonly Field[]): Field | null {
  const kinds = fields.map((field) => ({ field, ...colorKinds(field) }));
  const few = kinds.find(
    ({ field, categories }) => categories && field.values.length > 1 && field.values.length <= maxCategories,
  );
  return (few ?? kinds.find(({ categories, gradient }) => categories || gradient))?.field ?? null;
}

export interface ColorChoice {
  form: ColorForm;
  gradient: Gradient;
  /** Null: what suits the numbers. */
  scale: ScaleKind | null;
  dark: boolean;
}

export function coloringOf(field: Field | null, { form, gradient, scale, dark }: ColorChoice): Coloring {
  if (field === null) return { kind: "one" };
  const can = colorKinds(field);
  const few = field.values.length <= maxCategories;
  const asNumbers = form === "gradient" || (form === "auto" && !few) || !can.categories;
  if (can.gradient && asNumbers) return gradientOf(field, gradient, scale, dark);
  if (!can.categories) return { kind: "one" };
  const counts = countsOf(field);
  const ranked = field.values.map((_, code) => code).sort((a, b) => counts[b]! - counts[a]! || a - b);
  const own =
    field.values.length <= mostDistinct ? field.values.map((_, code) => code) : ranked.slice(0, mostDistinct);
  const colors: Rgb[] = field.values.map(() => greyOf(dark));
  const distinct = categoryColors(own.length, dark);
  own.forEach((code, at) => (colors[code] = distinct[at]!));
  return { kind: "categories", field, colors, counts, ranked, others: field.values.length - own.length };
}

function gradientOf(field: Field, gradient: Gradient, wanted: ScaleKind | null, dark: boolean): Coloring {
  const counts = countsOf(field);
  const pairs = field.values
    .map((value, code) => [parse(value), counts[code]!] as const)
    .filter(([value]) => Number.isFinite(value))
    .sort(([a], [b]) => a - b);
  const scale = numberScale(
    pairs.map(([value]) => value),
    pairs.map(([, count]) => count),
    wanted,
  );
  return { kind: "gradient", field, gradient, dark, low: scale.low, high: scale.high, scale };
}

/** How many points have each value. */
export function countsOf(field: Field): number[] {
  const counts = field.values.map(() => 0);
  for (const code of field.codes) counts[code]!++;
  return counts;
}

/** The colour of every distinct value of a colouring's field. */
export function valueColors(coloring: Coloring, plain: Rgb, missing: Rgb): Rgb[] {
  if (coloring.kind === "one") return [plain];
  if (coloring.kind === "categories") return coloring.colors;
  const { scale, gradient, dark } = coloring;
  return coloring.field.values.map((value) => {
    const place = scale.place(parse(value));
    return Number.isFinite(place) ? readableColor(gradient, place, dark) : missing;
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

/** The number a cell stands for; NaN for a cell that is empty. */
export function parse(value: string): number {
  return value.trim() === "" ? NaN : Number(value);
}
