/** What lies under the pointer. */

import type { Layout } from "./draw";
import type { Line } from "./model";
import { segmentsOf } from "./place";

export interface Hit {
  line: Line;
  /** Index of the point. */
  index: number;
  /** What the line shows there: smoothed, if there is smoothing. */
  shown: number;
}

/** A crosshair this far beyond a line's end still shows its last point. */
const reach_px = 16;

/** Index of the point whose x is nearest; of several equally near the newest. -1 if there are none. */
export function nearestIndex(x: Float64Array, value: number): number {
  if (x.length === 0) return -1;
  const starts = segmentsOf(x);
  let best = -1;
  for (let s = 0; s < starts.length; s++) {
    const index = nearestInSegment(x, starts[s]!, starts[s + 1] ?? x.length, value);
    if (best < 0 || Math.abs(x[index]! - value) <= Math.abs(x[best]! - value)) best = index;
  }
  return best;
}

function nearestInSegment(x: Float64Array, start: number, end: number, value: number): number {
  let [low, high] = [start, end - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low > start && value - x[low - 1]! < x[low]! - value ? low - 1 : low;
}

/** Each line's point at the crosshair, lines that do not reach it left out. */
export function hitsAt(lines: readonly Line[], layout: Layout, x: number): Hit[] {
  const hits: Hit[] = [];
  const at = layout.x(x);
  for (const line of lines) {
    const index = nearestIndex(line.x, x);
    if (index < 0) continue;
    const first = Math.min(line.x[0]!, line.x[index]!);
    const last = Math.max(line.x.at(-1)!, line.x[index]!);
    if (at < layout.x(first) - reach_px || at > layout.x(last) + reach_px) continue;
    hits.push({ line, index, shown: (line.smoothed ?? line.value)[index]! });
  }
  return hits;
}

/** What the pointer reads at a place in px. Beyond the plot's ends it reads what is drawn at them, as far as it is over the chart at all. */
export function readAt(
  lines: readonly Line[],
  layout: Layout,
  x_px: number,
  y_px: number,
): { x: number; hits: Hit[]; nearest: Hit | null } {
  const { left, width } = layout.plot;
  const x = layout.x.invert(Math.min(left + width, Math.max(left, x_px)));
  const hits = hitsAt(lines, layout, x);
  return { x, hits, nearest: nearestHit(hits, layout, y_px) };
}

/** The hit nearest to a height in px; values that are not drawn count as infinitely far. */
export function nearestHit(hits: readonly Hit[], layout: Layout, y_px: number): Hit | null {
  let best: Hit | null = null;
  let distance = Infinity;
  for (const hit of hits) {
    const d = Math.abs(layout.y(hit.shown) - y_px);
    if (d < distance || best === null) [best, distance] = [hit, Number.isNaN(d) ? Infinity : d];
  }
  return best;
}

/** Hits from the highest value down, those without a number last. */
export function sortHits(hits: readonly Hit[]): Hit[] {
  return [...hits].sort((a, b) => {
    if (Number.isNaN(a.shown)) return Number.isNaN(b.shown) ? 0 : 1;
    return Number.isNaN(b.shown) ? -1 : b.shown - a.shown;
  });
}
