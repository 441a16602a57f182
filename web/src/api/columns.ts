/** The twin of src/cupola/columns.py: a JSON document in which arrays lie raw. */

/** Steps (`i8`) arrive as float64: exact up to 2^53, and BigInt would slow every chart down. */
export type Column = Float32Array | Float64Array | Int32Array | Uint32Array | Uint8Array;

/**
 * The document that `encode_columns` was given, arrays as views of `buffer` where the platform allows it.
 *
 * Names arrive as values or as own properties, never through a setter, so a run called `__proto__` is just a run.
 *
 * @throws RangeError if an array does not lie inside the answer; SyntaxError if the header is not JSON.
 */
export function decodeColumns<T>(buffer: ArrayBuffer): T {
  const size = new DataView(buffer).getUint32(0, true);
  const start = 4 + size;
  const header = new TextDecoder().decode(new Uint8Array(buffer, 4, size));
  return JSON.parse(header, (_key, value: unknown) => {
    const place = columnPlace(value);
    return place ? readColumn(buffer, start + place[0], place[1], place[2]) : value;
  }) as T;
}

function columnPlace(value: unknown): [number, number, string] | null {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, "$column")) return null;
  return (value as { $column: [number, number, string] }).$column;
}

function readColumn(buffer: ArrayBuffer, offset: number, count: number, kind: string): Column {
  switch (kind) {
    case "f4":
      return new Float32Array(buffer, offset, count);
    case "f8":
      return new Float64Array(buffer, offset, count);
    case "i4":
      return new Int32Array(buffer, offset, count);
    case "u4":
      return new Uint32Array(buffer, offset, count);
    case "u1":
      return new Uint8Array(buffer, offset, count);
    case "i8":
      return widenInt64(new Uint32Array(buffer, offset, count * 2));
    default:
      throw new RangeError(
        `a column of kind ${kind}; wanted f4 f8 i4 u4 i8 u1: is the page older than the server?`,
      );
  }
}

function widenInt64(words: Uint32Array): Float64Array {
  const out = new Float64Array(words.length / 2);
  for (let i = 0; i < out.length; i++) out[i] = (words[2 * i + 1]! | 0) * 4294967296 + words[2 * i]!;
  return out;
}
