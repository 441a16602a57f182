/** Where names stand beside points: none over another, the most wanted first. */

export interface Anchor {
  /** Pixels of the point's middle. */
  x: number;
  y: number;
  /** Pixels from there to its edge; null: the text stands on it. */
  radius: number | null;
  /** Width and height of the text in pixels. */
  wide: number;
  line: number;
}

export interface Placed {
  /** Left end and middle height of the text. */
  x: number;
  y: number;
}

/** Room is told apart by squares of this side. */
const cell_px = 4;

/** What of a picture is taken already. */
export class Room {
  readonly #columns: number;
  readonly #rows: number;
  readonly #taken: Uint8Array;

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.#columns = Math.ceil(width / cell_px);
    this.#rows = Math.ceil(height / cell_px);
    this.#taken = new Uint8Array(this.#columns * this.#rows);
  }

  /** Takes a box if it is free and within the picture; whether it was. */
  take(left: number, top: number, right: number, bottom: number): boolean {
    if (left < 0 || top < 0 || right > this.width || bottom > this.height) return false;
    const [first, last] = [Math.floor(left / cell_px), Math.ceil(right / cell_px)];
    const [upper, lower] = [Math.floor(top / cell_px), Math.ceil(bottom / cell_px)];
    for (let row = upper; row < lower; row++)
      for (let column = first; column < last; column++)
        if (this.#taken[row * this.#columns + column]) return false;
    for (let row = upper; row < lower; row++)
      this.#taken.fill(1, row * this.#columns + first, row * this.#columns + last);
    return true;
  }

  /** Finds a place for a name: on its point, else to its right, to its left, above or below; null if none is free. */
  place({ x, y, radius, wide, line }: Anchor): Placed | null {
    const away = (radius ?? 0) + 4;
    const middle = x - wide / 2;
    const places: readonly Placed[] =
      radius === null
        ? [{ x: middle, y }]
        : [
            { x: x + away, y },
            { x: x - away - wide, y },
            { x: middle, y: y - away - line / 2 },
            { x: middle, y: y + away + line / 2 },
          ];
    return (
      places.find((at) => this.take(at.x - 2, at.y - line / 2, at.x + wide + 2, at.y + line / 2)) ?? null
    );
  }
}

/** A label's text cut to a length that a cloud can carry. */
export function shorten(text: string, most = 32): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join("")}…`;
}
