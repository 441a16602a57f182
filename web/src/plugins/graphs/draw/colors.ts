/** Colours of boxes: by kind, by structure, by device, or by a quantity from pale to full. */

import { hsl, toCss } from "../../../base/color";
import { hashName } from "../../../base/runColors";
import type { Kind } from "../model/kinds";
import { deviceOf, quantities, quantity } from "../model/quantity";
import type { Tree, Unit } from "../model/tree";

export const colorings = ["kind", "structure", "device", ...quantities] as const;
export type Coloring = (typeof colorings)[number];

export interface BoxColors {
  fill: string;
  outline: string;
  /** The fill of a box that is too small for its title: colour must say what words cannot. */
  far: string;
}

/** Hue and strength of each kind; those that mean "plumbing" stay grey. */
const hues: Record<Kind, readonly [number, number]> = {
  io: [222, 0.9],
  convolution: [212, 0.75],
  linear: [262, 0.6],
  attention: [322, 0.65],
  recurrent: [350, 0.7],
  embedding: [88, 0.5],
  normalization: [38, 0.85],
  activation: [150, 0.5],
  pooling: [184, 0.6],
  dropout: [20, 0.55],
  arithmetic: [0, 0],
  reduction: [56, 0.6],
  shape: [0, 0],
  data: [200, 0.15],
  module: [220, 0.14],
  other: [0, 0],
};

export function kindColors(kind: Kind, dark: boolean): BoxColors {
  const [hue, strength] = hues[kind];
  return hueColors(hue, strength, dark);
}

/** @param strength from 0, grey, to 1. */
export function hueColors(hue: number, strength: number, dark: boolean): BoxColors {
  const color = (saturation: number, lightness: number) => toCss(hsl(hue, strength * saturation, lightness));
  return dark
    ? { fill: color(0.55, 0.19), outline: color(0.6, 0.46), far: color(0.6, 0.38) }
    : { fill: color(1, 0.955), outline: color(0.62, 0.66), far: color(0.8, 0.8) };
}

/** From pale to full, `share` in 0 … 1. */
export function shareColors(share: number, dark: boolean): BoxColors {
  const t = Math.sqrt(Math.min(Math.max(share, 0), 1));
  const color = (saturation: number, lightness: number) => toCss(hsl(24, saturation * t, lightness));
  const fill = dark ? color(0.7, 0.17 + 0.17 * t) : color(0.95, 0.98 - 0.26 * t);
  return { fill, outline: dark ? color(0.6, 0.48) : color(0.6, 0.68 - 0.14 * t), far: fill };
}

/** Colours of each closed box, computed once for each unit. */
export function boxColors(tree: Tree, coloring: Coloring, dark: boolean): (unit: Unit) => BoxColors {
  const compute = colorsBy(tree, coloring, dark);
  const known = new Map<Unit, BoxColors>();
  return (unit) => {
    let colors = known.get(unit);
    if (!colors) known.set(unit, (colors = compute(unit)));
    return colors;
  };
}

function colorsBy(tree: Tree, coloring: Coloring, dark: boolean): (unit: Unit) => BoxColors {
  if (coloring === "kind") return (unit) => kindColors(unit.kind, dark);
  if (coloring === "structure") return structureColors(tree, dark);
  if (coloring === "device")
    return (unit) => {
      const device = deviceOf(tree, unit);
      return device ? hueColors((hashName(device) * 47) % 360, 0.6, dark) : hueColors(0, 0, dark);
    };
  const measured = quantity(tree, coloring);
  if (!measured) return (unit) => kindColors(unit.kind, dark);
  return (unit) => shareColors(measured.of(unit) / measured.largest, dark);
}

/** A hue for each structure that occurs twice or more. */
function structureColors(tree: Tree, dark: boolean): (unit: Unit) => BoxColors {
  const uses = new Map<string, number>();
  for (const unit of tree.units) uses.set(unit.structure, (uses.get(unit.structure) ?? 0) + 1);
  return (unit) => {
    const structure = unit.repeats ? (unit.children[0]?.structure ?? "") : unit.structure;
    if ((uses.get(structure) ?? 0) < 2) return hueColors(0, 0, dark);
    return hueColors(hashName(structure) % 360, 0.65, dark);
  };
}
