/** Where columns stand, and which of them are seen. */

export interface Placed {
  id: string;
  /** From the left edge of its part: of those that stay, or of those that scroll. */
  left: number;
  width: number;
}

export interface Layout {
  /** Stay at the left edge. */
  pinned: readonly Placed[];
  pinnedWidth: number;
  /** Scroll behind them. */
  free: readonly Placed[];
  freeWidth: number;
}

export function layOut(
  ids: readonly string[],
  isPinned: (id: string) => boolean,
  widthOf: (id: string) => number,
): Layout {
  const [pinned, pinnedWidth] = place(ids.filter(isPinned), widthOf);
  const [free, freeWidth] = place(
    ids.filter((id) => !isPinned(id)),
    widthOf,
  );
  return { pinned, pinnedWidth, free, freeWidth };
}

function place(ids: readonly string[], widthOf: (id: string) => number): [Placed[], number] {
  let left = 0;
  const placed = ids.map((id) => {
    const width = widthOf(id);
    left += width;
    return { id, left: left - width, width };
  });
  return [placed, left];
}

/** The columns that touch the part from `start` to `start + room`, and one beyond each edge: from the first to before the second. */
export function seenColumns(placed: readonly Placed[], start: number, room: number): [number, number] {
  let first = placed.findIndex(({ left, width }) => left + width > start);
  if (first < 0) first = placed.length;
  let end = first;
  while (end < placed.length && placed[end]!.left < start + room) end++;
  return [Math.max(0, first - 1), Math.min(placed.length, end + 1)];
}

/**
 * Rows that are seen, and some beyond each edge, so that a fast wheel meets no blanks: from the first to before the second. Always as many,
 * wherever the table is scrolled to.
 */
export function seenRows(top: number, height: number, rowHeight: number, count: number): [number, number] {
  const margin = 6;
  const made = Math.min(count, Math.ceil(Math.max(0, height) / rowHeight) + 1 + 2 * margin);
  const first = Math.min(Math.max(0, Math.floor(top / rowHeight) - margin), count - made);
  return [first, first + made];
}

/**
 * Which line each of so many elements shows, so that those that stay in sight keep theirs and the others are used again: making an element
 * costs far more than writing other words into it.
 */
export function slotRows(first: number, end: number): number[] {
  const count = end - first;
  return Array.from({ length: count }, (_, slot) => first + ((((slot - first) % count) + count) % count));
}
