/** Which scopes are open. */

import { shownUnit } from "./scene";
import type { Tree, Unit } from "./tree";

/** Boxes up to which another level is opened by itself: about what a window shows at a readable size. */
const readable = 15;

/** The outermost modules, and level after level as long as everything stays readable. */
export function defaultExpanded(tree: Tree): Set<Unit> {
  const expanded = new Set<Unit>();
  let level = tree.root.children;
  let shown = level.length;
  for (let depth = 0; depth < 8; depth++) {
    const opening = level.filter((unit) => unit.children.length > 0 && !unit.repeats);
    const added = opening.reduce((sum, unit) => sum + unit.children.length - 1, 0);
    // One outermost module alone says nothing: it is opened however much is in it.
    if (!opening.length || (shown + added > readable && !(depth === 0 && opening.length === 1))) break;
    for (const unit of opening) expanded.add(unit);
    shown += added;
    level = opening.flatMap((unit) => unit.children);
  }
  return expanded;
}

/** Every scope. */
export function allExpanded(tree: Tree): Set<Unit> {
  return new Set(tree.units.filter((unit) => unit.parent && unit.children.length > 0));
}

/** Opens what a unit lies in. */
export function reveal(expanded: ReadonlySet<Unit>, unit: Unit): Set<Unit> {
  const next = new Set(expanded);
  for (let above = unit.parent; above?.parent; above = above.parent) next.add(above);
  return next;
}

/** The set as it stands in the address: scopes that are open and can be seen. */
export function expandedKeys(tree: Tree, expanded: ReadonlySet<Unit>): string[] {
  return tree.units
    .filter((unit) => expanded.has(unit) && shownUnit(unit, expanded) === unit)
    .map((unit) => unit.key);
}
