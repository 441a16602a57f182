/** Colours of boxes: by kind, by structure, by device, or by a quantity from pale to full. */

import { hashName } from "../../../base/runColors";
import type { Kind } from "../model/kinds";
import type { Tree, Unit } from "../model/tree";

export const colorings = ["kind", "structure", "device", "parameters", "memory", "time"] as const;
export type Coloring = (typeof colorings)[number];

export interface Paint {
  fill: string;
  stroke: string;
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

export function kindPaint(kind: Kind, dark: boolean): Paint {
  const [hue, strength] = hues[kind];
  return huePaint(hue, strength, dark);
}

export function huePaint(hue: number, strength: number, dark: boolean): Paint {
  const hsl = (saturation: number, light: number) =>
    `hsl(${hue} ${Math.round(100 * strength * saturation)}% ${light}%)`;
  return dark
    ? { fill: hsl(0.55, 19), stroke: hsl(0.6, 46), far: hsl(0.6, 38) }
    : { fill: hsl(1, 95.5), stroke: hsl(0.62, 66), far: hsl(0.8, 80) };
}

/** From pale to full, `share` in 0 … 1. */
export function sharePaint(share: number, dark: boolean): Paint {
  const t = Math.sqrt(Math.min(Math.max(share, 0), 1));
  const hsl = (saturation: number, light: number) =>
    `hsl(24 ${Math.round(saturation * t)}% ${Math.round(light)}%)`;
  const fill = dark ? hsl(70, 17 + 17 * t) : hsl(95, 98 - 26 * t);
  return { fill, stroke: dark ? hsl(60, 48) : hsl(60, 68 - 14 * t), far: fill };
}

/** The colours of the page that canvases use. */
export interface Theme {
  dark: boolean;
  background: string;
  surface: string;
  text: string;
  dim: string;
  faint: string;
  wire: string;
  accent: string;
  incoming: string;
  outgoing: string;
  scope: readonly string[];
  scopeStroke: string;
}

export function themeOf(dark: boolean): Theme {
  return dark
    ? {
        dark,
        background: "#131416",
        surface: "#17181b",
        text: "#ececea",
        dim: "#9fa1a5",
        faint: "#7c7f85",
        wire: "#5d626b",
        accent: "#86aef8",
        incoming: "#6cb4f0",
        outgoing: "#e8a04c",
        scope: ["#1a1c21", "#20232a", "#272b33", "#2d323c"],
        scopeStroke: "#434955",
      }
    : {
        dark,
        background: "#ffffff",
        surface: "#ffffff",
        text: "#1b1c1e",
        dim: "#5f6164",
        faint: "#808285",
        wire: "#a3a7ae",
        accent: "#1c55c4",
        incoming: "#1860d8",
        outgoing: "#b4500c",
        scope: ["#f8f9fb", "#f1f3f7", "#e9edf3", "#e2e7ef"],
        scopeStroke: "#c3c9d4",
      };
}

/** What a quantity is per unit, and its largest value among ops and modules of one op: scopes above would make all of them pale. */
export interface Quantity {
  of: (unit: Unit) => number;
  largest: number;
}

/** Sums of a quantity over each unit's nodes. */
export function quantity(tree: Tree, coloring: Coloring): Quantity | null {
  const { stats } = tree.graph.answer;
  let own: ((node: number) => number) | null = null;
  if (coloring === "memory" && stats) own = (node) => stats.bytes[node] ?? 0;
  if (coloring === "time" && stats) own = (node) => stats.time_us[node] ?? 0;
  const largest = (of: (unit: Unit) => number) =>
    tree.units.reduce((most, unit) => (unit.node >= 0 ? Math.max(most, of(unit)) : most), 0) || 1;
  if (coloring === "parameters") {
    const of = (unit: Unit) => unit.parameters;
    return { of, largest: largest(of) };
  }
  if (!own) return null;
  const sums = new Map<Unit, number>();
  const add = (unit: Unit): number => {
    let sum = unit.node >= 0 ? own(unit.node) : 0;
    for (const child of unit.children) sum += add(child);
    sums.set(unit, sum);
    return sum;
  };
  add(tree.root);
  const of = (unit: Unit) => sums.get(unit) ?? 0;
  return { of, largest: largest(of) };
}

/** Paint of a closed box. */
export function painter(tree: Tree, coloring: Coloring, dark: boolean): (unit: Unit) => Paint {
  const measure = quantity(tree, coloring);
  if (measure) return (unit) => sharePaint(measure.of(unit) / measure.largest, dark);
  if (coloring === "structure") {
    const uses = new Map<string, number>();
    for (const unit of tree.units) uses.set(unit.structure, (uses.get(unit.structure) ?? 0) + 1);
    return (unit) => {
      const structure = unit.pile ? (unit.children[0]?.structure ?? "") : unit.structure;
      if ((uses.get(structure) ?? 0) < 2) return huePaint(0, 0, dark);
      return huePaint(hashName(structure) % 360, 0.65, dark);
    };
  }
  if (coloring === "device") {
    return (unit) => {
      const device = deviceOf(tree, unit);
      return device ? huePaint((hashName(device) * 47) % 360, 0.6, dark) : huePaint(0, 0, dark);
    };
  }
  return (unit) => kindPaint(unit.kind, dark);
}

/** The device of a unit's first node that names one. */
export function deviceOf(tree: Tree, unit: Unit): string {
  if (unit.node >= 0) return tree.graph.device(unit.node);
  for (const child of unit.children) {
    const device = deviceOf(tree, child);
    if (device) return device;
  }
  return "";
}
