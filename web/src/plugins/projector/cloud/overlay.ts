/** What lies over the points: rings around some, labels, and the box or lasso that is being drawn. */

import { Vector3 } from "three";
import { drawAxisNames } from "./axes";
import { clearLayer, type LayerFrame } from "./layer";
import { Room, shorten } from "./labels";
import { highlightedScale, radiusAt } from "./painter";
import type { Outline } from "./pointer";
import { Screen } from "./screen";

/** A label to draw beside a point, or on a place of its own (the middle of a group). */
export interface Label {
  text: string;
  at: number | readonly [number, number, number];
  color: string;
  bold: boolean;
  /** Height of its line, less the gap, in pixels. */
  height_px: number;
  /** It stands on its place and not beside it. */
  replaces: boolean;
}

export interface Ring {
  index: number;
  color: string;
}

/**
 * @param labels by falling importance; what finds no room is left out.
 * @param axisNames stand over the points, and no label over them.
 */
export function drawOverlay(
  canvas: HTMLCanvasElement,
  frame: LayerFrame,
  positions: Float32Array,
  labels: readonly Label[],
  rings: readonly Ring[],
  axisNames: readonly string[],
  outline: Outline | null,
): void {
  const context = clearLayer(canvas, frame);
  const screen = new Screen(frame.camera, frame.width, frame.height);
  drawRings(context, frame, screen, positions, rings);
  const room = new Room(frame.width, frame.height);
  drawAxisNames(context, frame, axisNames, room);
  drawLabels(context, frame, screen, positions, labels, room);
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
  room: Room,
): void {
  const place = new Vector3();
  context.textBaseline = "middle";
  context.textAlign = "left";
  context.lineJoin = "round";
  context.strokeStyle = frame.theme.background;
  let font = "";
  for (const { text: whole, at, color, bold, height_px, replaces } of labels) {
    if (typeof at === "number") screen.placeOf(positions, at, place);
    else screen.place(...at, place);
    if (!screen.shows(place)) continue;
    const wanted = `${bold ? "600 " : ""}${height_px}px ${frame.theme.font}`;
    if (wanted !== font) context.font = font = wanted;
    const text = shorten(whole);
    const wide = widthOf(context, font, text);
    const radius = replaces ? null : radiusAt(frame, place.z);
    const found = room.place({ x: place.x, y: place.y, radius, wide, line: height_px + 3 });
    if (!found) continue;
    context.lineWidth = bold ? 4.5 : 3.5;
    context.strokeText(text, found.x, found.y);
    context.fillStyle = color;
    context.fillText(text, found.x, found.y);
  }
}

const widths = new Map<string, number>();
const mostWidths = 50_000;

/** The width of a text, measured once. */
function widthOf(context: CanvasRenderingContext2D, font: string, text: string): number {
  const key = `${font}\0${text}`;
  let width = widths.get(key);
  if (width === undefined) {
    if (widths.size > mostWidths) widths.clear();
    widths.set(key, (width = context.measureText(text).width));
  }
  return width;
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
