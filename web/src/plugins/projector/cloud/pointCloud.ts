/** The points as three.js holds them: positions, colours, and which of them lie under the pointer or in a box. */

import {
  BufferAttribute,
  BufferGeometry,
  Frustum,
  Matrix4,
  Points,
  Raycaster,
  Sphere,
  Vector2,
  Vector3,
} from "three";
import { hidden } from "./highlight";
import { radiusAt, type Frame } from "./painter";

/** Two corners in pixels: left, top, right, bottom. */
export type PixelBox = readonly [number, number, number, number];

/** A point is hit this far from its middle even where it is smaller. */
const leastReach_px = 5;

export class PointCloud {
  /** Painters draw its geometry: `position`, and `color` with the highlight as the fourth byte. */
  readonly points = new Points(new BufferGeometry());
  readonly #raycaster = new Raycaster();

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

  /** Copies positions. Of another number of points, their colours are to be set anew. */
  setPositions(positions: Float32Array): void {
    const { geometry } = this.points;
    const attribute = this.#attribute("position");
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
    const { camera, width, height } = frame;
    const pointer = new Vector2((2 * x) / width - 1, 1 - (2 * y) / height);
    this.#raycaster.setFromCamera(pointer, camera);
    const perspective = frame.reference > 0;
    const unitsPerPixel = 2 / (camera.projectionMatrix.elements[5] * height);
    const reach = (depth: number): number =>
      Math.max(leastReach_px, radiusAt(frame, depth)) * unitsPerPixel * (perspective ? depth : 1);
    // Farther points reach farther, since their least reach is one in pixels.
    this.#raycaster.params.Points.threshold = reach(camera.position.length() + 1);
    let best = -1;
    let bestScore = Infinity;
    for (const { distance, distanceToRay = 0, index = -1 } of this.#raycaster.intersectObject(this.points)) {
      const share = distanceToRay / reach(distance);
      // In the plane all lie at one depth: there the nearest middle wins.
      const score = distance + share * 1e-3;
      if (share > 1 || score >= bestScore || !this.isShown(index)) continue;
      [best, bestScore] = [index, score];
    }
    return best;
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
