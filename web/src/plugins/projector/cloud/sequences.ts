/** Lines from point to point: a metadata column that names each point's successor, as TensorBoard reads it. */

import { MathUtils } from "three";
import { mix, toCss, type Rgb } from "../../../base/color";
import { parse } from "../colors";
import { valueOf, type Field } from "../data";
import { hidden, dimmed } from "./highlight";
import { dimmedShare, fade, type Frame } from "./painter";
import type { PointCloud } from "./pointCloud";

/**
 * Columns that hold the number of the next point, counted from 0; what is no such number ends a line.
 *
 * **Source**: tensorboard/plugins/projector/vz_projector/data.ts (2.21.0), `SEQUENCE_METADATA_ATTRS`.
 */
export const sequenceFields: readonly string[] = ["__next__", "__seq_next__"];

/** More would be a hatching, and take longer than the points. */
const mostSegments = 200_000;

/** From and to, one after the other; empty without such a column. */
export function segmentsOf(fields: readonly Field[], count: number): Uint32Array {
  const field = fields.find(({ name }) => sequenceFields.includes(name));
  if (!field) return new Uint32Array();
  const found: number[] = [];
  for (let index = 0; index < count && found.length < 2 * mostSegments; index++) {
    const next = parse(valueOf(field, index));
    if (Number.isInteger(next) && next >= 0 && next < count && next !== index) found.push(index, next);
  }
  return Uint32Array.from(found);
}

/** Draws the lines in the colour of the point that each comes from, paler where it is far. */
export function drawSegments(
  context: CanvasRenderingContext2D,
  frame: Frame,
  cloud: PointCloud,
  segments: Uint32Array,
): void {
  const { xs, ys, depths } = cloud.project(frame);
  const { colors } = cloud;
  const paths = new Map<string, Path2D>();
  for (let at = 0; at < segments.length; at += 2) {
    const [from, to] = [segments[at]!, segments[at + 1]!];
    const highlight = Math.min(colors[4 * from + 3]!, colors[4 * to + 3]!);
    if (highlight === hidden || !(depths[from]! > 0 && depths[to]! > 0)) continue;
    const own: Rgb = [colors[4 * from]!, colors[4 * from + 1]!, colors[4 * from + 2]!];
    const depth = (depths[from]! + depths[to]!) / 2;
    const color = toCss(mix(frame.background, own, shareOf(depth, frame.reference, highlight)));
    let path = paths.get(color);
    if (!path) paths.set(color, (path = new Path2D()));
    path.moveTo(xs[from]!, ys[from]!);
    path.lineTo(xs[to]!, ys[to]!);
  }
  context.lineWidth = 1.25;
  for (const [color, path] of paths) {
    context.strokeStyle = color;
    context.stroke(path);
  }
}

/** How much of its colour a line keeps, in a few steps so that few paths are stroked. */
function shareOf(depth: number, reference: number, highlight: number): number {
  const far = reference ? MathUtils.clamp((depth / reference - fade.near) / (fade.far - fade.near), 0, 1) : 0;
  return (0.75 - 0.5 * (Math.round(4 * far) / 4)) * (highlight === dimmed ? dimmedShare : 1);
}
