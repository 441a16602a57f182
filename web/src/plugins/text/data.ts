/** What the text room asks of the server beside its steps and points (docs/http_api.md). */

import { postJson } from "../../api/client";
import type { Point } from "../../dashboard/routes";

export interface TextPoint extends Point {
  /** `[]` is one text; else a table (rank 1: one column). Neither this nor `strings` where the point is damaged. */
  shape?: readonly number[];
  /** Row by row. */
  strings?: readonly string[];
}

/** Keys of the points that hold the words, whatever their case. */
export async function searchTexts(run: string, tag: string, query: string): Promise<readonly string[]> {
  const answer = await postJson<{ series: { run: string; key: string[] }[] }>("api/text/search", {
    tag,
    runs: [run],
    query,
  });
  return answer.series[0]?.key ?? [];
}

/** The tag as its user gave it: torch and tensorboardX append `/text_summary`. */
export function displayTag(tag: string): string {
  return tag.endsWith("/text_summary") ? tag.slice(0, -"/text_summary".length) : tag;
}

/** Rows and columns of the table that a point is; of more than two dimensions the first table. */
export function tableSize({ shape = [] }: TextPoint): [rows: number, columns: number] {
  return shape.length < 2 ? [shape[0] ?? 1, 1] : [shape.at(-2)!, shape.at(-1)!];
}

/** The table's first rows, as many as hold about `cells` cells, at least one. */
export function tableRows(point: TextPoint, cells: number): (readonly string[])[] {
  const [rows, columns] = tableSize(point);
  const shown = Math.min(rows, Math.max(1, Math.floor(cells / Math.max(1, columns))));
  return Array.from(
    { length: shown },
    (_, row) => point.strings?.slice(row * columns, (row + 1) * columns) ?? [],
  );
}
