/** Which points stand out, as the fourth byte of their colours, and where groups have their middles. */

import type { Rgb } from "../../base/color";
import { dimmed, hidden, normal, strong } from "./painter";

/**
 * Red, green, blue and emphasis of every point.
 *
 * @param codes for each point the index of its colour; null: all have the first.
 * @param chosen points that stand out, the others fade; empty: none does.
 * @param only points that are drawn at all; null: all are.
 */
export function paintColors(
  count: number,
  palette: readonly Rgb[],
  codes: Uint32Array | null,
  chosen: readonly number[],
  only: readonly number[] | null,
): Uint8Array {
  const colors = new Uint8Array(4 * count);
  const rest = chosen.length > 0 ? dimmed : normal;
  for (let i = 0; i < count; i++) {
    const [r, g, b] = palette[codes ? codes[i]! : 0] ?? palette[0]!;
    colors[4 * i] = r;
    colors[4 * i + 1] = g;
    colors[4 * i + 2] = b;
    colors[4 * i + 3] = only ? hidden : rest;
  }
  for (const index of only ?? []) if (index < count) colors[4 * index + 3] = rest;
  for (const index of chosen)
    if (index < count && colors[4 * index + 3] !== hidden) colors[4 * index + 3] = strong;
  return colors;
}

/** Points looked at for the middle of a group; more would change nothing that is seen. */
const sampled = 400;

/** The middle (median of each coordinate) of every group's drawn points; null for a group without any. */
export function middles(
  positions: Float32Array,
  codes: Uint32Array,
  groups: number,
  shown: (index: number) => boolean,
): ([number, number, number] | null)[] {
  const members: number[][] = Array.from({ length: groups }, () => []);
  const seen = new Uint32Array(groups);
  codes.forEach((code, index) => {
    if (3 * index + 2 >= positions.length || Number.isNaN(positions[3 * index]!) || !shown(index)) return;
    const list = members[code]!;
    if (list.length < sampled) list.push(index);
    // Every further one replaces an earlier one at an even distance, so a sorted file counts whole.
    else if (seen[code]! % (1 + Math.floor(seen[code]! / sampled)) === 0)
      list[(seen[code]! * 7) % sampled] = index;
    seen[code]!++;
  });
  return members.map((list) => {
    if (list.length === 0) return null;
    const median = (axis: number): number => {
      const values = list.map((index) => positions[3 * index + axis]!).sort((a, b) => a - b);
      return values[values.length >> 1]!;
    };
    return [median(0), median(1), median(2)];
  });
}
