/** What stands at one place of the x axis: the exact point of each line, and what its pixel holds. */

import type { Line } from "../../charts/line/model";
import { newestBefore } from "../../charts/line/place";
import { toNumber, type JsonNumber, type ScalarSeries } from "./data";
import type { GroupSeries } from "./groupData";

/** A line with what its points are besides places. */
export interface ReadLine extends Line {
  series: Pick<ScalarSeries, "x" | "step" | "wall_time" | "start_wall_time">;
  group?: GroupSeries;
}

/** The points of a pixel: how many, and of their finite values mean and ends. */
export interface PixelReading {
  points: number;
  mean: number;
  low: number;
  high: number;
}

export interface ReadingRow {
  line: ReadLine;
  /** Of the line's point at the place; where it has none, of the nearest before. */
  x: number;
  /** Null for a group on an axis of time: its members are at several steps there. */
  step: number | bigint | null;
  wall_time: number;
  value: number;
  smoothed: number | null;
  /** Null where the pixel holds few points, which are all seen. */
  pixel: PixelReading | null;
  /** Of a group: what its band reaches there, and of how many members. */
  band: [number, number] | null;
  n: number | null;
}

export interface Reading {
  place: number;
  /** In the lines' order; those that have not begun by then have none. */
  rows: ReadingRow[];
}

/** What `POST api/scalars/readings` answers for a card. */
export interface CardReading {
  runs: string[];
  step: string[];
  wall_time: Float64Array;
  x: Float64Array;
  value: Float64Array;
  smoothed: Float64Array | null;
  points: Float64Array;
  mean: Float64Array;
  low: Float64Array;
  high: Float64Array;
  groups: {
    name: string;
    x: number;
    n: number;
    raw: JsonNumber;
    center: JsonNumber;
    low: JsonNumber;
    high: JsonNumber;
  }[];
}

/** Two points in a pixel are both seen; of more only the ends are. */
const manyPoints = 3;

/** Read of what is drawn: exact where every point is. */
export function readDrawn(lines: readonly ReadLine[], place: number, onSteps: boolean): Reading {
  const rows = lines.flatMap((line): ReadingRow[] => {
    const index = newestBefore(line.x, place);
    if (index < 0) return [];
    const { series, group, band } = line;
    const step = group && !onSteps ? null : series.step[index]!;
    return [
      {
        line,
        x: line.x[index]!,
        step,
        wall_time: series.wall_time[index]!,
        value: line.value[index]!,
        smoothed: line.smoothed?.[index] ?? null,
        pixel: null,
        band: band ? [band.low[index]!, band.high[index]!] : null,
        n: group?.n[index] ?? null,
      },
    ];
  });
  return { place, rows };
}

/** Read of the server's answer. */
export function readAnswer(
  lines: readonly ReadLine[],
  answer: CardReading,
  place: number,
  onSteps: boolean,
): Reading {
  const rowOf = new Map(answer.runs.map((run, row) => [run, row]));
  const groupOf = new Map(answer.groups.map((group) => [group.name, group]));
  const rows = lines.flatMap((line): ReadingRow[] => {
    if (line.group) {
      const group = groupOf.get(line.name);
      return group ? [groupRow(line, group, onSteps)] : [];
    }
    const row = rowOf.get(line.name);
    return row === undefined ? [] : [runRow(line, answer, row)];
  });
  return { place, rows };
}

function runRow(line: ReadLine, answer: CardReading, row: number): ReadingRow {
  const [points, mean, low, high] = [
    answer.points[row]!,
    answer.mean[row]!,
    answer.low[row]!,
    answer.high[row]!,
  ];
  return {
    line,
    x: answer.x[row]!,
    step: exactStep(answer.step[row]!),
    wall_time: answer.wall_time[row]!,
    value: answer.value[row]!,
    smoothed: line.smoothed && answer.smoothed ? answer.smoothed[row]! : null,
    pixel: points >= manyPoints && !Number.isNaN(mean) ? { points, mean, low, high } : null,
    band: null,
    n: null,
  };
}

function groupRow(line: ReadLine, group: CardReading["groups"][number], onSteps: boolean): ReadingRow {
  return {
    line,
    x: group.x,
    step: onSteps ? group.x : null,
    wall_time: group.x,
    value: toNumber(group.raw),
    smoothed: line.smoothed ? toNumber(group.center) : null,
    pixel: null,
    band: line.band ? [toNumber(group.low), toNumber(group.high)] : null,
    n: group.n,
  };
}

/** A step as a number where that is exact. */
function exactStep(text: string): number | bigint {
  const step = Number(text);
  return Number.isSafeInteger(step) ? step : BigInt(text);
}

/** What the line shows there. */
export function shownOf({ smoothed, value }: ReadingRow): number {
  return smoothed ?? value;
}
