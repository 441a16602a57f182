/** The points as three.js holds them: positions, colours, and which of them lie under the pointer or in a box. */

import { BufferAttribute, BufferGeometry, Frustum, Matrix4, Points, Sphere, Vector3 } from "three";
import { hidden } from "./highlight";
import type { Frame } from "./painter";
import { ProjectedPoints } from "./projected";

/** Two corners in pixels: left, top, right, bottom. */
export type PixelBox = readonly [number, number, number, number];

export class PointCloud {
  /** Painters draw its geometry: `position`, and `color` with the highlight as the fourth byte. */
  readonly points = new Points(new BufferGeometry());
  #projected: { key: string; points: ProjectedPoints } | null = null;
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
    if (attribute?.array.length === positions.length) {
      attribute.copyArray(positions);
      attribute.needsUpdate = true;
      return;
    }
    const count = positions.length / 3;
    geometry.dispose();
    geometry.setAttribute("position", new BufferAttribute(positions.slice(), 3));
    geometry.setAttribute("color", new BufferAttribute(new Uint8Array(4 * count), 4, true));
  }

  /** Copies colours; of another number than there are points they are ignored. */
  setColors(colors: Uint8Array): void {
    const attribute = this.#attribute("color");
    if (attribute?.array.length !== colors.length) return;
    attribute.copyArray(colors);
    attribute.needsUpdate = true;
  }

  isShown(index: number): boolean {
    return this.colors[4 * index + 3] !== hidden;
  }

  /** The foremost of the points whose disc covers the pixel (x, y); -1 for none. */
  pick(frame: Frame, x: number, y: number): number {
    return this.project(frame).pick(frame, x, y, (index) => this.isShown(index));
  }

  /** Indices of the shown points whose middles are drawn within a box. */
  within({ camera, width, height }: Frame, [left, top, right, bottom]: PixelBox): number[] {
    const part = camera.clone();
    part.setViewOffset(width, height, left, top, Math.max(1e-3, right - left), Math.max(1e-3, bottom - top));
    const toClip = new Matrix4().multiplyMatrices(part.projectionMatrix, camera.matrixWorldInverse);
    const frustum = new Frustum().setFromProjectionMatrix(toClip);
    const { positions } = this;
    const point = new Vector3();
    const found: number[] = [];
    for (let i = 0; i < this.count; i++) {
      point.fromArray(positions, 3 * i);
      if (!Number.isNaN(point.x) && frustum.containsPoint(point) && this.isShown(i)) found.push(i);
    }
    return found;
  }

  dispose(): void {
    this.points.geometry.dispose();
  }

  #attribute(name: string): BufferAttribute | undefined {
    return this.points.geometry.getAttribute(name) as BufferAttribute | undefined;
  }
}
