/** Quantities by which boxes can be coloured. */

import type { Tree, Unit } from "./tree";

export const quantities = ["parameters", "memory", "time"] as const;
export type QuantityName = (typeof quantities)[number];

export interface Quantity {
  /** The sum over a unit's nodes. */
  of: (unit: Unit) => number;
  /** The largest among ops and modules of one op: the scopes above would make all of them pale. */
  largest: number;
}

/** @returns null where the graph was logged without it. */
export function quantity(tree: Tree, name: QuantityName): Quantity | null {
  const { stats } = tree.graph.answer;
  if (name === "parameters") return withLargest(tree, (unit) => unit.parameters);
  if (!stats) return null;
  const values = name === "memory" ? stats.bytes : stats.time_us;
  const sums = new Map<Unit, number>();
  const add = (unit: Unit): number => {
    let sum = unit.node >= 0 ? (values[unit.node] ?? 0) : 0;
    for (const child of unit.children) sum += add(child);
    sums.set(unit, sum);
    return sum;
  };
  add(tree.root);
  return withLargest(tree, (unit) => sums.get(unit) ?? 0);
}

function withLargest(tree: Tree, of: (unit: Unit) => number): Quantity {
  const largest = tree.units.reduce((most, unit) => (unit.node >= 0 ? Math.max(most, of(unit)) : most), 0);
  return { of, largest: largest || 1 };
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
