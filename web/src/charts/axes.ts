/** The frame of a chart: where the plot lies, its grid and its labels. */

import type { Scale, Tick } from "./scale";
import { fontSize_px, type Surface } from "./surface";
import type { ChartTheme } from "./theme";

export interface Plot {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** How many ticks fit along a plot of this size: a large chart has wider gaps, not more lines. */
export function tickCounts(width: number, height: number): { x: number; y: number } {
  return {
    x: Math.max(2, Math.round(width / (width < 600 ? 70 : 110))),
    y: Math.max(2, Math.round(height / (height < 300 ? 38 : 64))),
  };
}

/** The plot inside a surface: room for the widest y label at the left, one line of x labels below. */
export function placePlot(surface: Surface, yTicks: readonly Tick[], xTitle = false): Plot {
  let label = 0;
  for (const tick of yTicks) label = Math.max(label, surface.measure(tick.label));
  const left = Math.round(Math.max(28, label + 10));
  const bottom = 20 + (xTitle ? 16 : 0);
  return {
    left,
    top: 6,
    width: Math.max(1, surface.width - left - 8),
    height: Math.max(1, surface.height - 6 - bottom),
  };
}

export function drawAxes(
  surface: Surface,
  plot: Plot,
  x: Scale,
  y: Scale,
  xTicks: readonly Tick[],
  yTicks: readonly Tick[],
  theme: ChartTheme,
): void {
  const bottom = plot.top + plot.height;
  for (const tick of yTicks) {
    const at = crisp(y(tick.value));
    if (at < plot.top - 1 || at > bottom + 1) continue;
    surface.line(plot.left, at, plot.left + plot.width, at, {
      color: theme.grid,
      alpha: tick.label ? 1 : 0.5,
    });
    if (tick.label) {
      surface.text(plot.left - 6, at, tick.label, { color: theme.dim, align: "end", baseline: "middle" });
    }
  }
  surface.line(plot.left, crisp(bottom), plot.left + plot.width, crisp(bottom), { color: theme.axis });
  let free = -Infinity;
  for (const tick of xTicks) {
    const at = x(tick.value);
    if (at < plot.left - 1 || at > plot.left + plot.width + 1) continue;
    const width = surface.measure(tick.label);
    // The outermost labels move inwards rather than be cut, and what would touch its neighbour is left out.
    const centre = Math.min(Math.max(at, width / 2 + 2), surface.width - width / 2 - 2);
    surface.line(crisp(at), bottom, crisp(at), bottom + 3, { color: theme.axis });
    if (centre - width / 2 < free) continue;
    surface.text(centre, bottom + 7, tick.label, { color: theme.dim, align: "middle", baseline: "top" });
    free = centre + width / 2 + 8;
  }
}

/** Names of the axes, for a chart that leaves the page. */
export function drawAxisTitles(surface: Surface, plot: Plot, x: string, theme: ChartTheme): void {
  surface.text(plot.left + plot.width / 2, surface.height - fontSize_px / 2 - 2, x, {
    color: theme.dim,
    align: "middle",
    baseline: "middle",
  });
}

/** A one-pixel line is sharp on half pixels. */
export function crisp(pixel: number): number {
  return Math.round(pixel - 0.5) + 0.5;
}
