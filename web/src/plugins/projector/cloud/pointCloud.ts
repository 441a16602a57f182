/** The points as three.js holds them: positions, colours, and which of them lies under the pointer. */

import { BufferAttribute, BufferGeometry, MathUtils, Points, Sphere, Vector3 } from "three";
import type { Rgb } from "../../../base/color";
import { hidden, highlighted } from "./highlight";
import type { Frame } from "./painter";
import { ProjectedPoints } from "./projected";

export class PointCloud {
  /** Painters draw its geometry: `position`, and `color` with the highlight as the fourth byte. */
  readonly points = new Points(new BufferGeometry());
  #projected: { key: string; points: ProjectedPoints } | null = null;
  /** Colours as they were set, while some of them are on their way in. */
  #settled: Uint8Array | null = null;
  #drawn: { sparse: boolean; indices: Uint32Array | null } | null = null;
  /** Counts what a projection depends on beside the camera. */
  #moves = 0;

  constructor() {
    // Points that are NaN would make the computed sphere one too.
    this.points.geometry.boundingSphere = new Sphere(new Vector3(), 1);
  }

  get count(): number {
    return this.#attribute("position")?.count ?? 0;
  }

  /** Three coordinates a point, within the unit ball; NaN is not drawn. */
  get positions(): Float32Array {
    return (this.#attribute("position")?.array as Float32Array | undefined) ?? new Float32Array();
  }

  /** Red, green, blue and highlight a point. */
  get colors(): Uint8Array {
    return (this.#attribute("color")?.array as Uint8Array | undefined) ?? new Uint8Array();
  }

  /** The points as a frame's camera sees them; kept until the camera or the points move. */
  project(frame: Frame): ProjectedPoints {
    const { camera, width, height } = frame;
    const numbers = [...camera.matrixWorld.elements, ...camera.projectionMatrix.elements];
    const key = [this.#moves, width, height, ...numbers].join();
    if (this.#projected?.key !== key) {
      const before = this.#projected?.points ?? null;
      this.#projected = { key, points: new ProjectedPoints(this.positions, frame, before) };
    }
    return this.#projected.points;
  }

  /** Copies positions. Of another number of points, their colours are to be set anew. */
  setPositions(positions: Float32Array): void {
    const { geometry } = this.points;
    const attribute = this.#attribute("position");
    this.#moves++;
    this.#drawn = null;
    if (attribute?.array.length === positions.length) {
      attribute.copyArray(positions);
      attribute.needsUpdate = true;
      return;
    }
    const count = positions.length / 3;
    this.#settled = null;
    geometry.dispose();
    geometry.setAttribute("position", new BufferAttribute(positions.slice(), 3));
    geometry.setAttribute("color", new BufferAttribute(new Uint8Array(4 * count), 4, true));
    geometry.setAttribute("place", new BufferAttribute(new Float32Array(count).fill(-1), 1));
  }

  /** Copies colours; of another number than there are points they are ignored. */
  setColors(colors: Uint8Array): void {
    const attribute = this.#attribute("color");
    if (attribute?.array.length !== colors.length) return;
    this.#settled = null;
    attribute.copyArray(colors);
    attribute.needsUpdate = true;
    this.#drawn = null;
  }

  /** Mixes the colours of new points with the background. @param share how much of their own is there; from 1 on all of it. */
  fadeIn(isNew: Uint8Array, share: number, background: Rgb): void {
    const attribute = this.#attribute("color");
    if (!attribute || isNew.length !== this.count) return;
    const settled = (this.#settled ??= this.colors.slice());
    const { colors } = this;
    for (let at = 0; at < colors.length; at++)
      if (isNew[at >> 2] && (at & 3) < 3)
        colors[at] = MathUtils.lerp(background[(at & 3) as 0 | 1 | 2], settled[at]!, share);
    if (share >= 1) this.#settled = null;
    attribute.needsUpdate = true;
  }

  /** Copies where each point's image is (see `Pictures`). */
  setPlaces(placeOf: (index: number) => number): void {
    const attribute = this.#attribute("place");
    if (!attribute) return;
    const places = attribute.array as Float32Array;
    for (let i = 0; i < places.length; i++) places[i] = placeOf(i);
    attribute.needsUpdate = true;
  }

  /** Where each point's image is; -1 for none. */
  get places(): Float32Array {
    return (this.#attribute("place")?.array as Float32Array | undefined) ?? new Float32Array();
  }

  /**
   * Indices, rising, of the points to paint; null for all. Their coordinates are numbers.
   *
   * @param sparse only those that stand out.
   */
  drawn(sparse: boolean): Uint32Array | null {
    if (this.#drawn?.sparse === sparse) return this.#drawn.indices;
    const { positions, colors, count } = this;
    const found = new Uint32Array(count);
    let length = 0;
    for (let i = 0; i < count; i++) {
      const highlight = colors[4 * i + 3]!;
      const wanted = sparse ? highlight === highlighted : highlight !== hidden;
      if (wanted && !Number.isNaN(positions[3 * i]!)) found[length++] = i;
    }
    this.#drawn = { sparse, indices: length === count ? null : found.slice(0, length) };
    return this.#drawn.indices;
  }

  isShown(index: number): boolean {
    return this.colors[4 * index + 3] !== hidden;
  }

  /** The foremost of the points whose disc covers the pixel (x, y); -1 for none. */
  pick(frame: Frame, x: number, y: number): number {
    return this.project(frame).pick(frame, x, y, (index) => this.isShown(index));
  }

  dispose(): void {
    this.points.geometry.dispose();
  }

  #attribute(name: string): BufferAttribute | undefined {
    return this.points.geometry.getAttribute(name) as BufferAttribute | undefined;
  }
}
