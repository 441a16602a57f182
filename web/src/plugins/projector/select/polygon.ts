/** Whether places lie within a closed polygon, by the even-odd rule. Quick for a million places: each looks at the few edges of its height. */
const slabs = 128;

export class Polygon {
  readonly #left: number;
  readonly #right: number;
  readonly #bottom: number;
  readonly #top: number;
  /** For each slab of heights the edges that cross it: x, y, slope dx/dy, other y. */
  readonly #edges: number[][] = Array.from({ length: slabs }, () => []);

  /** @param corners x, y, x, y … */
  constructor(corners: readonly number[]) {
    const xs = corners.filter((_, at) => at % 2 === 0);
    const ys = corners.filter((_, at) => at % 2 === 1);
    this.#left = Math.min(...xs);
    this.#right = Math.max(...xs);
    this.#bottom = Math.min(...ys);
    this.#top = Math.max(...ys);
    xs.forEach((x, at) => {
      const next = (at + 1) % xs.length;
      const [y, otherY] = [ys[at]!, ys[next]!];
      if (y === otherY) return;
      const edge = [x, y, (xs[next]! - x) / (otherY - y), otherY];
      const last = this.#slabOf(Math.max(y, otherY));
      for (let slab = this.#slabOf(Math.min(y, otherY)); slab <= last; slab++)
        this.#edges[slab]!.push(...edge);
    });
  }

  holds(x: number, y: number): boolean {
    if (!(x >= this.#left && x <= this.#right && y >= this.#bottom && y <= this.#top)) return false;
    const edges = this.#edges[this.#slabOf(y)]!;
    let inside = false;
    for (let i = 0; i < edges.length; i += 4) {
      const from = edges[i + 1]!;
      if (from > y !== edges[i + 3]! > y && x < edges[i]! + (y - from) * edges[i + 2]!) inside = !inside;
    }
    return inside;
  }

  #slabOf(y: number): number {
    const share = (y - this.#bottom) / (this.#top - this.#bottom || 1);
    return Math.min(slabs - 1, Math.max(0, Math.floor(share * slabs)));
  }
}
