/** What lies over the points: rings around some, labels, and the box or lasso that is being drawn. */

import { Vector3 } from "three";
import { clearLayer, type LayerFrame } from "./layer";
import { placeLabels, shorten, type Anchor } from "./labels";
import { highlightedScale, radiusAt } from "./painter";
import type { Outline } from "./pointer";
import { Screen } from "./screen";

/** A label to draw beside a point, or on a place of its own (the middle of a group). */
export interface Label {
  text: string;
  at: number | readonly [number, number, number];
  color: string;
  bold: boolean;
}

export interface Ring {
  index: number;
  color: string;
}

/** @param labels by falling importance; what finds no room is left out. */
export function drawOverlay(
  canvas: HTMLCanvasElement,
  frame: LayerFrame,
  positions: Float32Array,
  labels: readonly Label[],
  rings: readonly Ring[],
  outline: Outline | null,
): void {
  const context = clearLayer(canvas, frame);
  const screen = new Screen(frame.camera, frame.width, frame.height);
  drawRings(context, frame, screen, positions, rings);
  context.textBaseline = "middle";
  context.textAlign = "left";
  context.lineJoin = "round";
  for (const bold of [true, false]) {
    const ofKind = labels.filter((label) => label.bold === bold);
    drawLabels(context, frame, screen, positions, ofKind, bold);
  }
  if (outline) drawOutline(context, frame.theme.accent, outline);
}

function drawRings(
  context: CanvasRenderingContext2D,
  frame: LayerFrame,
  screen: Screen,
  positions: Float32Array,
  rings: readonly Ring[],
): void {
  const place = new Vector3();
  for (const ring of rings) {
    const { x, y, z } = screen.placeOf(positions, ring.index, place);
    if (!(z > 0)) continue;
    const radius = Math.max(5, radiusAt(frame, z) * highlightedScale + 2.5);
    for (const [color, width] of [
      [frame.theme.background, 4.5],
      [ring.color, 2],
    ] as const) {
      context.strokeStyle = color;
      context.lineWidth = width;
      context.beginPath();
      if (frame.drawing === "points") context.arc(x, y, radius, 0, 2 * Math.PI);
      else context.roundRect(x - radius, y - radius, 2 * radius, 2 * radius, 4);
      context.stroke();
    }
  }
}

function drawLabels(
  context: CanvasRenderingContext2D,
  frame: LayerFrame,
  screen: Screen,
  positions: Float32Array,
  labels: readonly Label[],
  bold: boolean,
): void {
  const size_px = bold ? 16 : 12;
  context.font = `${bold ? "600 " : ""}${size_px}px ${frame.theme.font}`;
  const measure = (text: string): number => context.measureText(text).width;
  const colors = new Map<string, string>();
  const anchors: Anchor[] = [];
  const place = new Vector3();
  for (const { text: whole, at, color } of labels) {
    if (typeof at === "number") screen.placeOf(positions, at, place);
    else screen.place(...at, place);
    if (!screen.shows(place)) continue;
    const text = shorten(whole);
    // A group's name is centred on its place.
    const radius = typeof at === "number" ? radiusAt(frame, place.z) : -measure(text) / 2 - 4;
    anchors.push({ x: place.x, y: place.y, radius, text });
    if (!colors.has(text)) colors.set(text, color);
  }
  for (const { text, x, y } of placeLabels(anchors, measure, size_px + 3, frame.width, frame.height)) {
    context.strokeStyle = frame.theme.background;
    context.lineWidth = bold ? 4.5 : 3.5;
    context.strokeText(text, x, y);
    context.fillStyle = colors.get(text) ?? frame.theme.text;
    context.fillText(text, x, y);
  }
}

function drawOutline(context: CanvasRenderingContext2D, color: string, outline: Outline): void {
  context.beginPath();
  for (let i = 0; i < outline.length; i += 2) context.lineTo(outline[i]!, outline[i + 1]!);
  context.closePath();
  context.fillStyle = color;
  context.globalAlpha = 0.12;
  context.fill("evenodd");
  context.globalAlpha = 1;
  context.strokeStyle = color;
  context.lineWidth = 1;
  context.stroke();
}
