/** The nearest neighbours of a point in the picture: by the distance between the places where points are drawn. */

import type { Neighbours } from "../data";

/**
 * @param positions three coordinates a point; NaN is nowhere.
 * @param count how many at most; the point itself is left out.
 */
export function nearestOnPicture(positions: Float32Array, index: number, count: number): Neighbours {
  const [x, y, z] = [positions[3 * index]!, positions[3 * index + 1]!, positions[3 * index + 2]!];
  const points = positions.length / 3;
  const squares = new Float64Array(points);
  for (let i = 0; i < points; i++)
    squares[i] =
      (positions[3 * i]! - x) ** 2 + (positions[3 * i + 1]! - y) ** 2 + (positions[3 * i + 2]! - z) ** 2;
  // The farthest that still counts, so that only those few are sorted.
  const finite = squares.filter((square, i) => i !== index && !Number.isNaN(square)).sort();
  const limit = finite[Math.min(count, finite.length) - 1] ?? -1;
  const found: number[] = [];
  for (let i = 0; i < points; i++) if (i !== index && squares[i]! <= limit) found.push(i);
  found.sort((a, b) => squares[a]! - squares[b]! || a - b);
  const indices = found.slice(0, count);
  return { indices, distances: indices.map((i) => Math.sqrt(squares[i]!)) };
}
