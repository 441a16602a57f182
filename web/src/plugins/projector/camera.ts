/**
 * Where the cloud is seen from. The cloud lies in the unit ball; in space the camera turns around a target like a globe on a table, in the
 * plane it looks straight down the third axis.
 */

export interface View {
  /** Radians around the upright axis. */
  yaw: number;
  /** Radians above the horizon, within ±π/2. */
  pitch: number;
  /** 1 shows the whole ball. */
  zoom: number;
  /** The point in the middle of the picture. */
  target: readonly [number, number, number];
}

export interface Size {
  width: number;
  height: number;
}

/** Column-major 4×4, as WebGL takes it. */
export type Matrix = Float32Array;

export const home: View = { yaw: -0.55, pitch: 0.4, zoom: 1, target: [0, 0, 0] };

/** Half of the opening angle's tangent: about 40°, a calm perspective. */
const spread = Math.tan((20 * Math.PI) / 180);
const restDistance = 0.98 / Math.sin((20 * Math.PI) / 180);
const flatMargin = 1.06;
const minZoom = 0.2;
const maxZoom = 400;

/** Distance of the camera from its target; the clip coordinate w of a point at the target. */
export function distance(view: View, flat: boolean): number {
  return flat ? 1 : restDistance / view.zoom;
}

/** From cloud coordinates to clip coordinates. In space w is the distance along the line of sight; in the plane it is 1. */
export function clipMatrix(view: View, flat: boolean, { width, height }: Size): Matrix {
  const aspect = width / height;
  // The shorter side holds the ball.
  const fit = Math.min(aspect, 1);
  const [right, up, back] = axesOf(view, flat);
  const [tx, ty, tz] = view.target;
  const shift = (axis: readonly number[]): number => -(axis[0]! * tx + axis[1]! * ty + axis[2]! * tz);
  if (flat) {
    const s = (view.zoom * fit) / flatMargin;
    return new Float32Array([
      s / aspect,
      0,
      0,
      0,
      0,
      s,
      0,
      0,
      0,
      0,
      -0.25,
      0,
      (-tx * s) / aspect,
      -ty * s,
      0,
      1,
    ]);
  }
  const d = distance(view, flat);
  const near = d * 0.02;
  const far = d + 8;
  const f = fit / spread;
  const a = (far + near) / (near - far);
  const b = (2 * far * near) / (near - far);
  const m = new Float32Array(16);
  for (let i = 0; i < 3; i++) {
    m[4 * i] = (f / aspect) * right[i]!;
    m[4 * i + 1] = f * up[i]!;
    m[4 * i + 2] = a * back[i]!;
    m[4 * i + 3] = -back[i]!;
  }
  const z = shift(back) - d;
  m[12] = (f / aspect) * shift(right);
  m[13] = f * shift(up);
  m[14] = a * z + b;
  m[15] = -z;
  return m;
}

/** The camera's right, up and backward directions. */
function axesOf(view: View, flat: boolean): [number[], number[], number[]] {
  if (flat) return [[1, 0, 0], [0, 1, 0], [0, 0, 1]]; // prettier-ignore
  const cy = Math.cos(view.yaw);
  const sy = Math.sin(view.yaw);
  const cp = Math.cos(view.pitch);
  const sp = Math.sin(view.pitch);
  return [[cy, 0, -sy], [-sp * sy, cp, -sp * cy], [cp * sy, sp, cp * cy]]; // prettier-ignore
}

/** Pixels from the upper left corner and clip w of a point; w ≤ 0 lies behind the camera. Written into `out`. */
export function toScreen(
  m: Matrix,
  { width, height }: Size,
  x: number,
  y: number,
  z: number,
  out: [number, number, number],
): void {
  const w = m[3]! * x + m[7]! * y + m[11]! * z + m[15]!;
  out[0] = ((m[0]! * x + m[4]! * y + m[8]! * z + m[12]!) / w + 1) * 0.5 * width;
  out[1] = (1 - (m[1]! * x + m[5]! * y + m[9]! * z + m[13]!) / w) * 0.5 * height;
  out[2] = w;
}

