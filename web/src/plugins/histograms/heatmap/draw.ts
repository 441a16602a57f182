/** A heat map's strokes: density as colour, three quantiles as lines, a slice at the right. */

import { crisp, drawAxes, tickCounts, type Plot } from "../../../charts/axes";
import { columnEdges, fillCells, quantile, type HistogramColumns } from "../bins";
import { makeScale, type Interval, type Scale, type ScaleKind } from "../../../charts/scale";
import type { CanvasSurface } from "../../../charts/canvasSurface";
import type { Surface } from "../../../charts/surface";
import type { ChartTheme } from "../../../charts/theme";
import { densityRamp, lineColors, rampColor } from "./ramp";

export interface HeatmapOptions {
  xKind: ScaleKind;
  /** Data ends of the axis; null: all columns. */
  x: Interval | null;
  value: Interval;
  /** Colour by the logarithm of density. */
  log: boolean;
  dark: boolean;
}

export interface HeatmapLayout {
  plot: Plot;
  /** Where the slice stands. */
  slice: Plot;
  x: Scale;
  y: Scale;
  edges: Float64Array;
  options: HeatmapOptions;
}

/** Quantiles drawn as lines. */
export const quantiles = [0.05, 0.5, 0.95] as const;

/** Columns thinner than this are drawn this thick: a curve of single values must be seen. */
const thinnest_px = 2.5;

/** Density that gets the strongest ink: that of the column at this place among the columns' peaks. */
const strongestAt = 0.7;

/** Ink grows with this power of density, so that a broad, flat distribution is still seen beside a narrow one. */
const inkPower = 0.7;

/** Where 5 and 95 % lie closer than this the lines would only hide what they describe. */
const linesFrom_px = 5;

/** With logarithmic ink a cell of 1/200 of the strongest is just seen. */
const logDepth = 200;

function layOut(surface: Surface, columns: HistogramColumns, options: HeatmapOptions): HeatmapLayout {
  const sliceWidth = Math.round(Math.min(84, Math.max(44, surface.width * 0.18)));
  const edges = columnEdges(columns);
  const counts = tickCounts(surface.width - sliceWidth - 50, surface.height - 30);
  const yTicks = makeScale("linear", options.value, [1, 0]).ticks(counts.y);
  const left = Math.round(Math.max(28, ...yTicks.map((tick) => surface.measure(tick.label) + 10)));
  const plot = {
    left,
    top: 6,
    width: Math.max(1, surface.width - left - sliceWidth - 12),
    height: Math.max(1, surface.height - 26),
  };
  const ends = options.x ?? [edges[0] ?? 0, edges.at(-1) ?? 1];
  return {
    plot,
    slice: { ...plot, left: plot.left + plot.width + 8, width: sliceWidth },
    x: makeScale(options.xKind, ends, [plot.left, plot.left + plot.width]),
    y: makeScale("linear", options.value, [plot.top + plot.height, plot.top]),
    edges,
    options,
  };
}

/** Lays a heat map out and draws it, without the slice. */
export function drawHeatmap(
  surface: CanvasSurface,
  columns: HistogramColumns,
  options: HeatmapOptions,
  theme: ChartTheme,
): HeatmapLayout {
  const layout = layOut(surface, columns, options);
  const { plot, x, y } = layout;
  const counts = tickCounts(plot.width, plot.height);
  drawAxes(surface, plot, x, y, x.ticks(counts.x + 2), y.ticks(counts.y), theme);
  drawCells(surface, columns, layout);
  const colors = options.dark ? lineColors.dark : lineColors.light;
  surface.clip(plot.left, plot.top, plot.width, plot.height, () => {
    for (const run of wideRuns(columns, layout)) {
      for (const q of quantiles) {
        const points = linePoints(columns, layout, q, run);
        const median = q === 0.5;
        const halo = { color: colors.halo, width: median ? 3.5 : 3, alpha: 0.7 };
        const dash = median ? [] : [4, 3];
        surface.polyline(points, points.length / 2, halo);
        surface.polyline(points, points.length / 2, { color: colors.line, width: median ? 1.8 : 1.2, dash });
      }
    }
  });
  const [right, bottom] = [plot.left + plot.width, plot.top + plot.height];
  surface.line(plot.left, crisp(plot.top), right, crisp(plot.top), { color: theme.grid });
  surface.line(crisp(plot.left), plot.top, crisp(plot.left), bottom, { color: theme.grid });
  surface.line(crisp(right), plot.top, crisp(right), bottom, { color: theme.grid });
  return layout;
}

