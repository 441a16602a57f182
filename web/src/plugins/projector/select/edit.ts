/** Other labels for some points of a column. */

import { parse } from "../colors";
import type { Field } from "../data";

/** The column with one value for some points; values that no point has any more are gone. */
export function edited(field: Field, indices: readonly number[], value: string): Field {
  const values = field.values.includes(value) ? field.values : [...field.values, value];
  const codes = field.codes.slice();
  const code = values.indexOf(value);
  for (const index of indices) codes[index] = code;
  return compacted({ ...field, values, codes });
}

function compacted({ name, values, codes }: Field): Field {
  const used = new Uint8Array(values.length);
  for (const code of codes) used[code] = 1;
  const places = new Uint32Array(values.length);
  const kept = values.filter((_, code) => used[code]);
  let next = 0;
  used.forEach((isUsed, code) => isUsed && (places[code] = next++));
  return { name, values: kept, codes: codes.map((code) => places[code]!), numeric: areNumbers(kept) };
}

/** As the server says of a column: every value is a number, or empty or NaN. */
export function areNumbers(values: readonly string[]): boolean {
  return (
    values.some((value) => value !== "") &&
    values.every((value) => value === "" || /^[-+]?nan$/i.test(value.trim()) || !Number.isNaN(parse(value)))
  );
}

/** Whether two columns say the same. */
export function sameColumn(a: Field, b: Field): boolean {
  return (
    a.name === b.name &&
    a.codes.length === b.codes.length &&
    a.values.length === b.values.length &&
    a.values.every((value, at) => value === b.values[at]) &&
    a.codes.every((code, at) => code === b.codes[at])
  );
}
