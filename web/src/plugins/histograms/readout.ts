/** A place in a histogram in words: the tooltip's lines. */

import { formatDuration, formatStep, formatTime, formatValue } from "../../base/format";
import { stepLabel } from "../../base/stepLabel";
import { axisPrecision, resolutionOf, type Precision } from "../../base/precision";
import type { Interval } from "../../charts/scale";
import { shareBelow, total, type HistogramColumns } from "./bins";
import type { XAxis } from "../../dashboard/xAxis";
import type { BinPosition } from "./position";
import { t } from "./words";

/** Ends of the axes that are drawn: a place is read out as fine as it is seen. */
export interface DrawnAxes {
  x: Interval;
  value: Interval;
}

export interface Readout {
  /** `step 9,900 · 41 m 12 s`, or the steps that a merged column holds. */
  title: string;
  lines: { name: string; text: string }[];
}

export function readOut(
  columns: HistogramColumns,
  place: BinPosition,
  axis: XAxis,
  drawn: DrawnAxes,
): Readout {
  const { column, value, bin } = place;
  const precision = axisPrecision(drawn.value);
  const all = total(columns, column);
  const below = shareBelow(columns, column, value);
  const lines = [];
  if (bin >= 0) {
    const [left, right] = [columns.left[bin]!, columns.right[bin]!];
    const count = columns.bin_count[bin]!;
    lines.push({
      name: left === right ? `= ${formatValue(left, precision)}` : binName(left, right, precision),
      text: t().inBin(formatCounted(count), formatCounted(all), percent(count / all)),
    });
  } else lines.push({ name: formatValue(value, precision), text: t().noBin(formatCounted(all)) });
  lines.push({ name: t().quantile, text: percent(below) });
  return { title: columnTitle(columns, column, axis, resolutionOf(...drawn.x)), lines };
}

/** Both edges of a bin, however thin it is beside the axis. */
function binName(left: number, right: number, { digits, resolution }: Precision): string {
  const fine = { digits, resolution: Math.min(resolution, right - left) };
  return `${formatValue(left, fine)} … ${formatValue(right, fine)}`;
}

/** Values are counted whole; parts of them only come from merged bins. */
function formatCounted(count: number): string {
  return Number.isInteger(count) ? formatStep(count) : formatValue(count, { digits: 4, resolution: 0.1 });
}

function columnTitle(columns: HistogramColumns, i: number, axis: XAxis, resolution: number): string {
  const [first, last] = [columns.step[i]!, columns.step_end[i]!];
  const steps = first === last ? formatStep(first) : `${formatStep(first)} – ${formatStep(last)}`;
  const time =
    axis === "relative"
      ? formatDuration(columns.x[i]!, resolution)
      : axis === "wall"
        ? formatTime(columns.wall_time[i]!, resolution)
        : "";
  return `${stepLabel(steps)}${time ? ` · ${time}` : ""}`;
}

/** One decimal; what is not quite nothing or everything does not look like it. */
function percent(share: number): string {
  const value = share * 100;
  if (!Number.isFinite(value)) return "–";
  if (value > 0 && value < 0.05) return "< 0.1 %";
  if (value < 100 && value > 99.95) return "> 99.9 %";
  return `${Number.isInteger(value) ? value : value.toFixed(1)} %`;
}
