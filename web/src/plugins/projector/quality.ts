/** How much of the neighbourhoods in all dimensions a layout keeps, as the server measured it. */

import { postColumns } from "../../api/client";
import type { AskedAxis } from "./axes";
import type { Entry } from "./data";

export interface Quality {
  /** Neighbours of each point that are looked at. */
  k: number;
  trustworthiness: number;
  /** Indices of the points at which it is measured. */
  sample: Int32Array;
  /** Indices of the `k` nearest neighbours of each in the layout, one after the other. */
  in_layout: Int32Array;
  /** The same in all dimensions. */
  in_data: Int32Array;
}

/** The quality of PCA and custom axes; null of too few points. */
export const getQuality = async (
  { run, name }: Entry,
  axes: readonly AskedAxis[],
  sphereize: boolean,
  signal?: AbortSignal,
): Promise<Quality | null> =>
  (
    await postColumns<{ quality: Quality | null }>(
      "api/projector/quality",
      { run, name, axes, sphereize: sphereize ? 1 : 0 },
      signal,
    )
  ).quality;

/** The share of sampled points whose value is the one that most of their neighbours have; of equally many that of the nearest. */
export function neighbourAccuracy(
  { k, sample }: Quality,
  neighbours: Int32Array,
  codes: Uint32Array,
): number {
  let right = 0;
  sample.forEach((point, at) => {
    const votes = new Map<number, number>();
    for (const neighbour of neighbours.subarray(at * k, (at + 1) * k)) {
      const code = codes[neighbour]!;
      votes.set(code, (votes.get(code) ?? 0) + 1);
    }
    // A map keeps the order of first votes, which is that of distance.
    const most = Math.max(...votes.values());
    const winner = [...votes].find(([, count]) => count === most)?.[0];
    if (winner === codes[point]) right++;
  });
  return right / sample.length;
}
