/** Where names stand beside points: none over another, the most wanted first. */

export interface Anchor {
  /** Pixels of the point's middle. */
  x: number;
  y: number;
  /** Pixels from there to its edge. */
  radius: number;
  text: string;
}

export interface Placed {
  text: string;
  /** Left end and middle height of the text. */
  x: number;
  y: number;
}

/**
 * @param anchors by falling importance.
 * @param measure width of a text in pixels.
 * @param line height of a text in pixels.
 */
export function placeLabels(
  anchors: readonly Anchor[],
  measure: (text: string) => number,
  line: number,
  width: number,
  height: number,
): Placed[] {
  const taken: [number, number, number, number][] = [];
  const placed: Placed[] = [];
  for (const { x, y, radius, text } of anchors) {
    const wide = measure(text);
    // To the right; where the picture ends there, to the left.
    const left = x + radius + 4 + wide <= width ? x + radius + 4 : x - radius - 4 - wide;
    const box: [number, number, number, number] = [left - 2, y - line / 2, left + wide + 2, y + line / 2];
    if (box[0] < 0 || box[1] < 0 || box[3] > height) continue;
    if (
      taken.some((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1])
    )
      continue;
    taken.push(box);
    placed.push({ text, x: left, y });
  }
  return placed;
}

/** A label's text cut to a length that a cloud can carry. */
export function shorten(text: string, most = 32): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join("")}…`;
}
