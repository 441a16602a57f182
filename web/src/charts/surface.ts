/**
 * What charts and graphs draw on. The same calls go to a canvas on the page (`CanvasSurface`) and into a file (`SvgSurface`), so both show
 * the same. All lengths are pixels from the upper left corner: the page's, or those of the part that is drawn in.
 */

export interface Stroke {
  color: string;
  /** 1 if not given. */
  width?: number;
  /** Lengths of dash and gap; empty for a whole line. */
  dash?: readonly number[];
  alpha?: number;
}

export interface Fill {
  /** None if not given. */
  fill?: string;
  /** None if not given. */
  outline?: Stroke;
  /** Of fill and outline together. */
  alpha?: number;
}

export interface TextStyle {
  color: string;
  align?: "start" | "middle" | "end";
  baseline?: "top" | "middle" | "alphabetic";
  bold?: boolean;
  /** `fontSize_px` if not given. */
  size_px?: number;
  /** A rim of this colour keeps the text readable on lines. */
  halo?: string;
  alpha?: number;
}

/** One command of a path, as SVG has them: to, line, cubic and quadratic curve (control points first). */
export type PathCommand =
  | readonly ["M", number, number]
  | readonly ["L", number, number]
  | readonly ["C", number, number, number, number, number, number]
  | readonly ["Q", number, number, number, number];

/** A part of a surface with coordinates of its own. */
export interface Part {
  /** Where its upper left corner lies. */
  x: number;
  y: number;
  /** How much larger everything in it is drawn; 1 if not given. */
  scale?: number;
  /** In its own pixels; as large as the surface if not given. */
  width?: number;
  height?: number;
}

export interface Surface {
  /** Of the whole, or of the part that is drawn in. */
  readonly width: number;
  readonly height: number;
  /** A line through the first `count` points of `points` (x, y, x, y, …). */
  polyline(points: Float32Array, count: number, stroke: Stroke): void;
  path(commands: readonly PathCommand[], stroke: Stroke): void;
  polygon(points: readonly (readonly [number, number])[], fill: string, alpha?: number): void;
  line(x1: number, y1: number, x2: number, y2: number, stroke: Stroke): void;
  rect(x: number, y: number, width: number, height: number, fill: string, alpha?: number): void;
  /** `radius` is made smaller where a side is too short for it. */
  roundedRect(x: number, y: number, width: number, height: number, radius: number, style: Fill): void;
  circle(x: number, y: number, radius: number, fill: string, outline?: string): void;
  text(x: number, y: number, text: string, style: TextStyle): void;
  /** Width of a text of `fontSize_px`, in px. */
  measure(text: string, bold?: boolean): number;
  /** Draws with nothing shown outside the rectangle. */
  clip(x: number, y: number, width: number, height: number, draw: () => void): void;
  /** Draws onto a part as if it were a surface of its own. */
  part(part: Part, draw: () => void): void;
}

export const fontSize_px = 11;
export const boldWeight = 600;

/** Width of a text's rim, both sides together. */
export const haloWidth = (size_px: number): number => size_px * 0.36;
