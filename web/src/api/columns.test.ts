import { expect, test } from "vitest";
import { decodeColumns } from "./columns";

/** The layout of src/cupola/columns.py, written out by hand. */
function encode(header: string, ...arrays: ArrayBufferView[]): ArrayBuffer {
  const text = new TextEncoder().encode(header);
  const padded = text.length + ((8 - ((4 + text.length) % 8)) % 8);
  const size = arrays.reduce((sum, array) => sum + Math.ceil(array.byteLength / 8) * 8, 0);
  const bytes = new Uint8Array(4 + padded + size).fill(32, 4, 4 + padded);
  new DataView(bytes.buffer).setUint32(0, padded, true);
  bytes.set(text, 4);
  let at = 4 + padded;
  for (const array of arrays) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += Math.ceil(array.byteLength / 8) * 8;
  }
  return bytes.buffer;
}

test("arrays of every kind stand where the header says", () => {
  const header =
    '{"a":{"$column":[0,3,"f4"]},"b":[{"$column":[16,2,"f8"]},{"$column":[32,1,"i4"]}],"c":{"$column":[40,2,"u1"]},"d":"日本"}';
  const buffer = encode(
    header,
    Float32Array.of(1.5, -2, NaN),
    Float64Array.of(1e300, -0),
    Int32Array.of(-7),
    Uint8Array.of(1, 255),
  );
  const document = decodeColumns<{
    a: Float32Array;
    b: [Float64Array, Int32Array];
    c: Uint8Array;
    d: string;
  }>(buffer);
  expect([...document.a]).toEqual([1.5, -2, NaN]);
  expect([...document.b[0]]).toEqual([1e300, -0]);
  expect([...document.b[1]]).toEqual([-7]);
  expect([...document.c]).toEqual([1, 255]);
  expect(document.d).toBe("日本");
});

test("steps are exact to 2^53, negative ones too", () => {
  const steps = BigInt64Array.of(0n, -1n, 2n ** 53n, -(2n ** 40n) - 5n);
  const { s } = decodeColumns<{ s: Float64Array }>(encode('{"s":{"$column":[0,4,"i8"]}}', steps));
  expect([...s]).toEqual([0, -1, 2 ** 53, -(2 ** 40) - 5]);
});

test("a name like __proto__ changes no prototype", () => {
  const document = decodeColumns<{ runs: Record<string, number> }>(
    encode('{"runs":{"__proto__":{"x":1},"constructor":2}}'),
  );
  expect(Object.keys(document.runs)).toEqual(["__proto__", "constructor"]);
  expect(Object.getPrototypeOf(document.runs)).toBe(Object.prototype);
});

test("an answer that was cut or is of another kind is refused", () => {
  expect(() => decodeColumns(encode('{"a":{"$column":[0,3,"f8"]}}', Float64Array.of(1)))).toThrow(
    /array length/,
  );
  expect(() => decodeColumns(encode('{"a":{"$column":[0,0,"f2"]}}'))).toThrow(/older than the server/);
  expect(() => decodeColumns(encode("{oops"))).toThrow(/JSON/);
});
