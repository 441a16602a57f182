/** One layout turned onto another, in the page: what three by three numbers say needs no question. */

import { Matrix3 } from "three";

/** Iterations double the digits that are right. */
const mostIterations = 40;
const settled = 1e-10;

/**
 * The turn (perhaps with a reflection) that brings `own` nearest to `other`, by the sum of squared distances, both about their middles.
 *
 * **Source**: Schönemann, "A generalized solution of the orthogonal Procrustes problem" (1966); the orthogonal factor by Newton's iteration
 * of Higham, "Computing the polar decomposition" (1986).
 *
 * @param own three coordinates a point; a point that is NaN in either takes no part.
 * @param places of each point of `own` its index in `other`, -1 where it is not there.
 */
export function turnOnto(own: Float32Array, other: Float32Array, places: Int32Array): Matrix3 {
  const pairs: [number, number][] = [];
  places.forEach((place, index) => {
    const isThere = place >= 0 && !Number.isNaN(own[3 * index]!) && !Number.isNaN(other[3 * place] ?? NaN);
    if (isThere) pairs.push([index, place]);
  });
  const middle = (points: Float32Array, side: 0 | 1): number[] =>
    [0, 1, 2].map(
      (axis) => pairs.reduce((sum, pair) => sum + points[3 * pair[side] + axis]!, 0) / pairs.length,
    );
  const [ownMiddle, otherMiddle] = [middle(own, 0), middle(other, 1)];
  const products = new Array<number>(9).fill(0);
  for (const [index, place] of pairs)
    for (let row = 0; row < 3; row++)
      for (let column = 0; column < 3; column++)
        products[3 * row + column]! +=
          (other[3 * place + row]! - otherMiddle[row]!) * (own[3 * index + column]! - ownMiddle[column]!);
  return polar(products);
}

/** The orthogonal factor of a matrix, row by row. What has no extent (the third axis of a plane) is left as it is. */
function polar(rows: number[]): Matrix3 {
  const size = Math.hypot(...rows);
  const at = (matrix: Matrix3): number[] => matrix.elements.slice();
  let turn = new Matrix3();
  if (!(size > 0)) return turn;
  const scaled = rows.map((value, i) => value / size + (i % 4 === 0 ? 1e-7 : 0));
  turn.set(...(scaled as [number, number, number, number, number, number, number, number, number]));
  for (let i = 0; i < mostIterations; i++) {
    const opposite = turn.clone().invert().transpose();
    const now = at(turn);
    const next = at(opposite).map((value, place) => (value + now[place]!) / 2);
    turn = new Matrix3().fromArray(next);
    if (next.every((value, place) => Math.abs(value - now[place]!) < settled)) break;
  }
  return turn.elements.every(Number.isFinite) ? turn : new Matrix3();
}

/** Columns of coordinates, turned. */
export function turned(columns: readonly Float32Array[], turn: Matrix3): Float32Array[] {
  const e = turn.elements; // column by column
  return columns.map((own, axis) => {
    const out = new Float32Array(own.length);
    columns.forEach((column, from) => {
      const factor = e[3 * from + axis]!;
      for (let i = 0; i < out.length; i++) out[i]! += factor * column[i]!;
    });
    return out;
  });
}
