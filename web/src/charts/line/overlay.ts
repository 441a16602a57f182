/** What lies over a line chart and changes with the pointer: crosshair, the line that stands out, the box that is being drawn. */

import { crisp, type Plot } from "../axes";
import type { DragBox } from "../gestures";
import type { Surface } from "../surface";
import type { ChartTheme } from "../theme";
import { drawFocused, type Layout } from "./draw";
import { hitsAt } from "./hit";
import type { Line } from "./model";

/** More dots than this on a crosshair tell nothing. */
const dotLimit = 12;

/** One line above the others. A veil over those costs one rectangle; drawing them all anew, paler, would cost every line. */
export function drawHighlight(
  surface: Surface,
  lines: readonly Line[],
  layout: Layout,
  line: Line,
  theme: ChartTheme,
): void {
  const { plot } = layout;
  if (lines.length > 1) surface.rect(plot.left, plot.top, plot.width, plot.height, theme.background, 0.55);
  drawFocused(surface, layout, line);
}

/** A place on a chart, and what each line (by name) has there. */
export interface Crosshair {
  x: number;
  /** Null: what is drawn nearest to it. */
  points: ReadonlyMap<string, { x: number; y: number }> | null;
}

/** A line at x and a dot on each line's point there; of many lines only on the highlighted one's. */
export function drawCrosshair(
  surface: Surface,
  lines: readonly Line[],
  layout: Layout,
  { x, points }: Crosshair,
  highlighted: Line | undefined,
  theme: ChartTheme,
): void {
  const { plot } = layout;
  const at = layout.x(x);
  if (at < plot.left - 1 || at > plot.left + plot.width + 1) return;
  surface.line(crisp(at), plot.top, crisp(at), plot.top + plot.height, { color: theme.dim });
  const dots = points
    ? lines.flatMap((line) => {
        const point = points.get(line.name);
        return point ? [{ line, ...point }] : [];
      })
    : hitsAt(lines, layout, x).map(({ line, index, shown }) => ({ line, x: line.x[index]!, y: shown }));
  for (const dot of dots) {
    if (dots.length > dotLimit && dot.line !== highlighted) continue;
    const height_px = layout.y(dot.y);
    if (!(height_px >= plot.top - 2 && height_px <= plot.top + plot.height + 2)) continue;
    const radius = dot.line === highlighted ? 4 : 2.5;
    surface.circle(layout.x(dot.x), height_px, radius, dot.line.color, theme.background);
  }
}

/** The part of the plot that a box is going to show. */
export function drawDragBox(surface: Surface, plot: Plot, box: DragBox, theme: ChartTheme): void {
  const axes = zoomedAxes(box);
  const [left, right] = axes.x
    ? within(box.x1, box.x2, plot.left, plot.width)
    : [plot.left, plot.left + plot.width];
  const [top, bottom] = axes.y
    ? within(box.y1, box.y2, plot.top, plot.height)
    : [plot.top, plot.top + plot.height];
  surface.rect(left, top, right - left, bottom - top, theme.accent, 0.15);
  for (const edge of [left, right])
    surface.line(crisp(edge), top, crisp(edge), bottom, { color: theme.accent });
  for (const edge of [top, bottom])
    surface.line(left, crisp(edge), right, crisp(edge), { color: theme.accent });
}

/** A flat box zooms x alone, a narrow one y alone. */
export function zoomedAxes(box: DragBox): { x: boolean; y: boolean } {
  const [dx, dy] = [Math.abs(box.x2 - box.x1), Math.abs(box.y2 - box.y1)];
  return { x: dx >= 10 || dx >= dy, y: dy >= 18 || dy > dx };
}

/** Two places in rising order, cut at the ends of a stretch that begins at `start`. */
export function within(a: number, b: number, start: number, length: number): [low: number, high: number] {
  return [Math.max(start, Math.min(a, b)), Math.min(start + length, Math.max(a, b))];
}
