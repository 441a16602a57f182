/** Where many points lie: a shade in the colours of the points, with contours. Drawn in place of points that would only cover each other. */

import type { Rgb } from "../../../base/color";
import { dimmed, hidden } from "./highlight";
import type { LayerFrame } from "./layer";
import type { PointCloud } from "./pointCloud";

/** Points are counted in squares of this side, and spread to a bell of about three squares. */
const cell_px = 4;
const blur = { radius: 2, passes: 3 };
/** Squares around the picture that count too, so that the shade does not fade towards its edges. */
const margin = blur.radius * blur.passes + 1;
const mostAlpha = 0.85;
/** Contours, as shares of the way from a single point to the densest place, on a logarithmic scale. */
const contourLevels = [0.3, 0.45, 0.6, 0.75, 0.9];
/** A dimmed point counts this much. */
const dimmedWeight = 0.15;

export interface Density {
  columns: number;
  rows: number;
  /** For each square the points near it, and the sums of their reds, greens and blues. */
  weights: Float32Array;
  colors: readonly [Float32Array, Float32Array, Float32Array];
  /** Points in the picture. */
  inView: number;
}

export function densityOf(cloud: PointCloud, frame: LayerFrame): Density {
  const columns = Math.ceil(frame.width / cell_px) + 2 * margin;
  const rows = Math.ceil(frame.height / cell_px) + 2 * margin;
  const grid = (): Float32Array => new Float32Array(columns * rows);
  const weights = grid();
  const colors = [grid(), grid(), grid()] as const;
  const { xs, ys, depths } = cloud.project(frame);
  const bytes = cloud.colors;
  let inView = 0;
  for (let index = 0; index < xs.length; index++) {
    const highlight = bytes[4 * index + 3]!;
    if (highlight === hidden || !(depths[index]! > 0)) continue;
    const column = Math.floor(xs[index]! / cell_px) + margin;
    const row = Math.floor(ys[index]! / cell_px) + margin;
    if (!(column >= 0 && row >= 0 && column < columns && row < rows)) continue;
    const isOutside = column < margin || row < margin || column >= columns - margin || row >= rows - margin;
    if (!isOutside) inView++;
    const weight = highlight === dimmed ? dimmedWeight : 1;
    const cell = row * columns + column;
    weights[cell]! += weight;
    colors[0][cell]! += weight * bytes[4 * index]!;
    colors[1][cell]! += weight * bytes[4 * index + 1]!;
    colors[2][cell]! += weight * bytes[4 * index + 2]!;
  }
  for (const values of [weights, ...colors]) blurred(values, columns, rows);
  return { columns, rows, weights, colors, inView };
}

/** @param context of the canvas behind the points. */
export function drawDensity(context: CanvasRenderingContext2D, frame: LayerFrame, density: Density): void {
  const { columns, rows, weights } = density;
  let highest = 0;
  for (const weight of weights) highest = Math.max(highest, weight);
  if (highest === 0) return;
  const places = weights.map((weight) => heightOf(weight, highest));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [columns, rows];
  canvas.getContext("2d")!.putImageData(shade(density, places), 0, 0);
  context.imageSmoothingQuality = "high";
  context.save();
  context.translate(-margin * cell_px, -margin * cell_px);
  context.drawImage(canvas, 0, 0, columns * cell_px, rows * cell_px);
  context.strokeStyle = frame.theme.text;
  context.lineWidth = 1;
  contourLevels.forEach((level, at) => {
    context.globalAlpha = 0.12 + 0.08 * at;
    context.beginPath();
    for (const [ax, ay, bx, by] of contour(places, columns, rows, level)) {
      context.moveTo((ax + 0.5) * cell_px, (ay + 0.5) * cell_px);
      context.lineTo((bx + 0.5) * cell_px, (by + 0.5) * cell_px);
    }
    context.stroke();
  });
  context.restore();
}

/** Where a weight stands between a twentieth of a point (0) and the densest place (1), on a logarithmic scale. */
function heightOf(weight: number, highest: number): number {
  const lowest = 0.05;
  if (weight <= lowest) return 0;
  return highest > lowest ? Math.log(weight / lowest) / Math.log(highest / lowest) : 1;
}

function shade({ columns, rows, weights, colors }: Density, places: Float32Array): ImageData {
  const image = new ImageData(columns, rows);
  places.forEach((place, cell) => {
    if (place <= 0) return;
    const mean = colors.map((sums) => sums[cell]! / weights[cell]!) as unknown as Rgb;
    image.data.set([...mean, 255 * mostAlpha * place], 4 * cell);
  });
  return image;
}

/** Spreads values to a bell: several sliding means, across and down. Changes them in place. */
export function blurred(values: Float32Array, columns: number, rows: number): void {
  const line = new Float32Array(Math.max(columns, rows) + 1);
  for (let pass = 0; pass < blur.passes; pass++) {
    for (let row = 0; row < rows; row++) slide(values, line, row * columns, 1, columns);
    for (let column = 0; column < columns; column++) slide(values, line, column, columns, rows);
  }
}

/** The sliding mean of the values at `start`, `start + step`, … */
function slide(values: Float32Array, sums: Float32Array, start: number, step: number, count: number): void {
  sums[0] = 0;
  for (let at = 0; at < count; at++) sums[at + 1] = sums[at]! + values[start + at * step]!;
  const { radius } = blur;
  for (let at = 0; at < count; at++) {
    const sum = sums[Math.min(count, at + radius + 1)]! - sums[Math.max(0, at - radius)]!;
    values[start + at * step] = sum / (2 * radius + 1);
  }
}

/** A straight piece of a contour: ax, ay, bx, by in squares. */
type Piece = readonly [number, number, number, number];

/**
 * The pieces of a line on which values are `level`.
 *
 * **Source**: marching squares, Lorensen and Cline (1987) in two dimensions; a saddle is cut as if its middle were below.
 */
export function contour(values: Float32Array, columns: number, rows: number, level: number): Piece[] {
  const pieces: Piece[] = [];
  for (let y = 0; y + 1 < rows; y++) {
    for (let x = 0; x + 1 < columns; x++) {
      const at = y * columns + x;
      const corners = [values[at]!, values[at + 1]!, values[at + columns + 1]!, values[at + columns]!];
      const places = [[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1]] as const; // prettier-ignore
      const cuts: number[] = [];
      for (let side = 0; side < 4; side++) {
        const [a, b] = [corners[side]!, corners[(side + 1) % 4]!];
        if (a > level === b > level) continue;
        const share = (level - a) / (b - a);
        const [from, to] = [places[side]!, places[(side + 1) % 4]!];
        cuts.push(from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1]));
      }
      if (cuts.length === 4) pieces.push(cuts as unknown as Piece);
      // A saddle: each of the high corners is cut off alone.
      if (cuts.length < 8) continue;
      const [a, b, c, d, e, f, g, h] = cuts as unknown as readonly [...Piece, ...Piece];
      if (corners[0]! > level) pieces.push([g, h, a, b], [c, d, e, f]);
      else pieces.push([a, b, c, d], [e, f, g, h]);
    }
  }
  return pieces;
}
