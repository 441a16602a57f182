/** What the graph is drawn with: a canvas and an SVG file take the same strokes. All lengths are the picture's. */

export interface TextStyle {
  size: number;
  weight: number;
  color: string;
  align: "left" | "center";
  /** A rim in this colour keeps the text readable on lines. */
  halo?: string;
}

export interface Pen {
  rect(
    x: number,
    y: number,
    width: number,
    height: number,
    radius: number,
    fill: string | null,
    stroke: string | null,
    lineWidth: number,
    dash?: readonly number[],
  ): void;
  /** A smooth way through points, vertical at each. */
  way(points: Float64Array, stroke: string, lineWidth: number, dash: readonly number[]): void;
  polygon(points: readonly number[], fill: string): void;
  /** `y` is the middle of the line. */
  text(x: number, y: number, text: string, style: TextStyle): void;
  alpha(value: number): void;
}
