/** What the images room asks of the server (docs/http_api.md), and what it keeps. */

import { getJson, postColumns, url } from "../../api/client";

/** Where one series' images are: parallel columns over all its points. */
export interface Steps {
  step: Float64Array;
  wall_time: Float64Array;
}

export interface Sample {
  media_type: string;
  bytes: number;
  /** Width and height in pixels, from the picture's header. */
  size: [number, number] | null;
}

export interface Point {
  index: number;
  step: number;
  wall_time: number;
  samples?: Sample[];
  /** Why there are no samples. */
  damaged?: string;
}

/** A picture of more pixels than this is shown only on request: decoding it takes over 256 MB. */
export const askAbove_px = 64_000_000;

export async function loadSteps(run: string, tag: string): Promise<Steps> {
  const answer = await postColumns<{ series: Steps[] }>("api/images/steps", { tag, runs: [run] });
  return answer.series[0] ?? { step: new Float64Array(), wall_time: new Float64Array() };
}

/** Points asked for lately. A point never changes, so its wall time beside its index names it for good. */
const points = new Map<string, Promise<Point>>();
const keptPoints = 400;

/** One point's description; `null` where the series has moved since its steps were asked for. */
export async function loadPoint(
  run: string,
  tag: string,
  steps: Steps,
  index: number,
): Promise<Point | null> {
  const key = JSON.stringify([run, tag, index, steps.wall_time[index]]);
  let asked = points.get(key);
  if (!asked) {
    asked = getJson<Point[]>("api/images/points", { run, tag, start: index, count: 1 }).then((answer) => {
      if (!answer[0]) throw new RangeError(`no point ${index}`);
      return answer[0];
    });
    asked.catch(() => points.delete(key));
    points.set(key, asked);
    if (points.size > keptPoints) points.delete(points.keys().next().value!);
  }
  const point = await asked;
  if (point.wall_time === steps.wall_time[index]) return point;
  points.delete(key);
  return null;
}

/** The address of a sample's bytes, the same for ever. */
export function imageUrl(run: string, tag: string, point: Point, sample: number): string {
  return url("api/images/image", {
    run,
    tag,
    index: point.index,
    wall_time: point.wall_time,
    ...(sample ? { sample } : {}),
  });
}

export function isPicture(sample: Sample): boolean {
  return sample.media_type.startsWith("image/");
}

/** `add_video` may put a real film where others put an animated GIF. */
export function isFilm(sample: Sample): boolean {
  return sample.media_type.startsWith("video/");
}

/** Index of the step nearest to `wanted`; of equal ones the last. -1 if there is none. */
export function nearestStep(steps: ArrayLike<number>, wanted: number): number {
  let best = -1;
  let distance = Infinity;
  for (let i = 0; i < steps.length; i++) {
    const away = Math.abs(steps[i]! - wanted);
    if (away <= distance) [best, distance] = [i, away];
  }
  return best;
}