/** Turned by a drag of so many pixels: the ball's surface follows the pointer. */
export function rotated(view: View, dx: number, dy: number, { width, height }: Size): View {
  const perPixel = Math.PI / Math.min(width, height);
  const pitch = Math.max(-Math.PI / 2, Math.min(Math.PI / 2, view.pitch + dy * perPixel));
  const yaw = (view.yaw - dx * perPixel) % (2 * Math.PI);
  return { ...view, yaw, pitch };
}

/** Moved by a drag of so many pixels: what lies at the target's depth follows the pointer. */
export function panned(view: View, dx: number, dy: number, flat: boolean, size: Size): View {
  const scale = unitsPerPixel(view, flat, size);
  const [right, up] = axesOf(view, flat);
  const target = view.target.map((value, i) => value - (right[i]! * dx - up[i]! * dy) * scale);
  return { ...view, target: target as [number, number, number] };
}

/** Nearer by `factor`, so that what lies at the target's depth under pixel (x, y) stays there. */
export function zoomed(view: View, factor: number, x: number, y: number, flat: boolean, size: Size): View {
  const zoom = Math.max(minZoom, Math.min(maxZoom, view.zoom * factor));
  const left = x - size.width / 2;
  const down = y - size.height / 2;
  const before = panned(view, -left, -down, flat, size);
  return panned({ ...before, zoom }, left, down, flat, size);
}

/** How much of the cloud a pixel spans at the target's depth. */
function unitsPerPixel(view: View, flat: boolean, { width, height }: Size): number {
  const shorter = Math.min(width, height);
  return flat ? (2 * flatMargin) / view.zoom / shorter : (2 * distance(view, flat) * spread) / shorter;
}

/** Looking at some points alone: their middle in the middle, as near as shows them all. Points that are NaN do not count. */
export function framing(view: View, positions: Float32Array, indices: ArrayLike<number>): View {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (let n = 0; n < indices.length; n++) {
    for (let axis = 0; axis < 3; axis++) {
      const value = positions[3 * indices[n]! + axis]!;
      if (value < low[axis]!) low[axis] = value;
      if (value > high[axis]!) high[axis] = value;
    }
  }
  if (!(low[0]! <= high[0]!)) return view;
  const radius = Math.hypot(...low.map((value, axis) => high[axis]! - value)) / 2;
  const zoom = Math.max(1, Math.min(60, 0.9 / Math.max(radius, 1e-6)));
  return {
    ...view,
    zoom,
    target: low.map((value, axis) => (value + high[axis]!) / 2) as [number, number, number],
  };
}

/** A view between two, for moving there. */
export function between(a: View, b: View, part: number): View {
  const mix = (p: number, q: number): number => p + (q - p) * part;
  const turn = ((((b.yaw - a.yaw) % (2 * Math.PI)) + 3 * Math.PI) % (2 * Math.PI)) - Math.PI;
  return {
    yaw: a.yaw + turn * part,
    pitch: mix(a.pitch, b.pitch),
    zoom: Math.exp(mix(Math.log(a.zoom), Math.log(b.zoom))),
    target: [0, 1, 2].map((i) => mix(a.target[i]!, b.target[i]!)) as [number, number, number],
  };
}

/** For the address: six numbers. */
export function encodeView(view: View): string {
  return [view.yaw, view.pitch, view.zoom, ...view.target].map((value) => +value.toFixed(3)).join(",");
}

export function decodeView(text: string): View | null {
  const numbers = text.split(",").map(Number);
  const [yaw, pitch, zoom, x, y, z] = numbers as [number, number, number, number, number, number];
  if (numbers.length !== 6 || !numbers.every((value) => Math.abs(value) < 1e6) || zoom <= 0) return null;
  return {
    yaw,
    pitch: Math.max(-Math.PI / 2, Math.min(Math.PI / 2, pitch)),
    zoom: Math.max(minZoom, Math.min(maxZoom, zoom)),
    target: [x, y, z],
  };
}
