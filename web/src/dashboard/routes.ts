/** The routes that every room of points has (docs/http_api.md). */

import { getJson, postColumns } from "../api/client";

/** Where the points of one series are: parallel lists over all of them, in the order of their steps. */
export interface Steps {
  step: ArrayLike<number>;
  wall_time: ArrayLike<number>;
  /** Names a point's bytes for good. */
  key: readonly string[];
}

/** What a room says of one point, beside what is its own. */
export interface Point {
  key: string;
  /** Why there is nothing else. */
  damaged?: string;
}

export const noSteps: Steps = { step: [], wall_time: [], key: [] };

export async function askSteps(plugin: string, run: string, tag: string): Promise<Steps> {
  const answer = await postColumns<{ series: Omit<Steps, "key">[] }>(`api/${plugin}/steps`, {
    tag,
    runs: [run],
  });
  const steps = answer.series[0];
  if (!steps) return noSteps;
  return { ...steps, key: Array.from(steps.step, (_, i) => `${i}@${steps.wall_time[i]}`) };
}

/** What there is to say of some points: as many of them as one answer holds, at least one. */
export async function askPoints<P extends Point>(
  plugin: string,
  run: string,
  tag: string,
  keys: readonly string[],
): Promise<P[]> {
  const indices = keys.map((key) => Number.parseInt(key, 10));
  const start = Math.min(...indices);
  const count = Math.max(...indices) - start + 1;
  type Found = P & { index: number; wall_time: number };
  const answer = await getJson<Found[] | { points: Found[] }>(`api/${plugin}/points`, {
    run,
    tag,
    start,
    count,
  });
  const points = Array.isArray(answer) ? answer : answer.points;
  return points.map((point) => ({ ...point, key: `${point.index}@${point.wall_time}` }));
}
