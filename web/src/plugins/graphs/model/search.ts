/** Finds units by name, op or class. */

import type { Tree, Unit } from "./tree";

export interface Pattern {
  test: (text: string) => boolean;
  /** False: the text is no regular expression and is looked for as it stands. */
  isRegex: boolean;
}

/** A regular expression without regard to case, or plain text if it is none. */
export function patternOf(text: string): Pattern {
  try {
    const regex = new RegExp(text, "i");
    return { test: (name) => regex.test(name), isRegex: true };
  } catch {
    const plain = text.toLowerCase();
    return { test: (name) => name.toLowerCase().includes(plain), isRegex: false };
  }
}

/** Units whose path, title or op fits, in the order of the graph; the nearer the match is to the end of the path, the sooner. */
export function search(tree: Tree, text: string): Unit[] {
  if (!text.trim()) return [];
  const pattern = patternOf(text.trim());
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
