/** A reading in words: what the tooltip shows and what is read out. */

import { alignedFormat, formatDuration, formatStep, formatTime } from "../../base/format";
import { naturalCompare } from "../../base/natural";
import { stepLabel } from "../../base/stepLabel";
import type { Hover } from "../../charts/line/LineChart.svelte";
import { scalePrecision } from "../../charts/scale";
import type { XAxis } from "../../dashboard/xAxis";
import { shownOf, type ReadLine, type Reading, type ReadingRow } from "./reading";
import type { ReadoutOrder } from "./readoutOrder";
import { t } from "./words";

export interface ReadoutRow {
  line: ReadLine;
  /** What the line shows, and what was logged; the latter where any line of the chart is smoothed. */
  value: string;
  raw: string | null;
  /** Mean and ends of the pixel's points; empty where it holds few, null where all do. */
  pixel: string | null;
  /** Where not all rows are of one step. */
  step: string | null;
  /** How long after its run's beginning, and when; null for a group. */
  relative: string | null;
  time: string | null;
  nearest: boolean;
  /** Of a group: what its band reaches there, and of how many members. */
  band: string | null;
  n: string | null;
}

export interface Readout {
  /** The step, and how long after its run's beginning, or when. */
  title: string;
  rows: ReadoutRow[];
  /** So many more rows are before and after these. */
  above: number;
  below: number;
}

export interface ReadoutOptions {
  axis: XAxis;
  order: ReadoutOrder;
  /** Rows at most, the nearest among them. */
  limit: number;
  /** What stands for a line in the order by names. */
  nameOf: (line: ReadLine) => string;
}

/** The tooltip shows this many lines; all of them once it is pinned. */
export const tooltipRows = 7;

/** Null where no line has a point. */
export function readOut(
  reading: Reading,
  hover: Pick<Hover, "x" | "y" | "layout" | "nearest">,
  { axis, order, limit, nameOf }: ReadoutOptions,
): Readout | null {
  const { layout } = hover;
  if (reading.rows.length === 0) return null;
  const leader = nearestRow(reading.rows, hover);
  const sorted = sortRows(reading.rows, order, hover, nameOf);
  const isByNearness = order === "nearest" || order === "nearestY";
  const middle = isByNearness ? 0 : sorted.indexOf(leader) - Math.floor(limit / 2);
  const first = Math.min(Math.max(0, middle), Math.max(0, sorted.length - limit));
  const shown = sorted.slice(first, first + limit);
  const smoothed = sorted.some((row) => row.smoothed !== null);
  const dense = sorted.some((row) => row.pixel !== null);
  const numbers = shown.flatMap((row) => [
    shownOf(row),
    ...(smoothed ? [row.value] : []),
    ...(row.band ?? []).filter(Number.isFinite),
    ...(row.pixel ? [row.pixel.mean, row.pixel.low, row.pixel.high] : []),
  ]);
  const read = alignedFormat(numbers, scalePrecision(layout.y));
  const steps = new Set(sorted.flatMap(({ step }) => step ?? []));
  const heading =
    leader.x === reading.place ? leader : (sorted.find(({ x }) => x === reading.place) ?? leader);
  return {
    title: titleOf(heading, axis, scalePrecision(layout.x).resolution),
    rows: shown.map((row) => ({
      line: row.line,
      value: read(shownOf(row)),
      raw: smoothed ? read(row.value) : null,
      pixel: dense ? (row.pixel ? pixelText(row.pixel, read) : "") : null,
      step: steps.size > 1 && row.step !== null ? formatStep(row.step) : null,
      relative: relativeOf(row),
      time: row.line.group ? null : formatTime(row.wall_time),
      nearest: row === leader,
      band: row.band?.every(Number.isFinite) ? row.band.map(read).join(" – ") : null,
      n: row.n === null ? null : String(row.n),
    })),
    above: first,
    below: sorted.length - first - shown.length,
  };
}

/** The nearest line's row for those who hear it: the others are an arrow away. */
export function inWords({ title, rows }: Readout, nameOf: (line: ReadLine) => string): string {
  const row = rows.find(({ nearest }) => nearest) ?? rows[0]!;
  const smoothed = row.line.smoothed !== null && row.raw !== null;
  return [
    `${title}, ${nameOf(row.line)}: ${row.value}`,
    ...(smoothed ? [t().asLogged(row.raw!)] : []),
    ...(row.band === null ? [] : [row.band]),
    ...(row.n === null ? [] : [`n = ${row.n}`]),
  ].join(", ");
}

function pixelText(
  { mean, low, high }: { mean: number; low: number; high: number },
  read: (value: number) => string,
): string {
  return `${read(mean)} [${read(low)} … ${read(high)}]`;
}

/** The row whose line is nearest to the pointer's height; where that decides nothing, of the point that the chart says. */
function nearestRow(
  rows: readonly ReadingRow[],
  { y, layout, nearest }: Pick<Hover, "y" | "layout" | "nearest">,
): ReadingRow {
  const named = rows.find(({ line }) => line.name === nearest?.line.name) ?? rows[0]!;
  const away = (row: ReadingRow): number => {
    const px = Math.abs(layout.y(shownOf(row)) - y);
    return Number.isNaN(px) ? Infinity : px;
  };
  return rows.reduce((best, row) => (away(row) < away(best) ? row : best), named);
}

/** Rows without a number stand last in each order by numbers. */
function sortRows(
  rows: readonly ReadingRow[],
  order: ReadoutOrder,
  { x, y, layout }: Pick<Hover, "x" | "y" | "layout">,
  nameOf: (line: ReadLine) => string,
): ReadingRow[] {
  if (order === "name") return rows.toSorted((a, b) => naturalCompare(nameOf(a.line), nameOf(b.line)));
  const key = (row: ReadingRow): number => {
    const shown = shownOf(row);
    if (order === "descending") return -shown;
    if (order === "ascending") return shown;
    const dy = layout.y(shown) - y;
    return order === "nearestY" ? Math.abs(dy) : Math.hypot(layout.x(row.x) - layout.x(x), dy);
  };
  const keyed = rows.map((row) => ({ row, key: key(row) }));
  keyed.sort((a, b) => {
    const [left, right] = [Number.isNaN(a.key), Number.isNaN(b.key)];
    if (left || right) return Number(left) - Number(right);
    return a.key === b.key ? 0 : a.key - b.key;
  });
  return keyed.map(({ row }) => row);
}

function relativeOf({ line, wall_time }: ReadingRow): string | null {
  const { start_wall_time } = line.series;
  return line.group || start_wall_time === null ? null : formatDuration(wall_time - start_wall_time);
}

function titleOf(row: ReadingRow, axis: XAxis, resolution: number): string {
  const { wall_time, x } = row;
  if (row.step === null)
    return axis === "wall" ? formatTime(wall_time, resolution) : formatDuration(wall_time, resolution);
  const step = stepLabel(formatStep(row.step));
  if (axis === "wall") return `${step} · ${formatTime(wall_time, resolution)}`;
  if (axis === "relative") return `${step} · ${formatDuration(x, resolution)}`;
  const relative = relativeOf(row);
  return relative === null ? step : `${step} · ${relative}`;
}
