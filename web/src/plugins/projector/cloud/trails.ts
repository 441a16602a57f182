/** The ways of points over the steps: lines that fade with age, and points that are no more. */

import { Vector3 } from "three";
import { mix, toCss, type Rgb } from "../../../base/color";
import { hidden } from "./highlight";
import type { LayerFrame } from "./layer";
import { radiusAt } from "./painter";
import type { PointCloud } from "./pointCloud";
import { Screen } from "./screen";

export interface Trail {
  /** Of the point, where the line ends. */
  index: number;
  /** Where it was, the oldest first. */
  path: readonly (readonly [number, number, number])[];
}

/** How much of its colour the oldest part of a way keeps. */
const faintest = 0.12;

/** Draws ways in the colours of their points. */
export function drawTrails(
  context: CanvasRenderingContext2D,
  frame: LayerFrame,
  cloud: PointCloud,
  trails: readonly Trail[],
): void {
  const screen = new Screen(frame.camera, frame.width, frame.height);
  const { positions, colors } = cloud;
  const [from, to] = [new Vector3(), new Vector3()];
  context.lineWidth = 1.75;
  context.lineCap = "round";
  for (const { index, path } of trails) {
    if (index >= cloud.count || colors[4 * index + 3] === hidden) continue;
    const color: Rgb = [colors[4 * index]!, colors[4 * index + 1]!, colors[4 * index + 2]!];
    path.forEach((point, age) => {
      const next = path[age + 1];
      screen.place(...point, from);
      if (next) screen.place(...next, to);
      else screen.placeOf(positions, index, to);
      if (!(from.z > 0 && to.z > 0)) return;
      const kept = faintest + (1 - faintest) * ((age + 1) / path.length);
      context.strokeStyle = toCss(mix(frame.background, color, kept));
      context.beginPath();
      context.moveTo(from.x, from.y);
      context.lineTo(to.x, to.y);
      context.stroke();
    });
  }
}

/** Points that are not there any more, on their way out. */
export interface Ghosts {
  /** Three coordinates a point. */
  positions: Float32Array;
  /** Red, green, blue and highlight a point. */
  colors: Uint8Array;
}

/** @param share of them that is left, 1 to 0. */
export function drawGhosts(
  context: CanvasRenderingContext2D,
  frame: LayerFrame,
  { positions, colors }: Ghosts,
  share: number,
): void {
  const screen = new Screen(frame.camera, frame.width, frame.height);
  const place = new Vector3();
  context.globalAlpha = share;
  for (let at = 0; at < positions.length / 3; at++) {
    screen.placeOf(positions, at, place);
    if (!screen.shows(place) || colors[4 * at + 3] === hidden) continue;
    context.fillStyle = toCss([colors[4 * at]!, colors[4 * at + 1]!, colors[4 * at + 2]!]);
    context.beginPath();
    context.arc(place.x, place.y, Math.max(1, radiusAt(frame, place.z)), 0, 2 * Math.PI);
    context.fill();
  }
  context.globalAlpha = 1;
}
