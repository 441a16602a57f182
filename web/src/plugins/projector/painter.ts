/** What paints a cloud: WebGL where there is one, else a 2-D canvas. Data in, pixels out. */

import type { Matrix, Size } from "./camera";

/** Every point's picture on one sheet, row by row. */
export interface Atlas {
  image: HTMLImageElement;
  columns: number;
  /** Of the sheet that a row and a column of pictures take. */
  tileWidth: number;
  tileHeight: number;
  /** Width over height of a picture. */
  aspect: number;
  /** Grey drawings on a black or a white ground, which can be drawn as ink in the point's colour; null for other pictures. */
  ground: "black" | "white" | null;
}

/** Emphasis of a point, in its colour's fourth byte. */
export const hidden = 0;
export const dimmed = 85;
export const normal = 170;
export const strong = 255;

export type Drawing = "points" | "pictures" | "ink";

export interface Frame extends Size {
  matrix: Matrix;
  /** Clip w at which a point has its nominal size; 0: all have it, whatever their depth. */
  reference: number;
  drawing: Drawing;
  /** Nominal diameter in CSS pixels. */
  diameter_px: number;
  /** The page's ground, into which far and dimmed points fade. */
  ground: readonly [number, number, number];
  /** Device pixels per CSS pixel. */
  ratio: number;
}

export interface Painter {
  readonly canvas: HTMLCanvasElement;
  /** Three coordinates a point; NaN is not drawn. */
  setPositions(positions: Float32Array): void;
  /** Red, green, blue and emphasis a point. */
  setColors(colors: Uint8Array): void;
  setAtlas(atlas: Atlas | null): void;
  draw(frame: Frame): void;
  dispose(): void;
}

/** How much of a point's colour is left at a depth: 1 at the near side of the ball, fading to the ground behind. */
export const fade = { near: 0.75, far: 2.1, most: 0.62 };

/** A dimmed point keeps this much of its colour. */
export const dimShare = 0.22;
