/** What `/api/scalars/groups` answers, and lines with bands made of it. */

import { postColumns } from "../../api/client";
import type { RunGroup } from "../../base/grouping";
import type { Band, Center } from "../../state/groups.svelte";
import type { XAxis } from "../../dashboard/xAxis";
import type { JsonNumber, RunLine, ScalarQuery } from "./data";

/** The line and, unless there is no band, its ends. */
interface Columns {
  center: Float64Array;
  low: Float64Array | null;
  high: Float64Array | null;
}

export interface GroupSeries extends Columns {
  name: string;
  /** Those that have the tag. */
  runs: string[];
  /** Places in all. */
  count: number;
  complete: boolean;
  /** The last place at which any member has a number. */
  last: { x: number; n: number; center: JsonNumber; low: JsonNumber; high: JsonNumber } | null;
  minimum: JsonNumber;
  maximum: JsonNumber;
  x: Float64Array;
  /** Members that have a finite value at each place. */
  n: Int32Array;
  smoothed: Columns | null;
}

export interface GroupAnswer {
  tag: string;
  x: XAxis;
  groups: GroupSeries[];
}

export interface GroupQuery extends Omit<ScalarQuery, "runs" | "width"> {
  groups: readonly { name: string; runs: readonly string[] }[];
  center: Center;
  band: Band;
  /** null: every place. */
  width: number | null;
}

export function askGroups(query: GroupQuery): Promise<GroupAnswer> {
  return postColumns<GroupAnswer>("api/scalars/groups", query);
}

export interface GroupStyles {
  /** Null for a group that is there no more. */
  find(id: string): RunGroup | null;
  color(group: RunGroup): string;
  dash(group: RunGroup): readonly number[];
}

/** A line for each group that has the tag. */
export function makeGroupLines(answer: GroupAnswer, styles: GroupStyles): RunLine[] {
  return answer.groups.flatMap((series) => {
    const group = styles.find(series.name);
    if (!group || series.count === 0) return [];
    const { low, high } = series.smoothed ?? series;
    return {
      name: group.id,
      label: `${group.label} (${series.runs.length})`,
      color: styles.color(group),
      dash: styles.dash(group),
      x: series.x,
      value: series.center,
      smoothed: series.smoothed?.center ?? null,
      ...(low && high ? { band: { low, high } } : {}),
      group: series,
      series: {
        run: group.id,
        start_wall_time: null,
        count: series.count,
        first_step: series.x[0] ?? NaN,
        last_step: series.last?.x ?? NaN,
        last_value: series.last?.center ?? NaN,
        minimum: series.minimum,
        maximum: series.maximum,
        complete: series.complete,
        x: series.x,
        step: series.x,
        wall_time: series.x,
        value: series.center,
        smoothed: series.smoothed?.center ?? null,
      },
    };
  });
}

/** Every place of each group as a table for other programs; numbers as Python and spreadsheets read them. */
export function groupsCsv(
  answer: GroupAnswer,
  { center, band }: GroupQuery,
  nameOf: (id: string) => string,
): string {
  const ends = band === "none" ? [] : [`${band}_low`, `${band}_high`];
  const rows = [["group", answer.x, center, ...ends, "n"].join(",")];
  for (const { name, x, center: middle, low, high, n } of answer.groups) {
    const quoted = `"${nameOf(name).replaceAll('"', '""')}"`;
    for (let i = 0; i < x.length; i++) {
      const band = low && high ? [low[i], high[i]] : [];
      rows.push([quoted, x[i], middle[i], ...band, n[i]].join(","));
    }
  }
  return `${rows.join("\n")}\n`;
}
