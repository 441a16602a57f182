/** Histograms as curves: each on a line of its own (a ridgeline), or all on one (an overlay). */

import { crisp, drawAxes, type Plot } from "../../../charts/axes";
import { fillCells, type HistogramColumns } from "../bins";
import { rampColor } from "../heatmap/ramp";
import { makeScale, type Interval, type Scale } from "../../../charts/scale";
import type { Surface } from "../../../charts/surface";
import type { ChartTheme } from "../../../charts/theme";

export interface RidgelineOptions {
  /** Indices of the columns to draw, oldest first. */
  chosen: readonly number[];
  value: Interval;
  /** All on one base line. */
  overlay: boolean;
  /** Heights by the logarithm of density. */
  log: boolean;
  dark: boolean;
  /** What stands beside a curve. */
  label: (column: number) => string;
}

export interface RidgelineLayout {
  plot: Plot;
  x: Scale;
  /** Base line of each chosen curve in px. */
  bases: number[];
  options: RidgelineOptions;
}

/** How many line spacings the highest curve of a ridgeline may rise. */
const overlap = 2.6;

/**
 * Curves differ in height by this power of their peaks' ratio. At 1 an early, narrow distribution would flatten all later ones; at 0 heights
 * would say nothing. Within one curve height stays proportional to density.
 */
const heightPower = 0.4;

const thinnest_px = 2;
const logDepth = 200;

function layOut(surface: Surface, options: RidgelineOptions): RidgelineLayout {
  const count = options.chosen.length;
  const labels = options.chosen.map((column) => surface.measure(options.label(column)));
  const right = options.overlay ? 8 : Math.max(24, ...labels) + 12;
  const top = 8;
  const plot = {
    left: 10,
    top,
    width: Math.max(1, surface.width - 10 - right),
    height: Math.max(1, surface.height - top - 22),
  };
  const bottom = plot.top + plot.height;
  // The first base line leaves room for its own curve.
  const spacing = plot.height / (Math.max(1, count - 1) + overlap);
  const bases = options.chosen.map((_, i) => (options.overlay ? bottom : bottom - (count - 1 - i) * spacing));
  return { plot, x: makeScale("linear", options.value, [plot.left, plot.left + plot.width]), bases, options };
}

/** Lays a ridgeline out and draws the axis below the curves. */
export function drawAxis(surface: Surface, options: RidgelineOptions, theme: ChartTheme): RidgelineLayout {
  const layout = layOut(surface, options);
  const { plot, x } = layout;
  const noAxis = makeScale("linear", [0, 1], [0, 1]);
  drawAxes(surface, plot, x, noAxis, x.ticks(Math.max(2, Math.round(plot.width / 64))), [], theme);
  return layout;
}

/** `focused`: the curve's place among the chosen; null: none stands out. */
export function drawCurves(
  surface: Surface,
  columns: HistogramColumns,
  layout: RidgelineLayout,
  focused: number | null,
  theme: ChartTheme,
): void {
  const { plot, bases, options } = layout;
  const { chosen, overlay, dark } = options;
  const width = Math.max(1, Math.round(plot.width));
  const curves = chosen.map((column) => {
    const cells = new Float32Array(width);
    const [low, high] = options.value;
    fillCells(columns, column, low, high, cells, (thinnest_px * (high - low)) / plot.width);
    return { cells, peak: cells.reduce((most, share) => Math.max(most, share), 0) };
  });
  const highest = Math.max(...curves.map((curve) => curve.peak), 0);
  if (!highest) return;
  const spacing = bases.length > 1 && !overlay ? bases[1]! - bases[0]! : plot.height / overlap;
  const room = overlay ? plot.height * 0.94 : spacing * overlap;
  const labelEvery = overlay ? 1 : Math.max(1, Math.ceil(14 / Math.max(1, spacing)));
  for (const [i, { cells, peak }] of curves.entries()) {
    const base = bases[i]!;
    const ink = chosen.length > 1 ? 0.35 + (0.6 * i) / (chosen.length - 1) : 0.75;
    const color = rampColor(dark, ink);
    const rise = overlay ? (room * peak) / highest : room * (peak / highest) ** heightPower;
    const line = new Float32Array(width * 4);
    const points: [number, number][] = [[plot.left, base]];
    for (let cell = 0; cell < width; cell++) {
      const part = peak ? cells[cell]! / peak : 0;
      const up = base - rise * (options.log ? Math.log1p(part * logDepth) / Math.log1p(logDepth) : part);
      const [from, to] = [cell, cell + 1].map((at) => plot.left + (at / width) * plot.width) as [
        number,
        number,
      ];
      points.push([from, up], [to, up]);
      line.set([from, up, to, up], cell * 4);
    }
    points.push([plot.left + plot.width, base]);
    const strong = focused === i;
    const pale = focused !== null && !strong;
    if (!overlay) surface.polygon(points, theme.background, 0.62);
    surface.polygon(points, color, overlay ? 0.06 : pale ? 0.08 : 0.22);
    surface.polyline(line, width * 2, { color, width: strong ? 2.2 : 1.3, alpha: pale ? 0.45 : 1 });
    // Counted from the newest, whose label must always stand.
    if (!overlay && ((chosen.length - 1 - i) % labelEvery === 0 || strong)) {
      surface.text(plot.left + plot.width + 8, base, options.label(chosen[i]!), {
        color: strong ? theme.text : theme.dim,
        baseline: "middle",
        bold: strong,
      });
    }
  }
  if (overlay) drawLegend(surface, layout, focused, theme);
}

function drawLegend(
  surface: Surface,
  layout: RidgelineLayout,
  focused: number | null,
  theme: ChartTheme,
): void {
  const { plot, options } = layout;
  const right = plot.left + plot.width;
  for (const [i, column] of options.chosen.entries()) {
    const y = plot.top + 8 + i * 15;
    const ink = options.chosen.length > 1 ? 0.35 + (0.6 * i) / (options.chosen.length - 1) : 0.75;
    surface.line(right - 14, crisp(y), right, crisp(y), { color: rampColor(options.dark, ink), width: 3 });
    surface.text(right - 19, y, options.label(column), {
      color: focused === i ? theme.text : theme.dim,
      align: "end",
      baseline: "middle",
      bold: focused === i,
    });
  }
}

/** The curve (its place among the chosen) at a height in px: of a ridgeline that whose base line is next below, of an overlay the newest. */
export function curveAt(layout: RidgelineLayout, py: number): number {
  const { bases, options } = layout;
  if (!bases.length) return -1;
  if (options.overlay) return bases.length - 1;
  const found = bases.findIndex((base) => py <= base + 2);
  return found < 0 ? bases.length - 1 : found;
}
