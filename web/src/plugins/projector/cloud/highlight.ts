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
  // All four bytes in one step: a million points are painted anew at each selection.
  const whole = new Uint32Array(colors.buffer);
  const painted = new Uint32Array(
    Uint8Array.from(palette.flatMap(([r, g, b]) => [r, g, b, only ? hidden : rest])).buffer,
  );
  if (!codes) whole.fill(painted[0]!);
  else
    for (let i = 0; i < count; i++) {
      const code = codes[i]!;
      whole[i] = painted[code < painted.length ? code : 0]!;
    }
  for (const index of only ?? []) if (index < count) colors[4 * index + 3] = rest;
  for (const index of chosen)
    if (index < count && colors[4 * index + 3] !== hidden) colors[4 * index + 3] = highlighted;
  return colors;
}
