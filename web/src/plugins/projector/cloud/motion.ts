/** Movement by itself: points go to new positions, the camera to a new pose. At once where the reader wants reduced motion. */

import { MathUtils } from "three";
import { interpolated, type CameraPose } from "./pose";
import type { PointCloud } from "./pointCloud";

const points_ms = 500;
const camera_ms = 320;
/** More points jump: moving them would take longer than a frame. */
const mostPoints = 200_000;

const reduced = globalThis.matchMedia?.("(prefers-reduced-motion: reduce)");

export class Motion {
  readonly #cloud: PointCloud;
  readonly #onMove: () => void;
  #points: Animation | null = null;
  #camera: Animation | null = null;

  /** @param onMove is called whenever points have moved. */
  constructor(cloud: PointCloud, onMove: () => void) {
    this.#cloud = cloud;
    this.#onMove = onMove;
  }

  /** @param smoothly whether they are the same points as before. */
  movePoints(to: Float32Array, smoothly: boolean): void {
    this.#points?.stop();
    const from = this.#cloud.positions.slice();
    const jumps = !smoothly || from.length !== to.length || to.length > 3 * mostPoints || reduced?.matches;
    if (jumps) {
      this.#cloud.setPositions(to);
      this.#onMove();
      return;
    }
    const between = new Float32Array(to.length);
    this.#points = animate(points_ms, (share) => {
      for (let i = 0; i < to.length; i++)
        between[i] = Number.isNaN(from[i]!) ? to[i]! : MathUtils.lerp(from[i]!, to[i]!, share);
      this.#cloud.setPositions(between);
      this.#onMove();
    });
  }

  moveCamera(from: CameraPose, to: CameraPose, set: (pose: CameraPose) => void): void {
    this.stopCamera();
    if (reduced?.matches) set(to);
    else this.#camera = animate(camera_ms, (share) => set(share < 1 ? interpolated(from, to, share) : to));
  }

  stopCamera(): void {
    this.#camera?.stop();
  }

  stop(): void {
    this.#points?.stop();
    this.stopCamera();
  }
}

interface Animation {
  stop: () => void;
}

/** Calls `step` with 0 … 1 over some time, easing in and out; the last call has 1. */
function animate(duration_ms: number, step: (share: number) => void): Animation {
  const start_ms = performance.now();
  let request = 0;
  const tick = (now_ms: number): void => {
    const share = MathUtils.clamp((now_ms - start_ms) / duration_ms, 0, 1);
    step(MathUtils.smoothstep(share, 0, 1));
    if (share < 1) request = requestAnimationFrame(tick);
  };
  request = requestAnimationFrame(tick);
  return { stop: () => cancelAnimationFrame(request) };
}