/** Stretches of neighbouring columns that are wide enough for lines: [first, end). */
function wideRuns(columns: HistogramColumns, layout: HeatmapLayout): [number, number][] {
  const runs: [number, number][] = [];
  const n = columns.x.length;
  let first = -1;
  for (let i = 0; i <= n; i++) {
    const [low, , high] = i < n ? quantiles.map((q) => layout.y(quantile(columns, i, q))) : [];
    const wide = low !== undefined && high !== undefined && low - high >= linesFrom_px;
    if (wide && first < 0) first = i;
    if (!wide && first >= 0) {
      runs.push([first, i]);
      first = -1;
    }
  }
  return runs;
}

function linePoints(
  columns: HistogramColumns,
  layout: HeatmapLayout,
  q: number,
  [first, end]: readonly [number, number],
): Float32Array {
  // A lone column has no neighbour to draw a line to: the line is as wide as the column.
  if (end - first === 1) {
    const y = layout.y(quantile(columns, first, q));
    return Float32Array.of(layout.x(layout.edges[first]!), y, layout.x(layout.edges[end]!), y);
  }
  const points = new Float32Array((end - first) * 2);
  for (let i = first; i < end; i++) {
    const x = layout.x((columns.x[i]! + columns.x_end[i]!) / 2);
    points.set([x, layout.y(quantile(columns, i, q))], (i - first) * 2);
  }
  return points;
}

/** The densities as one image in the screen's own pixels. */
function drawCells(surface: CanvasSurface, columns: HistogramColumns, layout: HeatmapLayout): void {
  const { plot, options, edges } = layout;
  const n = columns.x.length;
  const ratio = globalThis.devicePixelRatio || 1;
  const [width, height] = [Math.round(plot.width * ratio), Math.round(plot.height * ratio)];
  if (!n || width < 1 || height < 1) return;
  const [low, high] = options.value;
  const thinnest = (thinnest_px * (high - low)) / plot.height;
  const cells = new Float32Array(n * height);
  const peaks = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const column = cells.subarray(i * height, (i + 1) * height);
    fillCells(columns, i, low, high, column, thinnest);
    let peak = 0;
    for (let row = 0; row < height; row++) if (column[row]! > peak) peak = column[row]!;
    peaks[i] = peak;
  }
  const strongest = peaks.sort()[Math.floor((n - 1) * strongestAt)]! || 1;
  const ramp = densityRamp(options.dark);
  const image = new ImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  const steps = ramp.length - 1;
  const logScale = Math.log1p(logDepth);
  let i = 0;
  for (let px = 0; px < width; px++) {
    const at = layout.x.invert(plot.left + (px + 0.5) / ratio);
    if (at < edges[0]! || at > edges[n]!) continue;
    while (i < n - 1 && edges[i + 1]! < at) i++;
    for (let row = 0; row < height; row++) {
      const share = cells[i * height + row]! / strongest;
      const ink = options.log ? Math.log1p(share * logDepth) / logScale : share ** inkPower;
      pixels[(height - 1 - row) * width + px] = ramp[Math.min(steps, Math.round(ink * steps))]!;
    }
  }
  const buffer = document.createElement("canvas");
  [buffer.width, buffer.height] = [width, height];
  buffer.getContext("2d")?.putImageData(image, 0, 0);
  surface.image(buffer, plot.left, plot.top, width / ratio, height / ratio);
}

/** Column i as a profile beside the map, on the map's own value axis. */
export function drawSlice(
  surface: Surface,
  columns: HistogramColumns,
  i: number,
  layout: HeatmapLayout,
  theme: ChartTheme,
): void {
  const { slice, options } = layout;
  const rows = Math.max(1, Math.round(slice.height));
  const cells = new Float32Array(rows);
  const [low, high] = options.value;
  fillCells(columns, i, low, high, cells, (thinnest_px * (high - low)) / slice.height);
  const peak = cells.reduce((most, share) => Math.max(most, share), 0);
  surface.line(crisp(slice.left), slice.top, crisp(slice.left), slice.top + slice.height, {
    color: theme.axis,
  });
  if (!peak) return;
  const shape = (share: number) => {
    const part = share / peak;
    return (options.log ? Math.log1p(part * logDepth) / Math.log1p(logDepth) : part) * (slice.width - 4);
  };
  const points: [number, number][] = [[slice.left, slice.top + slice.height]];
  const line = new Float32Array(rows * 4);
  for (let row = 0; row < rows; row++) {
    const x = slice.left + shape(cells[row]!);
    const [bottom, top] = [row, row + 1].map((at) => slice.top + slice.height * (1 - at / rows)) as [
      number,
      number,
    ];
    points.push([x, bottom], [x, top]);
    line.set([x, bottom, x, top], row * 4);
  }
  points.push([slice.left, slice.top]);
  surface.polygon(points, rampColor(options.dark, 0.55), 0.28);
  surface.polyline(line, rows * 2, { color: rampColor(options.dark, 0.68), width: 1.3 });
}
