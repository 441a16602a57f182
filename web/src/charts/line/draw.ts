/** A line chart's strokes. Everything here only calls a Surface, so canvas and SVG show the same. */

import { drawAxes, placePlot, tickCounts, type Plot } from "../axes";
import { makeScale, type Interval, type Scale, type ScaleKind } from "../scale";
import type { Surface } from "../surface";
import type { ChartTheme } from "../theme";
import { xDomain, yDomain, type Line, type Numbers, type Viewport } from "./model";

export interface LineChartOptions {
  xKind: ScaleKind;
  log: boolean;
  ignoreOutliers: boolean;
  /** Room for a title below the x axis. */
  xTitle?: boolean;
}

/** A chart laid out for a size: the plot and its scales. */
export interface Layout {
  plot: Plot;
  x: Scale;
  y: Scale;
}

/** Beyond this many lines the faint raw ones would be a fog: only the focused line keeps its own. */
export const rawLineLimit = 12;

const rawAlpha = 0.26;
const bandAlpha = 0.16;

/** What fits the data leaves this much room at both ends, so that a dot on the first or last point is whole. */
const pointRadius_px = 4;

/** Where nothing can be placed an axis has no numbers: they would look like data. */
const noDomain: Interval = [0.1, 1];

/** Lays a chart out, draws its frame and all its lines. */
export function drawLineChart(
  surface: Surface,
  lines: readonly Line[],
  view: Viewport,
  options: LineChartOptions,
  theme: ChartTheme,
): Layout {
  const layout = layOut(surface, lines, view, options, theme);
  const raw = lines.length <= rawLineLimit;
  drawClipped(surface, layout.plot, () => {
    for (const line of lines) if (line.band) drawBand(surface, layout, line, line.band, bandAlpha);
    if (raw) for (const line of lines) if (line.smoothed) drawRaw(surface, layout, line);
    for (const line of lines) drawLine(surface, layout, line, raw && !line.thin ? 1.5 : 1);
  });
  for (const line of lines) drawMarks(surface, layout, line);
  return layout;
}

/** One line above the others: thick, with its raw values and its band. */
export function drawFocused(surface: Surface, layout: Layout, line: Line): void {
  drawClipped(surface, layout.plot, () => {
    if (line.band) drawBand(surface, layout, line, line.band, 2 * bandAlpha);
    if (line.smoothed) drawRaw(surface, layout, line);
    drawLine(surface, layout, line, 2.5);
  });
}

function layOut(
  surface: Surface,
  lines: readonly Line[],
  view: Viewport,
  options: LineChartOptions,
  theme: ChartTheme,
): Layout {
  const xEnds = view.x ?? xDomain(lines);
  const yEnds =
    view.y ??
    yDomain(lines, {
      log: options.log,
      ignoreOutliers: options.ignoreOutliers,
      raw: lines.length <= rawLineLimit,
      x: view.x,
    });
  const counts = tickCounts(surface.width - 50, surface.height - 30);
  const yKind = options.log ? "log" : "linear";
  const yTicks = yEnds ? makeScale(yKind, yEnds, [1, 0]).ticks(counts.y) : [];
  const plot = placePlot(surface, yTicks, options.xTitle ?? false);
  const xRange: Interval = [plot.left, plot.left + plot.width];
  const x = makeScale(options.xKind, view.x ?? padded(xEnds ?? noDomain, plot.width), xRange);
  const y = makeScale(yKind, yEnds ?? noDomain, [plot.top + plot.height, plot.top]);
  drawAxes(surface, plot, x, y, xEnds ? x.ticks(counts.x) : [], yTicks, theme);
  return { plot, x, y };
}

function padded([low, high]: Interval, width_px: number): Interval {
  const margin = ((high - low) * pointRadius_px) / Math.max(1, width_px - 2 * pointRadius_px);
  return [low - margin, high + margin];
}

function drawClipped(surface: Surface, plot: Plot, draw: () => void): void {
  // One pixel more all round, so that a line along the very edge keeps its width.
  surface.clip(plot.left - 1, plot.top - 1, plot.width + 2, plot.height + 2, draw);
}

function drawRaw(surface: Surface, layout: Layout, line: Line): void {
  drawValues(surface, layout, line, line.value, 1, rawAlpha);
}

