/** Points by their metadata. */

import { makePattern, type Pattern } from "../../../base/pattern";
import type { Field } from "../data";

/** What is typed, looked for anywhere in a value whatever its case: as text, or as a regular expression. */
export function searchPattern(query: string, isRegex: boolean): Pattern {
  if (isRegex) return makePattern(query);
  const wanted = query.toLowerCase();
  return { problem: null, test: (value) => value.toLowerCase().includes(wanted) };
}

/** Indices of the points whose value in a field matches, in their order. */
export function matchingPoints(field: Field, pattern: Pattern): number[] {
  const hits = field.values.map((value) => pattern.test(value));
  const found: number[] = [];
  field.codes.forEach((code, index) => {
    if (hits[code]) found.push(index);
  });
  return found;
}
