/** What paints a cloud: WebGL where there is one, else a 2-D canvas. Data in, pixels out. */

import type { Rgb } from "../../../base/color";
import type { Sprite } from "../sprite";
import type { CloudCamera } from "./orbitCamera";

/** How points are drawn: as discs, as their own images, or as their own drawings in their colours. */
export const drawings = ["points", "images", "ink"] as const;
export type Drawing = (typeof drawings)[number];

export interface Frame {
  camera: CloudCamera;
  /** CSS pixels. */
  width: number;
  height: number;
  /** Distance from the camera at which a point has its nominal size; 0: all have it, whatever their depth. */
  reference: number;
  drawing: Drawing;
  /** Nominal diameter in CSS pixels. */
  diameter_px: number;
  /** Far and dimmed points fade into it. */
  background: Rgb;
}

export interface Painter {
  readonly canvas: HTMLCanvasElement;
  setSprite(sprite: Sprite | null): void;
  /** @param pixelRatio device pixels per CSS pixel. */
  draw(frame: Frame, pixelRatio: number): void;
  dispose(): void;
}

/** How much of a point's colour is lost at a depth: none at the near side of the ball, `most` behind it. */
export const fade = { near: 0.75, far: 2.1, most: 0.62 };

/** A dimmed point keeps this much of its colour, a highlighted one is larger and fades less. */
export const dimmedShare = 0.22;
export const highlightedScale = 1.25;
export const highlightedFade = 0.4;

/** Radius in CSS pixels of a point at a depth. */
export function radiusAt(frame: Frame, depth: number): number {
  return (0.5 * frame.diameter_px * (frame.reference || 1)) / (frame.reference ? depth : 1);
}

/** Nominal diameter of a point in CSS pixels: many points are small, images as large as leaves them room. */
export function diameterFor(
  count: number,
  drawing: Drawing,
  area_px: number,
  zoom: number,
  scale: number,
): number {
  const base =
    drawing === "points"
      ? 26 * Math.max(1, count) ** -0.18
      : Math.min(46, Math.max(13, 0.62 * Math.sqrt(area_px / Math.max(1, count))));
  return Math.min(220, base * scale * Math.sqrt(Math.max(1, zoom)));
}
