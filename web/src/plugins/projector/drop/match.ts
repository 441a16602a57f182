/** Columns of a file as columns of points. */

import type { Field } from "../data";

export interface Matched {
  fields: Field[];
  /** The column by whose values rows and points were matched; null where they were by their order. */
  key: string | null;
}

/**
 * Finds for each point its row: by a column that both have and whose values name single rows, else by order where there are as many rows as
 * points. A point without a row has an empty value.
 *
 * @param columns of the file.
 * @param known those of the points.
 * @returns null if neither is possible.
 */
export function matchColumns(
  columns: readonly Field[],
  known: readonly Field[],
  pointCount: number,
): Matched | null {
  for (const key of columns) {
    const other = known.find(({ name }) => name === key.name);
    if (!other || key.values.length !== key.codes.length) continue;
    const rowOf = new Map<string, number>();
    key.codes.forEach((code, row) => rowOf.set(key.values[code]!, row));
    const rows = Int32Array.from(other.codes, (code) => rowOf.get(other.values[code]!) ?? -1);
    if (rows.filter((row) => row >= 0).length * 2 < pointCount) continue;
    const rest = columns.filter((column) => column !== key);
    if (rest.length > 0)
      return { fields: rest.map((column) => renamed(taken(column, rows), known)), key: key.name };
  }
  if (columns.length === 0 || columns[0]!.codes.length !== pointCount) return null;
  return { fields: columns.map((column) => renamed(column, known)), key: null };
}

/** A column's values at some rows; empty at row -1. */
function taken(column: Field, rows: Int32Array): Field {
  const missing = rows.includes(-1);
  const values = missing && !column.values.includes("") ? [...column.values, ""] : column.values;
  const empty = values.indexOf("");
  return {
    ...column,
    values,
    codes: Uint32Array.from(rows, (row) => (row < 0 ? empty : column.codes[row]!)),
  };
}

/** A column under a name that no column of the points has. */
function renamed(column: Field, known: readonly Field[]): Field {
  let { name } = column;
  for (let at = 2; known.some((field) => field.name === name); at++) name = `${column.name} (${at})`;
  return name === column.name ? column : { ...column, name };
}
