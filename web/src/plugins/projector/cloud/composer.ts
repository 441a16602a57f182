/** The picture from back to front: axes, density, lines, points, then rings and labels, which alone are drawn anew when the pointer moves. */

import { whenLoaded } from "../../../base/parts";
import { drawAxes } from "./axes";
import type * as densityModule from "./density";
import { hidden } from "./highlight";
import { labelsOf, type Labelling } from "./labelling";
import { clearLayer, type LayerFrame } from "./layer";
import type { Fading } from "./motion";
import { drawOverlay, type Ring } from "./overlay";
import type { Painter } from "./painter";
import type { PointCloud } from "./pointCloud";
import type { Outline } from "./pointer";
import { drawSegments } from "./sequences";
import { drawGhosts, drawTrails, type Trail } from "./trails";

/** Where so few points of a density are in view, and so small a share of all, they are drawn as points. */
const mostOverDensity = 20_000;
const shareOverDensity = 0.1;
/** Points below names, in CSS pixels. */
const dot_px = 3;

/** What is drawn beside the points themselves. */
export interface Content {
  axisNames: readonly string[];
  segments: Uint32Array;
  trails: readonly Trail[];
  rings: readonly Ring[];
  labelling: Labelling;
}

export class Composer {
  readonly #cloud: PointCloud;
  readonly #back: HTMLCanvasElement;
  readonly #front: HTMLCanvasElement;
  readonly #onReady: () => void;
  #density: typeof densityModule | "loading" | "lacking" | null = null;

  /** @param onReady is called when something that was missing can be drawn. */
  constructor(cloud: PointCloud, back: HTMLCanvasElement, front: HTMLCanvasElement, onReady: () => void) {
    this.#cloud = cloud;
    this.#back = back;
    this.#front = front;
    this.#onReady = onReady;
  }

  /** All but what `drawFront` draws. @param fading points that come and go. @param pixelRatio of the points. */
  draw(
    frame: LayerFrame,
    painter: Painter,
    { axisNames, segments, trails }: Content,
    fading: Fading | null,
    pixelRatio: number,
  ): void {
    const context = clearLayer(this.#back, frame);
    drawAxes(context, frame, axisNames.length);
    const sparse = frame.drawing === "density" && this.#drawDensity(context, frame);
    if (segments.length > 0) drawSegments(context, frame, this.#cloud, segments);
    drawTrails(context, frame, this.#cloud, trails);
    if (fading) drawGhosts(context, frame, fading.gone, 1 - fading.share);
    const diameter_px = frame.drawing === "names" ? dot_px : frame.diameter_px;
    painter.draw({ ...frame, sparse, diameter_px }, pixelRatio);
  }

  drawFront(frame: LayerFrame, { axisNames, rings, labelling }: Content, outline: Outline | null): void {
    const labels = labelsOf(labelling, this.#cloud, frame);
    drawOverlay(this.#front, frame, this.#cloud.positions, labels, rings, axisNames, outline);
  }

  /** Whether points that could be seen are all outside the picture. */
  isEmpty(frame: LayerFrame): boolean {
    const projected = this.#cloud.project(frame);
    const { colors, count } = this.#cloud;
    let someElsewhere = false;
    for (let index = 0; index < count; index++) {
      if (colors[4 * index + 3] === hidden || Number.isNaN(projected.depths[index]!)) continue;
      if (projected.isInside(index)) return false;
      someElsewhere = true;
    }
    return someElsewhere;
  }

  /** Whether the density stands for the points, so that they need not be drawn. */
  #drawDensity(context: CanvasRenderingContext2D, frame: LayerFrame): boolean {
    if (this.#density === null) {
      this.#density = "loading";
      const take = (loaded: typeof densityModule | "lacking"): void => {
        this.#density = loaded;
        this.#onReady();
      };
      whenLoaded(
        () => import("./density"),
        take,
        () => take("lacking"),
      );
    }
    if (this.#density === "lacking") return false;
    if (this.#density === null || this.#density === "loading") return this.#cloud.count > mostOverDensity;
    const density = this.#density.densityOf(this.#cloud, frame);
    this.#density.drawDensity(context, frame, density);
    return density.inView > Math.min(mostOverDensity, shareOverDensity * this.#cloud.count);
  }
}
