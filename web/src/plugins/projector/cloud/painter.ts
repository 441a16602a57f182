/** What paints a cloud: WebGL where there is one, else a 2-D canvas. Data in, pixels out. */

import type { Rgb } from "../../../base/color";
import type { CloudCamera } from "./orbitCamera";
import type { Pictures } from "./pictures";

/** How points are drawn: as discs, as their own images, as their own drawings in their colours, as their names, or as a density. */
export const drawings = ["points", "images", "ink", "names", "density"] as const;
export type Drawing = (typeof drawings)[number];

export interface Frame {
  camera: CloudCamera;
  /** CSS pixels. */
  width: number;
  height: number;
  /** Distance from the camera at which a point has its nominal size; 0: all have it, whatever their depth. */
  reference: number;
  drawing: Drawing;
  /** Only points that stand out are painted: density or names show the others. */
  sparse: boolean;
  /** Nominal diameter in CSS pixels. */
  diameter_px: number;
  /** Far and dimmed points fade into it. */
  background: Rgb;
}

export interface Painter {
  readonly canvas: HTMLCanvasElement;
  /** The images that points are drawn as. */
  setPictures(pictures: Pictures | null): void;
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

/** Points whose images are not there yet are discs of at most this many CSS pixels. */
export const placeholder_px = 7;

/** Whether points are drawn as something of their own. */
export function hasImages(drawing: Drawing): boolean {
  return drawing === "images" || drawing === "ink";
}

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
  const base = !hasImages(drawing)
    ? 26 * Math.max(1, count) ** -0.18
    : Math.min(46, Math.max(13, 0.62 * Math.sqrt(area_px / Math.max(1, count))));
  return Math.min(220, base * scale * Math.sqrt(Math.max(1, zoom)));
}
