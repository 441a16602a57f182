/** The routes that every room of points has (docs/http_api.md). */

import { postColumns, postJson } from "../api/client";

/** Where the points of one series are: parallel lists over all of them, in the order of their steps. */
export interface Steps {
  step: Float64Array;
  /** Seconds since 1970 UTC. */
  wall_time: Float64Array;
  /** Names a point's bytes for good. */
  key: readonly string[];
}

/** What a room says of one point, beside what is its own. */
export interface Point {
  key: string;
  /** Why there is nothing else. */
  damaged?: string;
}

export async function askSteps(plugin: string, run: string, tag: string): Promise<Steps> {
  const answer = await postColumns<{ series: Steps[] }>(`api/${plugin}/steps`, { tag, runs: [run] });
  return answer.series[0] ?? { step: new Float64Array(), wall_time: new Float64Array(), key: [] };
}

/** What there is to say of some points: as many of them as one answer holds, at least one. */
export async function askPoints<P extends Point>(plugin: string, keys: readonly string[]): Promise<P[]> {
  const answer = await postJson<{ points: P[]; next: number | null }>(`api/${plugin}/points`, { keys });
  return answer.points;
}
