/** Sets of points as one byte a point: quick to combine, also for a million. */

export type Mask = Uint8Array;

/** The points whose byte is set, rising. */
export function indicesOf(mask: Mask): number[] {
  const indices = new Array<number>(sizeOf(mask)); // grown by and by, it would be copied many times
  let found = 0;
  for (let i = 0; i < mask.length; i++) if (mask[i]) indices[found++] = i;
  return indices;
}

export function maskOf(indices: Iterable<number>, count: number): Mask {
  const mask = new Uint8Array(count);
  for (const index of indices) if (index < count) mask[index] = 1;
  return mask;
}

export function intersect(a: Mask, b: Mask): Mask {
  return a.map((value, i) => value & b[i]!);
}

export function unite(a: Mask, b: Mask): Mask {
  return a.map((value, i) => value | b[i]!);
}

export function complement(mask: Mask): Mask {
  return mask.map((value) => 1 - value);
}

export function sizeOf(mask: Mask): number {
  let size = 0;
  for (const value of mask) size += value;
  return size;
}
