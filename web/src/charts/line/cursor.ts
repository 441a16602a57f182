/** The keys' cursor on a line chart: on a point of one line. */

import { movedWithin, type CursorMove } from "../cursor";
import type { Interval } from "../scale";
import { nearestIndex, sortHits, type Hit } from "./hit";
import type { Line } from "./model";

/** A point, so named that it is found again among lines that were asked for anew. */
export interface PointCursor {
  name: string;
  index: number;
  x: number;
}

/** The cursor's point; where its line has gone, the nearest of another. Null where there is no point. */
export function pointAt(lines: readonly Line[], cursor: PointCursor): Hit | null {
  const line = lines.find(({ name }) => name === cursor.name);
  if (!line?.x.length) return nearestPoints(lines, cursor.x)[0] ?? null;
  const index = line.x[cursor.index] === cursor.x ? cursor.index : nearestIndex(line.x, cursor.x);
  return hit(line, index);
}

/**
 * Where a key sends the cursor: along the points of its line, or to the line whose point nearby lies above or below.
 *
 * @param cursor null: at first it stands on the last point of the first line.
 * @param seen the ends of x that are drawn: the cursor stays between them while its line has points there.
 * @returns null where there is no point.
 */
export function movePoint(
  lines: readonly Line[],
  cursor: PointCursor | null,
  { right, up }: CursorMove,
  seen: Interval,
): Hit | null {
  const from = cursor && pointAt(lines, cursor);
  if (!from) {
    const line = lines.find(({ x }) => x.length > 0);
    return line ? along(hit(line, line.x.length - 1), Number.isFinite(right) ? 0 : right, seen) : null;
  }
  if (up === 0) return along(from, right, seen);
  const points = sortHits(nearestPoints(lines, from.line.x[from.index]!));
  const place = points.findIndex(({ line }) => line === from.line);
  return points[movedWithin(place, -up, 0, points.length - 1)]!;
}

function along({ line, index }: Hit, by: number, [low, high]: Interval): Hit {
  const inside = (x: number) => x >= low && x <= high;
  const [first, last] = [line.x.findIndex(inside), line.x.findLastIndex(inside)];
  return hit(line, first < 0 ? index : movedWithin(index, by, first, last));
}

function nearestPoints(lines: readonly Line[], x: number): Hit[] {
  return lines.filter((line) => line.x.length > 0).map((line) => hit(line, nearestIndex(line.x, x)));
}

function hit(line: Line, index: number): Hit {
  return { line, index, shown: (line.smoothed ?? line.value)[index]! };
}
