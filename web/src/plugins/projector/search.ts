/** Points by their metadata, and points under the pointer. */

import { toScreen, type Matrix, type Size } from "./camera";
import type { Field } from "./data";

/**
 * Indices of the points whose value in a field matches, in their order; null for a pattern that is not a regular expression.
 * Without `regex` the text is looked for anywhere, whatever its case.
 */
export function matching(field: Field, query: string, regex: boolean): number[] | null {
  let test: (value: string) => boolean;
  if (regex) {
    try {
      const pattern = new RegExp(query, "iu");
      test = (value) => pattern.test(value);
    } catch {
      return null;
    }
  } else {
    const wanted = query.toLowerCase();
    test = (value) => value.toLowerCase().includes(wanted);
  }
  const hits = field.values.map(test);
  const found: number[] = [];
  field.codes.forEach((code, index) => {
    if (hits[code]) found.push(index);
  });
  return found;
}

/**
 * The point under pixel (x, y), the foremost of those whose disc it lies in; -1 for none.
 *
 * @param radius_px of a point at clip w = `reference`; nearer points are larger.
 * @param shown tells which points are drawn.
 */
export function pick(
  positions: Float32Array,
  matrix: Matrix,
  size: Size,
  x: number,
  y: number,
  radius_px: number,
  reference: number,
  shown: (index: number) => boolean,
): number {
  const out: [number, number, number] = [0, 0, 0];
  let best = -1;
  let bestScore = Infinity;
  for (let i = 0; 3 * i < positions.length; i++) {
    toScreen(matrix, size, positions[3 * i]!, positions[3 * i + 1]!, positions[3 * i + 2]!, out);
    if (!(out[2] > 0)) continue;
    const radius = Math.max(5, (radius_px * reference) / out[2]);
    const away = Math.hypot(out[0] - x, out[1] - y);
    if (away > radius || !shown(i)) continue;
    // In the plane all lie at one depth: there the nearest middle wins.
    const score = out[2] + (away / radius) * 1e-3;
    if (score < bestScore) [best, bestScore] = [i, score];
  }
  return best;
}

/** Indices of the points drawn within a rectangle of pixels. */
export function within(
  positions: Float32Array,
  matrix: Matrix,
  size: Size,
  [x0, y0, x1, y1]: readonly [number, number, number, number],
  shown: (index: number) => boolean,
): number[] {
  const out: [number, number, number] = [0, 0, 0];
  const found: number[] = [];
  for (let i = 0; 3 * i < positions.length; i++) {
    toScreen(matrix, size, positions[3 * i]!, positions[3 * i + 1]!, positions[3 * i + 2]!, out);
    if (out[2] > 0 && out[0] >= x0 && out[0] <= x1 && out[1] >= y0 && out[1] <= y1 && shown(i)) found.push(i);
  }
  return found;
}