function drawLine(surface: Surface, layout: Layout, line: Line, width: number): void {
  drawValues(surface, layout, line, line.smoothed ?? line.value, width, 1);
}

/** Filled where both ends are known; on a log axis an end that is not positive lies below the plot. */
function drawBand(
  surface: Surface,
  { plot, x, y }: Layout,
  line: Line,
  { low, high }: { low: Numbers; high: Numbers },
  alpha: number,
): void {
  const floor = plot.top + plot.height + 2;
  let upper: [number, number][] = [];
  let lower: [number, number][] = [];
  const flush = () => {
    if (upper.length > 1) surface.polygon([...upper, ...lower.reverse()], line.color, alpha);
    else if (upper.length === 1) {
      const [[at, top], [, bottom]] = [upper[0]!, lower[0]!];
      surface.rect(at - 1.5, top, 3, bottom - top, line.color, alpha);
    }
    upper = [];
    lower = [];
  };
  for (let i = 0; i < low.length; i++) {
    const top = y(high[i]!);
    if (!Number.isFinite(top) || Number.isNaN(low[i]!)) {
      flush();
      continue;
    }
    const bottom = y(low[i]!);
    const at = clamp(x(line.x[i]!));
    upper.push([at, clamp(top)]);
    lower.push([at, Number.isFinite(bottom) ? clamp(bottom) : floor]);
  }
  flush();
}

let points = new Float32Array(4096);

/** Far outside the plot; a canvas draws huge coordinates wrongly. */
const limit_px = 1e5;

function drawValues(
  surface: Surface,
  layout: Layout,
  line: Line,
  values: Numbers,
  width: number,
  alpha: number,
): void {
  const { x, y } = layout;
  if (points.length < 2 * values.length) points = new Float32Array(2 * values.length);
  const stroke = { color: line.color, width, dash: alpha < 1 ? [] : line.dash, alpha };
  let count = 0;
  const flush = () => {
    if (count === 1 && alpha === 1) surface.circle(points[0]!, points[1]!, width + 0.5, line.color);
    else surface.polyline(points, count, stroke);
    count = 0;
  };
  for (let i = 0; i < values.length; i++) {
    const at = y(values[i]!);
    // Not a number, infinite, or not positive on a log axis: the line breaks and a mark stands at the edge.
    if (!Number.isFinite(at)) {
      flush();
      continue;
    }
    if (i > 0 && line.x[i]! < line.x[i - 1]!) flush();
    points[2 * count] = clamp(x(line.x[i]!));
    points[2 * count + 1] = clamp(at);
    count++;
  }
  flush();
}

function clamp(pixel: number): number {
  return pixel < -limit_px ? -limit_px : pixel > limit_px ? limit_px : pixel;
}

const mark_px = 4;

/** Values that no line can show: NaN as a cross and −∞ (or what a log axis cannot hold) as ▾ at the bottom, +∞ as ▴ at the top. */
function drawMarks(surface: Surface, layout: Layout, line: Line): void {
  const { plot, x, y } = layout;
  const [top, bottom] = [plot.top, plot.top + plot.height];
  let last = -Infinity;
  for (let i = 0; i < line.value.length; i++) {
    const value = line.value[i]!;
    if (Number.isFinite(y(value))) continue;
    const at = x(line.x[i]!);
    if (at < plot.left - 1 || at > plot.left + plot.width + 1) continue;
    // A run of a thousand NaNs is one row of marks, not a thousand on one another.
    if (at >= last && at - last < mark_px) continue;
    last = at;
    if (Number.isNaN(value)) {
      const stroke = { color: line.color, width: 1.5 };
      surface.line(at - 3, bottom - 8, at + 3, bottom - 2, stroke);
      surface.line(at - 3, bottom - 2, at + 3, bottom - 8, stroke);
    } else if (value > 0) {
      surface.polygon(
        [
          [at, top],
          [at - mark_px, top + 7],
          [at + mark_px, top + 7],
        ],
        line.color,
      );
    } else {
      surface.polygon(
        [
          [at, bottom - 1],
          [at - mark_px, bottom - 8],
          [at + mark_px, bottom - 8],
        ],
        line.color,
      );
    }
  }
}

/** The data ends between two places in px, in ascending order. */
export function invertInterval(scale: Scale, from: number, to: number): Interval {
  const [a, b] = [scale.invert(from), scale.invert(to)];
  return a < b ? [a, b] : [b, a];
}
