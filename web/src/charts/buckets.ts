/** As many buckets as a chart of this width can show, in steps of a hundred, so that a few pixels more or less ask for nothing anew. */
export function bucketsFor(width_px: number, present: number, most: number): number {
  const rounded = Math.ceil(Math.max(width_px, 1) / 100) * 100;
  return rounded > present || rounded < present / 2 ? Math.min(most, rounded) : present;
}
