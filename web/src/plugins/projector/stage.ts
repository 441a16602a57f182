/** The three layers of the cloud: axes behind, points, and names, rings and the selection's box in front. */

import { clipMatrix, distance, toScreen, type Matrix, type Size, type View } from "./camera";
import { toCss, type Rgb } from "../../base/color";
import { placeLabels, shorten, type Anchor } from "./labels";
import { CanvasPainter } from "./painter-canvas";
import type { Drawing, Painter } from "./painter";
import { WebglPainter } from "./painter-webgl";

export interface Look extends Size {
  view: View;
  flat: boolean;
  drawing: Drawing;
  diameter_px: number;
  ratio: number;
  ground: Rgb;
  text: string;
  faint: string;
  line: string;
  accent: string;
  font: string;
}

/** A name to draw beside a point, or at a place of its own (the middle of a group). */
export interface Name {
  text: string;
  index: number | null;
  place?: readonly [number, number, number];
  color: string;
  bold: boolean;
}

export interface Ring {
  index: number;
  color: string;
}

/** WebGL where there is one. */
export function createPainter(): { painter: Painter; webgl: boolean } {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("webgl2", {
    alpha: true,
    antialias: false,
    powerPreference: "high-performance",
  });
  if (!context) return { painter: new CanvasPainter(), webgl: false };
  try {
    return { painter: new WebglPainter(canvas, context), webgl: true };
  } catch {
    return { painter: new CanvasPainter(), webgl: false };
  }
}

/** Nominal diameter of a point in CSS pixels: many points are small, pictures as large as leaves them room. */
export function diameterFor(
  count: number,
  drawing: Drawing,
  { width, height }: Size,
  zoom: number,
  scale: number,
): number {
  const base =
    drawing === "points"
      ? 26 * Math.max(1, count) ** -0.18
      : Math.min(46, Math.max(13, 0.62 * Math.sqrt((width * height) / Math.max(1, count))));
  return Math.min(220, base * scale * Math.sqrt(Math.max(1, zoom)));
}

export const matrixOf = (look: Look): Matrix => clipMatrix(look.view, look.flat, look);

/** Clip w at which points have their nominal size; 0 in the plane. */
export const referenceOf = (look: Look): number => (look.flat ? 0 : distance(look.view, false));

/** Radius in pixels of a point on the screen. */
export function radiusAt(look: Look, w: number): number {
  const reference = referenceOf(look);
  return (0.5 * look.diameter_px * (reference || 1)) / (reference ? w : 1);
}

function prepare(canvas: HTMLCanvasElement, look: Look): CanvasRenderingContext2D {
  const ratio = globalThis.devicePixelRatio || 1;
  const [width, height] = [Math.round(look.width * ratio), Math.round(look.height * ratio)];
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext("2d")!;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, look.width, look.height);
  return context;
}

/** The axes with their names, from the middle of the cloud. */
export function drawAxes(canvas: HTMLCanvasElement, look: Look, names: readonly string[]): void {
  const context = prepare(canvas, look);
  const matrix = matrixOf(look);
  const from: [number, number, number] = [0, 0, 0];
  const to: [number, number, number] = [0, 0, 0];
  context.strokeStyle = look.line;
  context.fillStyle = look.faint;
  context.font = `11px ${look.font}`;
  context.lineWidth = 1;
  names.forEach((name, axis) => {
    const unit = [0, 1, 2].map((i) => (i === axis ? 1 : 0)) as [number, number, number];
    toScreen(matrix, look, -unit[0], -unit[1], -unit[2], from);
    toScreen(matrix, look, ...unit, to);
    if (!(from[2] > 0 && to[2] > 0)) return;
    context.beginPath();
    context.moveTo(from[0], from[1]);
    context.lineTo(to[0], to[1]);
    context.stroke();
    const left = to[0] > look.width / 2;
    context.textAlign = left ? "right" : "left";
    context.textBaseline = to[1] > look.height / 2 ? "top" : "bottom";
    const x = Math.max(8, Math.min(look.width - 8, to[0]));
    const y = Math.max(20, Math.min(look.height - 20, to[1]));
    context.fillText(name, x, y + (to[1] > look.height / 2 ? 3 : -3));
  });
}

/** Rings around points, names, and the box that is being drawn. */
export function drawOverlay(
  canvas: HTMLCanvasElement,
  look: Look,
  positions: Float32Array,
  names: readonly Name[],
  rings: readonly Ring[],
  box: readonly [number, number, number, number] | null,
): void {
  const context = prepare(canvas, look);
  const matrix = matrixOf(look);
  const out: [number, number, number] = [0, 0, 0];
  const screen = (index: number): void =>
    toScreen(matrix, look, positions[3 * index]!, positions[3 * index + 1]!, positions[3 * index + 2]!, out);
  for (const ring of rings) {
    screen(ring.index);
    if (!(out[2] > 0)) continue;
    const radius = Math.max(5, radiusAt(look, out[2]) * 1.25 + 2.5);
    for (const [color, width] of [
      [toCss(look.ground), 4.5],
      [ring.color, 2],
    ] as const) {
      context.strokeStyle = color;
      context.lineWidth = width;
      context.beginPath();
      if (look.drawing === "points") context.arc(out[0], out[1], radius, 0, 2 * Math.PI);
      else context.roundRect(out[0] - radius, out[1] - radius, 2 * radius, 2 * radius, 4);
      context.stroke();
    }
  }
  context.textBaseline = "middle";
  context.textAlign = "left";
  context.lineJoin = "round";
  for (const bold of [true, false]) {
    const size = bold ? 16 : 12;
    context.font = `${bold ? "600 " : ""}${size}px ${look.font}`;
    const colors = new Map<string, string>();
    const anchors: Anchor[] = [];
    for (const name of names) {
      if (name.bold !== bold) continue;
      if (name.place) toScreen(matrix, look, ...name.place, out);
      else screen(name.index!);
      if (!(out[2] > 0) || out[0] < 0 || out[1] < 0 || out[0] > look.width || out[1] > look.height) continue;
      const text = shorten(name.text);
      const radius = name.place ? -context.measureText(text).width / 2 - 4 : radiusAt(look, out[2]);
      anchors.push({ x: out[0], y: out[1], radius, text });
      if (!colors.has(text)) colors.set(text, name.color);
    }
    const placed = placeLabels(
      anchors,
      (text) => context.measureText(text).width,
      size + 3,
      look.width,
      look.height,
    );
    for (const { text, x, y } of placed) {
      context.strokeStyle = toCss(look.ground);
      context.lineWidth = bold ? 4.5 : 3.5;
      context.strokeText(text, x, y);
      context.fillStyle = colors.get(text) ?? look.text;
      context.fillText(text, x, y);
    }
  }
  if (box) {
    const [x0, y0, x1, y1] = box;
    context.fillStyle = look.accent;
    context.globalAlpha = 0.12;
    context.fillRect(x0, y0, x1 - x0, y1 - y0);
    context.globalAlpha = 1;
    context.strokeStyle = look.accent;
    context.lineWidth = 1;
    context.strokeRect(x0 + 0.5, y0 + 0.5, x1 - x0, y1 - y0);
  }
}
