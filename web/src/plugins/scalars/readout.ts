/** A place on a card in numbers: what the tooltip shows and what is read out. */

import { alignedFormat, formatDuration, formatStep, formatTime } from "../../base/format";
import { stepLabel } from "../../base/stepLabel";
import { sortHits, type Hit } from "../../charts/line/hit";
import type { Line } from "../../charts/line/model";
import type { Hover } from "../../charts/line/LineChart.svelte";
import { scalePrecision } from "../../charts/scale";
import type { XAxis } from "../../dashboard/xAxis";
import type { ScalarSeries } from "./data";
import { t } from "./words";

/** A line with what its points are besides places. */
export interface ReadLine extends Line {
  series: Pick<ScalarSeries, "x" | "step" | "wall_time" | "start_wall_time">;
}

export interface ReadoutRow {
  line: ReadLine;
  /** What the line shows, and what was logged; the latter where any line of the chart is smoothed. */
  value: string;
  raw: string | null;
  /** Where not all rows are of one step. */
  step: string | null;
  nearest: boolean;
}

export interface Readout {
  /** The step, and how long after its run's beginning, or when. */
  title: string;
  /** From the highest value down; so many more are above and below. */
  rows: ReadoutRow[];
  above: number;
  below: number;
}

/** The card shows this many runs; the nearest is always among them. */
const rowLimit = 7;

/** Null where no line has a point. */
export function readOut({ hits, nearest, layout }: Hover, axis: XAxis): Readout | null {
  const sorted = sortHits(hits);
  const leader = nearest ?? sorted[0];
  if (!leader) return null;
  const middle = sorted.indexOf(leader) - Math.floor(rowLimit / 2);
  const first = Math.min(Math.max(0, middle), Math.max(0, sorted.length - rowLimit));
  const shown = sorted.slice(first, first + rowLimit);
  const smoothed = sorted.some((hit) => hit.line.smoothed !== null);
  const numbers = shown.flatMap((hit) => (smoothed ? [hit.shown, rawOf(hit)] : [hit.shown]));
  const read = alignedFormat(numbers, scalePrecision(layout.y));
  const steps = new Set(shown.map(stepOf));
  return {
    title: titleOf(leader, axis, scalePrecision(layout.x).resolution),
    rows: shown.map((hit) => ({
      line: hit.line as ReadLine,
      value: read(hit.shown),
      raw: smoothed ? read(rawOf(hit)) : null,
      step: steps.size > 1 ? formatStep(stepOf(hit)) : null,
      nearest: hit === leader,
    })),
    above: first,
    below: sorted.length - first - shown.length,
  };
}

/** The nearest line's row for those who hear it: the others are an arrow away. */
export function inWords({ title, rows }: Readout, nameOf: (run: string) => string): string {
  const row = rows.find(({ nearest }) => nearest) ?? rows[0]!;
  const smoothed = row.line.smoothed !== null && row.raw !== null;
  return `${title}, ${nameOf(row.line.name)}: ${row.value}${smoothed ? `, ${t().asLogged(row.raw!)}` : ""}`;
}

function rawOf(hit: Hit): number {
  return hit.line.value[hit.index]!;
}

function stepOf(hit: Hit): number {
  return (hit.line as ReadLine).series.step[hit.index]!;
}

function titleOf(hit: Hit, axis: XAxis, resolution: number): string {
  const { series } = hit.line as ReadLine;
  const wall = series.wall_time[hit.index]!;
  const step = stepLabel(formatStep(stepOf(hit)));
  if (axis === "wall") return `${step} · ${formatTime(wall, resolution)}`;
  if (axis === "relative") return `${step} · ${formatDuration(series.x[hit.index]!, resolution)}`;
  if (series.start_wall_time === null) return step;
  return `${step} · ${formatDuration(wall - series.start_wall_time)}`;
}
