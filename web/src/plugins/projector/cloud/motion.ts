/** Movement by itself: points go to new positions, the camera to a new pose. At once where the reader wants reduced motion. */

import { MathUtils } from "three";
import { interpolated, type CameraPose } from "./pose";
import type { PointCloud } from "./pointCloud";
import type { Ghosts } from "./trails";

export const points_ms = 500;
const camera_ms = 320;
/** More points jump: moving them would take longer than a frame. */
const mostPoints = 200_000;

const reduced = globalThis.matchMedia?.("(prefers-reduced-motion: reduce)");

/** How points go to their new positions. */
export interface Move {
  /** For each point where it is among those shown now, -1 where it is new; null: in the same place. */
  places: Int32Array | null;
  duration_ms: number;
  /** Without easing: the movement goes on, from frame to frame. */
  steady: boolean;
}

/** Points that come and go, while they do. */
export interface Fading {
  gone: Ghosts;
  /** 1 for each point that is new. */
  isNew: Uint8Array;
  /** How far it is, 0 to 1. */
  share: number;
}

export class Motion {
  readonly #cloud: PointCloud;
  readonly #onMove: () => void;
  #points: Animation | null = null;
  #camera: Animation | null = null;
  #fading: Fading | null = null;

  /** @param onMove is called whenever points have moved. */
  constructor(cloud: PointCloud, onMove: () => void) {
    this.#cloud = cloud;
    this.#onMove = onMove;
  }

  /** What comes and goes in the frame that is drawn now: once at its end, so that what came has all of its colour. */
  takeFading(): Fading | null {
    const fading = this.#fading;
    if (fading && fading.share >= 1) this.#fading = null;
    return fading;
  }

  /** @param move null where they are other points than before, which jump. */
  movePoints(to: Float32Array, move: Move | null): void {
    this.#points?.stop();
    this.#fading = null;
    const from = move && startOf(this.#cloud.positions, to, move.places);
    if (!move || !from || to.length > 3 * mostPoints || reduced?.matches) {
      this.#cloud.setPositions(to);
      this.#onMove();
      return;
    }
    const fading = move.places && fadingOf(this.#cloud, move.places);
    const between = new Float32Array(to.length);
    const step = (share: number): void => {
      for (let i = 0; i < to.length; i++)
        between[i] = Number.isNaN(from[i]!) ? to[i]! : MathUtils.lerp(from[i]!, to[i]!, share);
      this.#cloud.setPositions(between);
      this.#fading = fading && { ...fading, share };
      this.#onMove();
    };
    // Of another number of points there must be as many before they get their colours.
    if (from.length !== this.#cloud.positions.length) step(0);
    this.#points = animate(move.duration_ms, step, move.steady);
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

/** Where the points of `to` begin; NaN where one is new. Null: they are not the same points. */
function startOf(shown: Float32Array, to: Float32Array, places: Int32Array | null): Float32Array | null {
  if (!places) return shown.length === to.length ? shown.slice() : null;
  const from = new Float32Array(to.length).fill(NaN);
  if (3 * places.length !== to.length) return null;
  places.forEach((place, index) => {
    if (place >= 0 && 3 * place < shown.length) from.set(shown.subarray(3 * place, 3 * place + 3), 3 * index);
  });
  return from;
}

/** The points that come and those that go; null if there are none. */
function fadingOf(
  { positions, colors, count }: PointCloud,
  places: Int32Array,
): Omit<Fading, "share"> | null {
  const stays = new Uint8Array(count);
  const isNew = Uint8Array.from(places, (place) => (place < 0 ? 1 : 0));
  for (const place of places) if (place >= 0) stays[place] = 1;
  const gone: number[] = [];
  for (let index = 0; index < count; index++) if (!stays[index]) gone.push(index);
  if (gone.length === 0 && !isNew.includes(1)) return null;
  const ghosts = { positions: new Float32Array(3 * gone.length), colors: new Uint8Array(4 * gone.length) };
  gone.forEach((index, at) => {
    ghosts.positions.set(positions.subarray(3 * index, 3 * index + 3), 3 * at);
    ghosts.colors.set(colors.subarray(4 * index, 4 * index + 4), 4 * at);
  });
  return { gone: ghosts, isNew };
}

interface Animation {
  stop: () => void;
}

/** Calls `step` with 0 … 1 over some time, easing in and out unless it is steady; the last call has 1. */
function animate(duration_ms: number, step: (share: number) => void, steady = false): Animation {
  const start_ms = performance.now();
  let request = 0;
  const tick = (now_ms: number): void => {
    const share = MathUtils.clamp((now_ms - start_ms) / duration_ms, 0, 1);
    step(steady ? share : MathUtils.smoothstep(share, 0, 1));
    if (share < 1) request = requestAnimationFrame(tick);
  };
  request = requestAnimationFrame(tick);
  return { stop: () => cancelAnimationFrame(request) };
}
