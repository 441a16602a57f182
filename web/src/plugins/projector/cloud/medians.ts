/** Where the groups of a cloud have their middles. */

/** Points looked at for the middle of a group; more would change nothing that is seen. */
const sampled = 400;

/** The middle (median of each coordinate) of every group's drawn points; null for a group without any. */
export function medians(
  positions: Float32Array,
  codes: Uint32Array,
  groups: number,
  shown: (index: number) => boolean,
): ([number, number, number] | null)[] {
  const members: number[][] = Array.from({ length: groups }, () => []);
  const seen = new Uint32Array(groups);
  codes.forEach((code, index) => {
    if (3 * index + 2 >= positions.length || Number.isNaN(positions[3 * index]!) || !shown(index)) return;
    const list = members[code]!;
    if (list.length < sampled) list.push(index);
    // Every further one replaces an earlier one at an even distance, so a sorted file counts whole.
    else if (seen[code]! % (1 + Math.floor(seen[code]! / sampled)) === 0)
      list[(seen[code]! * 7) % sampled] = index;
    seen[code]!++;
  });
  return members.map((list) => {
    if (list.length === 0) return null;
    const median = (axis: number): number => {
      const values = list.map((index) => positions[3 * index + axis]!).sort((a, b) => a - b);
      return values[values.length >> 1]!;
    };
    return [median(0), median(1), median(2)];
  });
}
