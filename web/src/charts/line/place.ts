/** Points at a place of the x axis, in columns that may go back: a run that was resumed begins a new segment. */

import { segmentStarts } from "./model";

const starts = new WeakMap<Float64Array, number[]>();

/** `segmentStarts`, found once for each column. */
export function segmentsOf(x: Float64Array): readonly number[] {
  let found = starts.get(x);
  if (!found) starts.set(x, (found = segmentStarts(x)));
  return found;
}

/** Index of the point with the greatest x that is not above `place`, the last one where an x comes twice; −1 if there is none. */
export function newestBefore(x: Float64Array, place: number): number {
  const segments = segmentsOf(x);
  let best = -1;
  segments.forEach((start, s) => {
    const index = firstAbove(x, start, segments[s + 1] ?? x.length, place) - 1;
    if (index >= start && (best < 0 || x[index]! >= x[best]!)) best = index;
  });
  return best;
}

/** The x of any column that is nearest to `at`, the greater of two equally near; null if there is none. */
export function nearestPlace(columns: Iterable<Float64Array>, at: number): number | null {
  let best: number | null = null;
  for (const x of columns) {
    const segments = segmentsOf(x);
    segments.forEach((start, s) => {
      const end = segments[s + 1] ?? x.length;
      const behind = firstAbove(x, start, end, at);
      for (const index of [behind - 1, behind]) {
        if (index < start || index >= end) continue;
        const place = x[index]!;
        const nearer = best === null ? -1 : Math.abs(place - at) - Math.abs(best - at);
        if (nearer < 0 || (nearer === 0 && place > best!)) best = place;
      }
    });
  }
  return best;
}

/** Index of the first x in [start, end) that is above `place`; `end` if there is none. */
function firstAbove(x: Float64Array, start: number, end: number, place: number): number {
  let [low, high] = [start, end];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x[middle]! <= place) low = middle + 1;
    else high = middle;
  }
  return low;
}
