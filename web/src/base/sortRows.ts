/** The order of rows by the cells of a column. */

import { naturalCompare } from "./natural";
import type { Cell } from "./runColumn";

/**
 * The rows of `cells` in ascending or descending order; rows that are equal stay as they were, and rows without a number (nothing, NaN)
 * stand last in both. Where a column mixes kinds, numbers stand before text; `true` counts as 1.
 */
export function sortRows(cells: readonly Cell[], descending: boolean): Uint32Array {
  const keys = sortKeys(cells);
  const rows = Uint32Array.from(keys, (_, row) => row);
  const sign = descending ? -1 : 1;
  return rows.sort((a, b) => {
    const [left, right] = [keys[a]!, keys[b]!];
    if (Number.isNaN(left) || Number.isNaN(right)) {
      return Number(Number.isNaN(left)) - Number(Number.isNaN(right)) || a - b;
    }
    return left === right ? a - b : left < right ? -sign : sign;
  });
}

/** Numbers in the order of the cells. Text is compared once for each distinct one: natural order is slow, and most columns repeat. */
function sortKeys(cells: readonly Cell[]): Float64Array {
  const texts = [...new Set(cells.filter((cell) => typeof cell === "string"))].sort(naturalCompare);
  if (texts.length === 0) return Float64Array.from(cells, (cell) => (cell === null ? NaN : Number(cell)));
  const ranks = new Map(texts.map((text, rank) => [text, rank]));
  const numbers = [...new Set(cells.filter((cell) => typeof cell !== "string" && cell !== null).map(Number))]
    .filter((number) => !Number.isNaN(number))
    .sort((a, b) => a - b);
  const places = new Map(numbers.map((number, place) => [number, place]));
  return Float64Array.from(cells, (cell) => {
    if (cell === null) return NaN;
    return typeof cell === "string" ? places.size + ranks.get(cell)! : (places.get(Number(cell)) ?? NaN);
  });
}
