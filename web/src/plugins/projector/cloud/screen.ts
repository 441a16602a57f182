/** Where points of the cloud stand on the screen. */

import { Matrix4, Vector4, type Camera, type Vector3 } from "three";

export class Screen {
  readonly #toClip: Matrix4;
  readonly #clip = new Vector4();

  constructor(
    camera: Camera,
    readonly width: number,
    readonly height: number,
  ) {
    this.#toClip = new Matrix4().multiplyMatrices(camera.projectionMatrix, camera.matrixWorldInverse);
  }

  /**
   * Writes into `out` the pixels from the upper left corner and, as z, the distance along the line of sight: at most 0 behind the camera,
   * 1 for all points under an orthographic one.
   */
  place(x: number, y: number, z: number, out: Vector3): Vector3 {
    const { width, height } = this;
    const clip = this.#clip.set(x, y, z, 1).applyMatrix4(this.#toClip);
    return out.set((clip.x / clip.w + 1) * 0.5 * width, (1 - clip.y / clip.w) * 0.5 * height, clip.w);
  }

  /** The same of the point with an index. */
  placeOf(positions: Float32Array, index: number, out: Vector3): Vector3 {
    return this.place(positions[3 * index]!, positions[3 * index + 1]!, positions[3 * index + 2]!, out);
  }

  /** Whether such a place is before the camera and within the picture. */
  shows({ x, y, z }: Vector3): boolean {
    return z > 0 && x >= 0 && y >= 0 && x <= this.width && y <= this.height;
  }

  /** Pixels between such a place and the middle of the picture. */
  fromMiddle({ x, y }: Vector3): number {
    return Math.hypot(x - this.width / 2, y - this.height / 2);
  }
}
