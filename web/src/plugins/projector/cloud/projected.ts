/** All points as one camera sees them: computed once for a picture, then asked for what lies under the pointer. */

import { Matrix4 } from "three";
import { radiusAt, type Frame } from "./painter";

/** Points are looked up by squares of this side. */
const cell_px = 16;
/** A point is hit this far from its middle even where it is smaller, and at most so far where it is larger. */
const reach_px = { least: 5, most: 160 };

export class ProjectedPoints {
  /** Pixels of every point; meaningless where its depth is not above 0. */
  readonly xs: Float32Array;
  readonly ys: Float32Array;
  /** Distance along the line of sight, 1 for all under an orthographic camera; not above 0 behind the camera, NaN for points that are NaN. */
  readonly depths: Float32Array;
  readonly width: number;
  readonly height: number;
  #cells: { columns: number; rows: number; starts: Uint32Array; members: Uint32Array } | null = null;

  /** @param reused an earlier projection that nobody asks any more: its memory is taken. */
  constructor(positions: Float32Array, { camera, width, height }: Frame, reused: ProjectedPoints | null) {
    const count = positions.length / 3;
    const fits = reused?.xs.length === count;
    this.xs = fits ? reused.xs : new Float32Array(count);
    this.ys = fits ? reused.ys : new Float32Array(count);
    this.depths = fits ? reused.depths : new Float32Array(count);
    this.width = width;
    this.height = height;
    const { xs, ys, depths } = this;
    const m = new Matrix4().multiplyMatrices(camera.projectionMatrix, camera.matrixWorldInverse).elements;
    const [a, b, c, d, e, f, g, h] = [m[0], m[4], m[8], m[12], m[1], m[5], m[9], m[13]];
    const [i, j, k, l] = [m[3], m[7], m[11], m[15]];
    for (let at = 0, from = 0; at < count; at++, from += 3) {
      const x = positions[from]!;
      const y = positions[from + 1]!;
      const z = positions[from + 2]!;
      const w = i * x + j * y + k * z + l;
      xs[at] = ((a * x + b * y + c * z + d) / w + 1) * 0.5 * width;
      ys[at] = (1 - (e * x + f * y + g * z + h) / w) * 0.5 * height;
      depths[at] = w;
    }
  }

  /** Whether a point's middle lies before the camera and within the picture. */
  isInside(index: number): boolean {
    const x = this.xs[index]!;
    const y = this.ys[index]!;
    return this.depths[index]! > 0 && x >= 0 && y >= 0 && x <= this.width && y <= this.height;
  }

  /** The foremost of the points whose disc covers the pixel (x, y); -1 for none. */
  pick(frame: Frame, x: number, y: number, isShown: (index: number) => boolean): number {
    let best = -1;
    let bestScore = Infinity;
    this.#near(x, y, this.#farthestReach(frame), (index, away_px) => {
      const depth = this.depths[index]!;
      const share = away_px / Math.max(reach_px.least, radiusAt(frame, depth));
      // In the plane all lie at one depth: there the nearest middle wins.
      const score = depth + share * 1e-3;
      if (share <= 1 && score < bestScore && isShown(index)) [best, bestScore] = [index, score];
    });
    return best;
  }

  /** The point in the picture whose middle is nearest to a pixel, at most `within_px` away; -1 for none. */
  nearest(x: number, y: number, within_px: number, isShown: (index: number) => boolean): number {
    let best = -1;
    let least = within_px;
    this.#near(x, y, within_px, (index, away_px) => {
      if (away_px <= least && this.isInside(index) && isShown(index)) [best, least] = [index, away_px];
    });
    return best;
  }

  /** Calls `each` for points in the picture at most `within_px` away from a pixel. */
  #near(x: number, y: number, within_px: number, each: (index: number, away_px: number) => void): void {
    const { columns, rows, starts, members } = (this.#cells ??= this.#sort());
    const cell = (value: number): number => Math.floor(value / cell_px) + margin;
    for (let row = Math.max(0, cell(y - within_px)); row <= Math.min(rows - 1, cell(y + within_px)); row++) {
      const first = row * columns + Math.max(0, cell(x - within_px));
      const last = row * columns + Math.min(columns - 1, cell(x + within_px));
      for (let at = starts[first]!; at < starts[last + 1]!; at++) {
        const index = members[at]!;
        const dx = this.xs[index]! - x;
        const dy = this.ys[index]! - y;
        const away_px = Math.sqrt(dx * dx + dy * dy);
        if (away_px <= within_px) each(index, away_px);
      }
    }
  }

  /** The points by their squares (a counting sort), with a margin for discs that reach into the picture. */
  #sort(): { columns: number; rows: number; starts: Uint32Array; members: Uint32Array } {
    const { xs, ys, depths } = this;
    const columns = Math.ceil(this.width / cell_px) + 2 * margin;
    const rows = Math.ceil(this.height / cell_px) + 2 * margin;
    const cellOf = (index: number): number => {
      if (!(depths[index]! > 0)) return -1;
      const column = Math.floor(xs[index]! / cell_px) + margin;
      const row = Math.floor(ys[index]! / cell_px) + margin;
      return column >= 0 && row >= 0 && column < columns && row < rows ? row * columns + column : -1;
    };
    const starts = new Uint32Array(columns * rows + 1);
    for (let index = 0; index < xs.length; index++) {
      const cell = cellOf(index);
      if (cell >= 0) starts[cell + 1]!++;
    }
    for (let cell = 0; cell < columns * rows; cell++) starts[cell + 1]! += starts[cell]!;
    const members = new Uint32Array(starts.at(-1)!);
    const next = starts.slice();
    for (let index = 0; index < xs.length; index++) {
      const cell = cellOf(index);
      if (cell >= 0) members[next[cell]!++] = index;
    }
    return { columns, rows, starts, members };
  }

  /** Pixels from the middle of the foremost, largest disc to its edge. */
  #farthestReach(frame: Frame): number {
    if (frame.reference === 0) return Math.max(reach_px.least, radiusAt(frame, 1));
    let nearest = Infinity;
    for (const depth of this.depths) if (depth > 0 && depth < nearest) nearest = depth;
    return Math.min(reach_px.most, Math.max(reach_px.least, radiusAt(frame, nearest)));
  }
}

/** Squares kept around the picture. */
const margin = Math.ceil(reach_px.most / cell_px);
