/** Which points stand out, as the fourth byte of their colours. */

import type { Rgb } from "../../../base/color";

export const hidden = 0;
export const dimmed = 85;
export const normal = 170;
export const highlighted = 255;

/**
 * Red, green, blue and highlight of every point.
 *
 * @param codes for each point the index of its colour; null: all have the first.
 * @param chosen points that stand out, the others are dimmed; empty: none does.
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
    if (index < count && colors[4 * index + 3] !== hidden) colors[4 * index + 3] = highlighted;
  return colors;
}
