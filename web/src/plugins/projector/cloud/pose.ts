/** Where the camera stands, as plain numbers: what the address holds, and what a movement of the camera goes between. */

import { Box3, MathUtils, Sphere, Vector3 } from "three";

/** The cloud lies in the unit ball. In space the camera orbits a target; in the plane it looks straight down the third axis. */
export interface CameraPose {
  /** Radians around the upright axis. */
  yaw: number;
  /** Radians above the horizon, within ±π/2. */
  pitch: number;
  /** 1 shows the whole ball. */
  zoom: number;
  /** The point in the middle of the picture. */
  target: readonly [number, number, number];
}

export const home: CameraPose = { yaw: -0.55, pitch: 0.4, zoom: 1, target: [0, 0, 0] };

export const zoomLimits = { least: 0.2, most: 400 };

/** Looking at some points alone: their middle in the middle, as near as shows them all. Points that are NaN do not count. */
export function framing(pose: CameraPose, positions: Float32Array, indices: readonly number[]): CameraPose {
  const box = new Box3();
  const point = new Vector3();
  for (const index of indices) {
    point.fromArray(positions, 3 * index);
    if (!Number.isNaN(point.x)) box.expandByPoint(point);
  }
  if (box.isEmpty()) return pose;
  const { center, radius } = box.getBoundingSphere(new Sphere());
  const zoom = MathUtils.clamp(0.9 / Math.max(radius, 1e-6), 1, 60);
  return { ...pose, zoom, target: center.toArray() };
}

/** A pose between two, the shorter way round. */
export function interpolated(a: CameraPose, b: CameraPose, share: number): CameraPose {
  const turn = MathUtils.euclideanModulo(b.yaw - a.yaw + Math.PI, 2 * Math.PI) - Math.PI;
  return {
    yaw: a.yaw + turn * share,
    pitch: MathUtils.lerp(a.pitch, b.pitch, share),
    zoom: Math.exp(MathUtils.lerp(Math.log(a.zoom), Math.log(b.zoom), share)),
    target: new Vector3(...a.target).lerp(new Vector3(...b.target), share).toArray(),
  };
}

/** For the address: six numbers. */
export function encodePose(pose: CameraPose): string {
  return [pose.yaw, pose.pitch, pose.zoom, ...pose.target].map((value) => +value.toFixed(3)).join(",");
}

/** The pose of such a text; null for any other. */
export function decodePose(text: string): CameraPose | null {
  const numbers = text.split(",").map(Number);
  const [yaw, pitch, zoom, x, y, z] = numbers as [number, number, number, number, number, number];
  if (numbers.length !== 6 || !numbers.every((value) => Math.abs(value) < 1e6) || zoom <= 0) return null;
  return {
    yaw,
    pitch: MathUtils.clamp(pitch, -Math.PI / 2, Math.PI / 2),
    zoom: MathUtils.clamp(zoom, zoomLimits.least, zoomLimits.most),
    target: [x, y, z],
  };
}
