/** Paints a cloud pixel by pixel, where there is no WebGL: the formulas of the shaders, from back to front. */

import { MathUtils } from "three";
import { dimmed, highlighted } from "./highlight";
import {
  dimmedShare,
  fade,
  hasImages,
  highlightedFade,
  highlightedScale,
  placeholder_px,
  radiusAt,
  type Frame,
  type Painter,
} from "./painter";
import { fineOffset, type Pictures } from "./pictures";
import type { PointCloud } from "./pointCloud";
import { Raster, type Texels } from "./raster";

/** Depths are told apart in so many steps. */
const depthSteps = 1 << 14;

export class CanvasPainter implements Painter {
  readonly canvas = document.createElement("canvas");
  readonly #context = this.canvas.getContext("2d")!;
  readonly #cloud: PointCloud;
  #raster: Raster | null = null;
  #pictures: Pictures | null = null;
  #texels: { version: string; coarse: Texels | null; fine: Texels | null } | null = null;

  constructor(cloud: PointCloud) {
    this.#cloud = cloud;
  }

  setPictures(pictures: Pictures | null): void {
    this.#pictures = pictures;
    this.#texels = null;
  }

  draw(frame: Frame, pixelRatio: number): void {
    const width = Math.max(1, Math.round(frame.width * pixelRatio));
    const height = Math.max(1, Math.round(frame.height * pixelRatio));
    if (this.canvas.width !== width) this.canvas.width = width;
    if (this.canvas.height !== height) this.canvas.height = height;
    if (this.#raster?.width !== width || this.#raster.height !== height)
      this.#raster = new Raster(width, height);
    const raster = this.#raster;
    raster.clear();
    const { colors, places } = this.#cloud;
    const { xs, ys, depths } = this.#cloud.project(frame);
    const [paper0, paper1, paper2] = frame.background;
    const images = hasImages(frame.drawing) ? this.#readImages() : null;
    const smallest = hasImages(frame.drawing) ? 4 : 2;
    const onWhite = this.#pictures?.sprite.background === "white";
    for (const index of this.#order(frame, depths)) {
      const highlight = colors[4 * index + 3]!;
      const depth = depths[index]!;
      const kept = keptShare(depth, frame.reference, highlight);
      const red = MathUtils.lerp(paper0, colors[4 * index]!, kept);
      const green = MathUtils.lerp(paper1, colors[4 * index + 1]!, kept);
      const blue = MathUtils.lerp(paper2, colors[4 * index + 2]!, kept);
      const scale = highlight === highlighted ? highlightedScale : 1;
      const size = pixelRatio * Math.max(smallest, 2 * radiusAt(frame, depth) * scale);
      const [x, y] = [xs[index]! * pixelRatio, ys[index]! * pixelRatio];
      const place = images ? places[index]! : -1;
      const isFine = place >= fineOffset;
      const texels = place < 0 ? null : isFine ? images!.fine : images!.coarse;
      if (!texels) {
        const disc = images ? Math.min(size, placeholder_px * pixelRatio) : size;
        raster.disc(x, y, disc, red, green, blue);
      } else if (frame.drawing === "ink")
        raster.ink(x, y, size, texels, isFine ? place - fineOffset : place, onWhite, red, green, blue);
      else
        raster.image(x, y, size, texels, isFine ? place - fineOffset : place, kept, frame.background, [red, green, blue]); // prettier-ignore
    }
    this.#context.putImageData(raster.data, 0, 0);
  }

  dispose(): void {
    this.canvas.width = this.canvas.height = 0;
  }

  /** The points to paint from back to front, those that stand out last (a counting sort: comparing would take longer than painting). */
  #order(frame: Frame, depths: Float32Array): Uint32Array {
    const { colors, count } = this.#cloud;
    const drawn = this.#cloud.drawn(frame.sparse);
    const total = drawn?.length ?? count;
    // As in the clip range: what is nearer than a fiftieth of the distance is not seen.
    const nearest = frame.reference * 0.02;
    let [low, high] = [Infinity, -Infinity];
    for (let at = 0; at < total; at++) {
      const depth = depths[drawn ? drawn[at]! : at]!;
      if (depth > nearest && depth < low) low = depth;
      if (depth > high) high = depth;
    }
    const scale = high > low ? (depthSteps - 1) / (high - low) : 0;
    const stepOf = (index: number): number => {
      const depth = depths[index]!;
      if (!(depth > nearest)) return -1;
      const stands = colors[4 * index + 3] === highlighted ? depthSteps : 0;
      return stands + Math.floor((high - depth) * scale);
    };
    const starts = new Uint32Array(2 * depthSteps + 1);
    for (let at = 0; at < total; at++) {
      const step = stepOf(drawn ? drawn[at]! : at);
      if (step >= 0) starts[step + 1]!++;
    }
    for (let step = 0; step < 2 * depthSteps; step++) starts[step + 1]! += starts[step]!;
    const order = new Uint32Array(starts.at(-1)!);
    for (let at = 0; at < total; at++) {
      const index = drawn ? drawn[at]! : at;
      const step = stepOf(index);
      if (step >= 0) order[starts[step]!++] = index;
    }
    return order;
  }

  #readImages(): { coarse: Texels | null; fine: Texels | null } | null {
    const pictures = this.#pictures;
    if (!pictures) return null;
    if (this.#texels?.version !== pictures.version) {
      const read = (atlas: Pictures["fine"]): Texels | null => {
        const context = atlas?.canvas.getContext("2d", { willReadFrequently: true });
        if (!atlas || !context) return null;
        const { data } = context.getImageData(0, 0, atlas.canvas.width, atlas.canvas.height);
        const { width, height, columns } = atlas;
        return { data, stride: atlas.canvas.width, columns, width, height };
      };
      this.#texels = {
        version: pictures.version,
        coarse: read(pictures.coarse),
        fine: read(pictures.fine),
      };
    }
    return this.#texels;
  }
}

/** How much of its own colour a point keeps, as in the vertex shader. */
function keptShare(depth: number, reference: number, highlight: number): number {
  const far = reference ? MathUtils.clamp((depth / reference - fade.near) / (fade.far - fade.near), 0, 1) : 0;
  const lost = far * fade.most * (highlight === highlighted ? highlightedFade : 1);
  return (1 - lost) * (highlight === dimmed ? dimmedShare : 1);
}
