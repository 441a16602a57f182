/** What the server says of neighbours that changed between two embeddings (docs/http_api.md). */

import { postColumns, postJson } from "../../../api/client";
import { named, type Entry, type Field, type Metric } from "../data";
import type { JobState } from "../layouts";
import type { Matched } from "./films";

/** Neighbours of one point: their indices at the later step (-1: gone) and at the earlier one, and both distances (null: not there). */
export interface ChangedList {
  indices: number[];
  places: number[];
  before: (number | null)[];
  after: (number | null)[];
}

export interface Changes {
  matched: Matched;
  /** Whether the point is at both steps; if not there are no lists. */
  there: boolean;
  kept?: ChangedList;
  gained?: ChangedList;
  lost?: ChangedList;
}

export interface KeptShares {
  job: string;
  state: JobState;
  error: string;
  share: number | null;
  duration_s: number;
  /** For each point the share of its neighbours that were so before; NaN where it was not there. */
  shares: Float32Array | null;
}

const pair = (entry: Entry, before: Entry) => ({
  ...named(entry),
  before_run: before.run,
  before_name: before.name,
});

export const getMatching = (
  entry: Entry,
  before: Entry,
  signal?: AbortSignal,
): Promise<{ kind: Matched; places: Int32Array }> =>
  postColumns("api/projector/matching", pair(entry, before), signal);

export const getChanges = (
  entry: Entry,
  before: Entry,
  index: number,
  count: number,
  metric: Metric,
  signal?: AbortSignal,
): Promise<Changes> =>
  postJson("api/projector/neighbours/changes", { ...pair(entry, before), index, count, metric }, signal);

/** @param start whether they are to be computed. */
export const getKeptShares = (
  entry: Entry,
  before: Entry,
  k: number,
  metric: Metric,
  start: boolean,
  signal?: AbortSignal,
): Promise<KeptShares> =>
  postColumns(
    "api/projector/neighbours/kept",
    { ...pair(entry, before), k, metric: metric === "dot" ? "cosine" : metric, start: start ? 1 : 0 },
    signal,
  );

/** Shares of k neighbours as a column of numbers; NaN is empty. */
export function keptField(name: string, shares: Float32Array, k: number): Field {
  const values = ["", ...Array.from({ length: k + 1 }, (_, kept) => String(+(kept / k).toFixed(4)))];
  const codes = Uint32Array.from(shares, (share) => (Number.isNaN(share) ? 0 : 1 + Math.round(share * k)));
  return { name, numeric: true, values, codes };
}
