/** The order of rows by the cells of columns. */

import { naturalCompare } from "./natural";
import type { Cell } from "./runColumn";

/** A column to sort by. */
export interface SortKey {
  cells: readonly Cell[];
  descending: boolean;
}

/**
 * The rows of `cells` in ascending or descending order; rows that are equal stand in the order of the next key, and as they were where there
 * is none. Rows without a number (nothing, NaN) stand last in both orders. Where a column mixes kinds, numbers stand before text; `true`
 * counts as 1.
 */
export function sortRows(cells: readonly Cell[], descending: boolean, ...then: SortKey[]): Uint32Array {
  const columns = [{ cells, descending }, ...then].map((key) => ({
    keys: sortKeys(key.cells),
    sign: key.descending ? -1 : 1,
  }));
  const rows = Uint32Array.from(cells, (_, row) => row);
  return rows.sort((a, b) => {
    for (const { keys, sign } of columns) {
      const [left, right] = [keys[a]!, keys[b]!];
      if (left < right) return -sign;
      if (left > right) return sign;
      // Equal, or one of them is missing.
      if (left !== right && Number.isNaN(left) !== Number.isNaN(right)) return Number.isNaN(left) ? 1 : -1;
    }
    return a - b;
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
