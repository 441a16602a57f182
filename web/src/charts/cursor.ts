/** The keys' language over a chart: arrows by one place, PageUp and PageDown by a tenth of all, Home and End to the ends; up and down. */

/** How far a key sends the cursor. */
export interface CursorMove {
  /** So many places to the right; ±∞: to the end. */
  right: number;
  /** 1: to what lies above, −1: below. */
  up: number;
}

/** @param places how many there are from left to right. */
export function cursorMove(key: string, places: number): CursorMove | null {
  const tenth = Math.max(1, Math.round(places / 10));
  const right: Record<string, number> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    // As in a slider: up is more.
    PageUp: tenth,
    PageDown: -tenth,
    Home: -Infinity,
    End: Infinity,
  };
  if (Object.hasOwn(right, key)) return { right: right[key]!, up: 0 };
  if (key === "ArrowUp" || key === "ArrowDown") return { right: 0, up: key === "ArrowUp" ? 1 : -1 };
  return null;
}

/** `value` moved, and kept between both ends. */
export function movedWithin(value: number, by: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value + by));
}
