/** What `/api/text` answers (docs/http_api.md). */

import { getJson, postColumns, postJson } from "../../api/client";

export interface Steps {
  step: Float64Array;
  wall_time: Float64Array;
}

export interface TextPoint {
  index: number;
  step: number;
  wall_time: number;
  /** `[]` is one text; else a table (rank 1: one column). */
  shape: number[];
  /** Row by row. */
  strings: string[];
  /** Why there are no strings. */
  damaged?: string;
}

export async function loadSteps(run: string, tag: string): Promise<Steps> {
  const answer = await postColumns<{ series: Steps[] }>("api/text/steps", { tag, runs: [run] });
  return answer.series[0] ?? { step: new Float64Array(), wall_time: new Float64Array() };
}

/** The points from `start`: as many of `count` as one answer holds, at least one. */
export async function loadPoints(
  run: string,
  tag: string,
  start: number,
  count: number,
): Promise<TextPoint[]> {
  const answer = await getJson<{ points: TextPoint[] }>("api/text/points", { run, tag, start, count });
  return answer.points;
}

/** Indices of the points that hold the words, rising. */
export async function searchTexts(run: string, tag: string, query: string): Promise<number[]> {
  const answer = await postJson<{ runs: Record<string, number[]> }>("api/text/search", {
    tag,
    runs: [run],
    query,
  });
  return Object.hasOwn(answer.runs, run) ? answer.runs[run]! : [];
}

/** The tag as its user gave it: torch and tensorboardX append `/text_summary`. */
export function displayTag(tag: string): string {
  return tag.endsWith("/text_summary") ? tag.slice(0, -"/text_summary".length) : tag;
}

/** Rows of the table that a point is; of more than two dimensions the first table. */
export function tableRows(point: TextPoint): string[][] {
  const [rows, columns] =
    point.shape.length < 2 ? [point.shape[0] ?? 1, 1] : (point.shape.slice(-2) as [number, number]);
  return Array.from({ length: rows }, (_, row) => point.strings.slice(row * columns, (row + 1) * columns));
}
