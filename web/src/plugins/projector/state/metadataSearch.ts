/** Points by their metadata. */

import { makePattern, type Pattern } from "../../../base/pattern";
import type { Field } from "../data";

/** A search that takes longer is stopped: the page must stay usable. */
const most_ms = 2000;

/** What is typed, looked for anywhere in a value whatever its case: as text, or as a regular expression. */
export function searchPattern(query: string, isRegex: boolean): Pattern {
  if (isRegex) return makePattern(query);
  const wanted = query.toLowerCase();
  return { problem: null, test: (value) => value.toLowerCase().includes(wanted) };
}

/** Which values match, and whether the search was stopped before all were looked at. */
export function valuesMatching(
  values: readonly string[],
  pattern: Pattern,
  most = most_ms,
): { hits: Uint8Array; stopped: boolean } {
  const hits = new Uint8Array(values.length);
  const end_ms = performance.now() + most;
  for (let i = 0; i < values.length; i++) {
    if (i % 256 === 255 && performance.now() > end_ms) return { hits, stopped: true };
    if (pattern.test(values[i]!)) hits[i] = 1;
  }
  return { hits, stopped: false };
}

/** The points whose value in one of the fields matches. */
export function matchingPoints(
  fields: readonly Field[],
  pattern: Pattern,
  count: number,
): { mask: Uint8Array; stopped: boolean } {
  const mask = new Uint8Array(count);
  let stopped = false;
  for (const { values, codes } of fields) {
    const found = valuesMatching(values, pattern);
    stopped ||= found.stopped;
    for (let i = 0; i < count; i++) if (found.hits[codes[i]!]) mask[i] = 1;
  }
  return { mask, stopped };
}
