/** A place on a card in numbers: what the tooltip shows and what is read out. */

import { alignedFormat, formatDuration, formatStep, formatTime } from "../../base/format";
import { stepLabel } from "../../base/stepLabel";
import { sortHits, type Hit } from "../../charts/line/hit";
import type { Line } from "../../charts/line/model";
import type { Hover } from "../../charts/line/LineChart.svelte";
import { scalePrecision } from "../../charts/scale";
import type { XAxis } from "../../dashboard/xAxis";
import type { ScalarSeries } from "./data";
import type { GroupSeries } from "./groupData";
import { t } from "./words";

/** A line with what its points are besides places. */
export interface ReadLine extends Line {
  series: Pick<ScalarSeries, "x" | "step" | "wall_time" | "start_wall_time">;
  group?: GroupSeries;
}

export interface ReadoutRow {
  line: ReadLine;
  /** What the line shows, and what was logged; the latter where any line of the chart is smoothed. */
  value: string;
  raw: string | null;
  /** Where not all rows are of one step. */
  step: string | null;
  nearest: boolean;
  /** Of a group: what its band reaches there, and of how many members. */
  band: string | null;
  n: string | null;
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
  const numbers = shown.flatMap((hit) => [
    hit.shown,
    ...(smoothed ? [rawOf(hit)] : []),
    ...(bandOf(hit) ?? []).filter(Number.isFinite),
  ]);
  const read = alignedFormat(numbers, scalePrecision(layout.y));
  const steps = new Set(shown.flatMap((hit) => stepOf(hit, axis) ?? []));
  const stepText = (hit: Hit): string | null => {
    const step = stepOf(hit, axis);
    return steps.size > 1 && step !== null ? formatStep(step) : null;
  };
  return {
    title: titleOf(leader, axis, scalePrecision(layout.x).resolution),
    rows: shown.map((hit) => ({
      line: hit.line as ReadLine,
      value: read(hit.shown),
      raw: smoothed ? read(rawOf(hit)) : null,
      step: stepText(hit),
      nearest: hit === leader,
      ...spreadOf(hit, read),
    })),
    above: first,
    below: sorted.length - first - shown.length,
  };
}

/** The nearest line's row for those who hear it: the others are an arrow away. */
export function inWords({ title, rows }: Readout, nameOf: (run: string) => string): string {
  const row = rows.find(({ nearest }) => nearest) ?? rows[0]!;
  const smoothed = row.line.smoothed !== null && row.raw !== null;
  return [
    `${title}, ${row.line.label ?? nameOf(row.line.name)}: ${row.value}`,
    ...(smoothed ? [t().asLogged(row.raw!)] : []),
    ...(row.band === null ? [] : [row.band]),
    ...(row.n === null ? [] : [row.n]),
  ].join(", ");
}

/** Ends of the band as it is drawn; null where there is none. */
function bandOf({ line, index }: Hit): [number, number] | null {
  return line.band ? [line.band.low[index]!, line.band.high[index]!] : null;
}

function spreadOf(hit: Hit, read: (value: number) => string): Pick<ReadoutRow, "band" | "n"> {
  const { group } = hit.line as ReadLine;
  if (!group) return { band: null, n: null };
  const ends = bandOf(hit);
  return {
    band: ends?.every(Number.isFinite) ? ends.map(read).join(" – ") : null,
    n: `n = ${group.n[hit.index]}`,
  };
}

function rawOf(hit: Hit): number {
  return hit.line.value[hit.index]!;
}

/** Null for a group on an axis of time: its members are at several steps there. */
function stepOf(hit: Hit, axis: XAxis): number | null {
  const { series, group } = hit.line as ReadLine;
  return group && axis !== "step" ? null : series.step[hit.index]!;
}

function titleOf(hit: Hit, axis: XAxis, resolution: number): string {
  const { series } = hit.line as ReadLine;
  const wall = series.wall_time[hit.index]!;
  const at = stepOf(hit, axis);
  if (at === null) return axis === "wall" ? formatTime(wall, resolution) : formatDuration(wall, resolution);
  const step = stepLabel(formatStep(at));
  if (axis === "wall") return `${step} · ${formatTime(wall, resolution)}`;
  if (axis === "relative") return `${step} · ${formatDuration(series.x[hit.index]!, resolution)}`;
  if (series.start_wall_time === null) return step;
  return `${step} · ${formatDuration(wall - series.start_wall_time)}`;
}
