/**
 * A box or lasso drawn over the cloud, kept so that it finds the same points again whatever the window and wherever the camera is by then:
 * a polygon on the plane through the camera's target, in units of the layout, and from where it was looked at.
 */

import { Matrix4, Vector3, type Camera } from "three";
import type { Mask } from "./mask";
import { Polygon } from "./polygon";

type Place = readonly [number, number, number];

export interface Area {
  /** Names the layout it was drawn on. */
  layout: string;
  /** Which way each axis of the layout pointed, see `signsOf`. */
  signs: string;
  /** Where the camera stood; null in the plane, where all lines of sight are parallel. */
  eye: Place | null;
  target: Place;
  /** x, y, x, y …: to the right of and above the target. */
  polygon: readonly number[];
}

/** A picture's finest detail that counts. */
const finest = 1 / 4000;

/** @param outline pixels from the upper left corner: x, y, x, y … */
export function areaOf(
  outline: readonly number[],
  camera: Camera,
  isPlane: boolean,
  target: Place,
  size: { width: number; height: number },
): Pick<Area, "eye" | "target" | "polygon"> {
  const eye = new Vector3().setFromMatrixPosition(camera.matrixWorld);
  const middle = new Vector3(...target);
  const distance = eye.distanceTo(middle);
  const corner = new Vector3();
  const polygon: number[] = [];
  for (let i = 0; i + 1 < outline.length; i += 2) {
    corner.set((2 * outline[i]!) / size.width - 1, 1 - (2 * outline[i + 1]!) / size.height, 0);
    // On the camera's own axes: to the right, upwards, and backwards.
    corner.applyMatrix4(camera.projectionMatrixInverse);
    const scale = isPlane ? 1 : distance / -corner.z;
    polygon.push(corner.x * scale, corner.y * scale);
  }
  const extent = Math.max(...polygon) - Math.min(...polygon);
  const digits = Math.min(9, Math.max(2, Math.ceil(-Math.log10(extent * finest || 1e-4))));
  return {
    eye: isPlane ? null : [rounded(eye.x, 6), rounded(eye.y, 6), rounded(eye.z, 6)],
    target: [rounded(target[0], 6), rounded(target[1], 6), rounded(target[2], 6)],
    polygon: polygon.map((value) => rounded(value, digits)),
  };
}

const rounded = (value: number, digits: number): number => +value.toFixed(digits);

/** Of the points the ones within an area. @param positions three coordinates a point; NaN is nowhere. */
export function pointsIn(area: Area, positions: Float32Array): Mask {
  const count = positions.length / 3;
  const mask = new Uint8Array(count);
  const polygon = new Polygon(area.polygon);
  const flips = flipsBetween(area.signs, signsOf(positions));
  const [tx, ty, tz] = area.target;
  if (!area.eye) {
    for (let i = 0; i < count; i++)
      if (polygon.holds(flips[0] * positions[3 * i]! - tx, flips[1] * positions[3 * i + 1]! - ty))
        mask[i] = 1;
    return mask;
  }
  const eye = new Vector3(...area.eye);
  const { elements } = new Matrix4().lookAt(eye, new Vector3(tx, ty, tz), new Vector3(0, 1, 0));
  const distance = eye.distanceTo(new Vector3(tx, ty, tz));
  for (let i = 0; i < count; i++) {
    const x = flips[0] * positions[3 * i]! - eye.x;
    const y = flips[1] * positions[3 * i + 1]! - eye.y;
    const z = flips[2] * positions[3 * i + 2]! - eye.z;
    const depth = -(x * elements[8] + y * elements[9] + z * elements[10]);
    if (!(depth > 0)) continue;
    const scale = distance / depth;
    const right = (x * elements[0] + y * elements[1] + z * elements[2]) * scale;
    if (polygon.holds(right, (x * elements[4] + y * elements[5] + z * elements[6]) * scale)) mask[i] = 1;
  }
  return mask;
}

/**
 * Which way each axis points, `+` or `-`: the sign of its largest coordinate. The sign of a principal component is free, and the page
 * mirrors those that turn round between two steps; an area then mirrors with them.
 */
export function signsOf(positions: Float32Array): string {
  let signs = knownSigns.get(positions);
  if (signs === undefined) {
    signs = [0, 1, 2].map((axis) => (pointsUp(positions, axis) ? "+" : "-")).join("");
    knownSigns.set(positions, signs);
  }
  return signs;
}

/** Every area asks for them, of arrays that nobody writes to. */
const knownSigns = new WeakMap<Float32Array, string>();

function pointsUp(positions: Float32Array, axis: number): boolean {
  let largest = 0;
  let isUp = true;
  for (let i = axis; i < positions.length; i += 3) {
    const value = positions[i]!;
    if (value > largest || -value > largest) {
      largest = Math.abs(value);
      isUp = value > 0;
    }
  }
  return isUp;
}

function flipsBetween(before: string, now: string): [number, number, number] {
  const flip = (axis: number): number => (before[axis] && before[axis] !== now[axis] ? -1 : 1);
  return [flip(0), flip(1), flip(2)];
}
