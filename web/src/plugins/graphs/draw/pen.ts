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
  /** A smooth way through points, see `wayOf`. */
  way(points: Float64Array, stroke: string, lineWidth: number, dash: readonly number[]): void;
  polygon(points: readonly number[], fill: string): void;
  /** `y` is the middle of the line. */
  text(x: number, y: number, text: string, style: TextStyle): void;
  alpha(value: number): void;
}

export type PathCommand =
  | readonly ["M", number, number]
  | readonly ["L", number, number]
  | readonly ["C", number, number, number, number, number, number]
  | readonly ["Q", number, number, number, number];

const corner_px = 12;

/** A way through points: vertical at each point, so that it leaves and enters boxes straight; where it runs level, with round corners. */
export function wayOf(points: Float64Array): PathCommand[] {
  const path: PathCommand[] = [["M", points[0]!, points[1]!]];
  const isLevel = (i: number) =>
    i >= 2 && i < points.length && points[i - 1] === points[i + 1] && points[i - 2] !== points[i];
  for (let i = 2; i < points.length; i += 2) {
    const [x0, y0, x1, y1] = [points[i - 2]!, points[i - 1]!, points[i]!, points[i + 1]!];
    const turns = i + 2 < points.length && isLevel(i) !== isLevel(i + 2);
    if (turns) {
      const [x2, y2] = [points[i + 2]!, points[i + 3]!];
      const r = Math.min(corner_px, Math.hypot(x1 - x0, y1 - y0) / 2, Math.hypot(x2 - x1, y2 - y1) / 2);
      const before = Math.hypot(x1 - x0, y1 - y0) || 1;
      const after = Math.hypot(x2 - x1, y2 - y1) || 1;
      path.push(["L", x1 + ((x0 - x1) / before) * r, y1 + ((y0 - y1) / before) * r]);
      path.push(["Q", x1, y1, x1 + ((x2 - x1) / after) * r, y1 + ((y2 - y1) / after) * r]);
    } else if (isLevel(i) || Math.abs(x1 - x0) < 0.5) path.push(["L", x1, y1]);
    else path.push(["C", x0, (y0 + y1) / 2, x1, (y0 + y1) / 2, x1, y1]);
  }
  return path;
}
