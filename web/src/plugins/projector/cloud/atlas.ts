/** Images of points on one canvas, all of one size: what both painters draw them from. */

/** Texels of a canvas: 16 MiB, which every device holds. */
export const atlasSide_px = 2048;

export class Atlas {
  readonly canvas = document.createElement("canvas");
  readonly columns: number;
  readonly capacity: number;
  /** Changes with the pixels. */
  version = 0;
  /** For each point the place of its image; -1 for none. */
  readonly #places: Int32Array;
  readonly #owners: Int32Array;
  #next = 0;

  /**
   * @param width of an image in pixels, as `height`.
   * @param count of points.
   */
  constructor(
    readonly width: number,
    readonly height: number,
    count: number,
  ) {
    this.columns = Math.max(1, Math.floor(atlasSide_px / width));
    this.capacity = Math.min(count, this.columns * Math.max(1, Math.floor(atlasSide_px / height)));
    this.canvas.width = Math.min(this.columns, this.capacity) * width;
    this.canvas.height = Math.ceil(this.capacity / this.columns) * height;
    this.#places = new Int32Array(count).fill(-1);
    this.#owners = new Int32Array(this.capacity).fill(-1);
  }

  placeOf(index: number): number {
    return this.#places[index]!;
  }

  /**
   * Takes in images of a sheet, over those that are kept for nobody.
   *
   * @param kept points whose images must stay; with the new ones no more than there is room for.
   */
  add(
    indices: readonly number[],
    sheet: CanvasImageSource,
    sheetColumns: number,
    kept: ReadonlySet<number>,
  ): void {
    const context = this.canvas.getContext("2d", { willReadFrequently: true })!;
    const { width, height } = this;
    indices.forEach((index, at) => {
      const place = this.#free(kept);
      if (place < 0) return;
      const before = this.#owners[place]!;
      if (before >= 0) this.#places[before] = -1;
      this.#owners[place] = index;
      this.#places[index] = place;
      const x = (place % this.columns) * width;
      const y = Math.floor(place / this.columns) * height;
      const [fromX, fromY] = [(at % sheetColumns) * width, Math.floor(at / sheetColumns) * height];
      context.clearRect(x, y, width, height);
      context.drawImage(sheet, fromX, fromY, width, height, x, y, width, height);
    });
    this.version++;
  }

  /** Gives the memory back. */
  dispose(): void {
    this.canvas.width = this.canvas.height = 0;
  }

  /** The next place whose image nobody needs; -1 if all are needed. */
  #free(kept: ReadonlySet<number>): number {
    for (let tried = 0; tried < this.capacity; tried++) {
      const place = this.#next;
      this.#next = (this.#next + 1) % this.capacity;
      if (!kept.has(this.#owners[place]!)) return place;
    }
    return -1;
  }
}
