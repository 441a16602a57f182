/** Finds units by name, op or class. */

import { makePattern } from "../../../base/pattern";
import type { Tree, Unit } from "./tree";

/** Units whose path, title or op fits, in the order of the graph; the nearer the match is to the end of the path, the sooner. */
export function search(tree: Tree, text: string): Unit[] {
  if (!text.trim()) return [];
  const pattern = makePattern(text.trim());
  const own: Unit[] = [];
  const byPath: Unit[] = [];
  for (const unit of tree.units) {
    if (!unit.parent) continue;
    const last = unit.key.slice(unit.key.lastIndexOf("/") + 1);
    const op = unit.node >= 0 ? tree.graph.op(unit.node) : "";
    if (
      pattern.test(unit.title) ||
      pattern.test(unit.subtitle) ||
      pattern.test(last) ||
      (op && pattern.test(op))
    )
      own.push(unit);
    else if (pattern.test(unit.key)) byPath.push(unit);
  }
  return [...own, ...byPath];
}
