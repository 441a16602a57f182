/** Where data comes from and where it goes. */

import { shownUnit } from "./scene";
import type { Edge, Tree, Unit } from "./tree";

export const traces = ["none", "inputs", "outputs", "both"] as const;
export type Trace = (typeof traces)[number];

export function isInside(unit: Unit, scope: Unit): boolean {
  for (let above: Unit | null = unit; above; above = above.parent) if (above === scope) return true;
  return false;
}

/** Edges over the border of a unit. */
export function borderEdges(tree: Tree, unit: Unit): { incoming: Edge[]; outgoing: Edge[] } {
  const incoming: Edge[] = [];
  const outgoing: Edge[] = [];
  for (const edge of tree.edges) {
    const from = isInside(edge.source, unit);
    const to = isInside(edge.target, unit);
    if (from && !to) outgoing.push(edge);
    if (to && !from) incoming.push(edge);
  }
  return { incoming, outgoing };
}

/** Units of all nodes that the unit's data comes from (`inputs`) or goes to (`outputs`), its own among them. */
export function traceFrom(tree: Tree, unit: Unit, trace: Trace): Set<Unit> {
  const found = new Set<Unit>();
  for (const back of [true, false]) {
    if ((back && trace === "outputs") || (!back && trace === "inputs") || trace === "none") continue;
    const next = new Map<Unit, Unit[]>();
    for (const { source, target } of tree.edges) {
      const [key, value] = back ? [target, source] : [source, target];
      const list = next.get(key);
      if (list) list.push(value);
      else next.set(key, [value]);
    }
    const waiting = [...tree.ofNode.values()].filter((leaf) => isInside(leaf, unit));
    const seen = new Set(waiting);
    for (let leaf = waiting.pop(); leaf; leaf = waiting.pop()) {
      found.add(leaf);
      for (const further of next.get(leaf) ?? []) {
        if (seen.has(further)) continue;
        seen.add(further);
        waiting.push(further);
      }
    }
  }
  return found;
}

/** The shown units that stand for traced ones. */
export function shownTrace(traced: ReadonlySet<Unit>, expanded: ReadonlySet<Unit>): Set<Unit> {
  return new Set([...traced].map((unit) => shownUnit(unit, expanded)));
}
