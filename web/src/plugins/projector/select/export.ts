/** A selection as files that other programs open. */

import { valueOf, type Field } from "../data";

/** An empty label, which TensorBoard would skip otherwise: what the writer puts there (labels.py). */
const blank = "\u200b";

/**
 * RFC 4180: the points' numbers, their columns, and where they are drawn.
 *
 * @param positions three coordinates a point.
 */
export function csvOf(
  indices: readonly number[],
  fields: readonly Field[],
  positions: Float32Array,
  dimensions: number,
): string {
  const axes = ["x", "y", "z"].slice(0, dimensions);
  const names = distinct(["index", ...axes], fields);
  const lines = indices.map((index) => [
    String(index),
    ...axes.map((_, axis) => String(positions[3 * index + axis]!)),
    ...fields.map((field) => quoted(valueOf(field, index))),
  ]);
  return [names.map(quoted), ...lines].map((cells) => `${cells.join(",")}\r\n`).join("");
}

/** Names of ours give way to those of the metadata. */
function distinct(own: readonly string[], fields: readonly Field[]): string[] {
  const taken = new Set(fields.map(({ name }) => name));
  return [...own.map((name) => (taken.has(name) ? `${name} (point)` : name)), ...taken];
}

function quoted(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Indices as int64, for `matrix[numpy.load(file)]`.
 *
 * **Source**: numpy/lib/format.py, version 1.0: magic, header length, header padded to 64 bytes, data.
 */
export function npyOf(indices: readonly number[]): Uint8Array<ArrayBuffer> {
  const shape = `(${indices.length},)`;
  const header = `{'descr': '<i8', 'fortran_order': False, 'shape': ${shape}, }`;
  const start = 10;
  const length = Math.ceil((start + header.length + 1) / 64) * 64;
  const bytes = new Uint8Array(length + 8 * indices.length);
  bytes.set([0x93, ...new TextEncoder().encode("NUMPY"), 1, 0]);
  const view = new DataView(bytes.buffer);
  view.setUint16(8, length - start, true);
  bytes.set(new TextEncoder().encode(`${header.padEnd(length - start - 1)}\n`), start);
  indices.forEach((index, at) => view.setBigInt64(length + 8 * at, BigInt(index), true));
  return bytes;
}

/**
 * Metadata as TensorBoard and projector.tensorflow.org read it: several columns have a header, one has none.
 *
 * @param indices null: of all points.
 */
export function metadataTsv(
  indices: readonly number[] | null,
  fields: readonly Field[],
  count: number,
): string {
  const rows = indices ?? Array.from({ length: count }, (_, index) => index);
  const header = fields.length > 1 ? [fields.map(({ name }) => cell(name))] : [];
  const lines = rows.map((index) => {
    const cells = fields.map((field) => cell(valueOf(field, index)));
    return [cells[0] || blank, ...cells.slice(1)];
  });
  return [...header, ...lines].map((cells) => `${cells.join("\t")}\n`).join("");
}

/** Nothing that would end a cell or a line. */
const cell = (text: string): string => text.replace(/[\t\r\n]/g, " ");

/** A bit for each point, the first in the lowest bit, as base64: how the server is told of many points in few bytes. */
export function bitsOf(indices: readonly number[], count: number): string {
  const bytes = new Uint8Array(Math.ceil(count / 8));
  for (const index of indices) bytes[index >> 3]! |= 1 << (index & 7);
  let text = "";
  for (let i = 0; i < bytes.length; i += 0x8000)
    text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(text);
}
