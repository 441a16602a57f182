/** What the server says of layouts: coordinates of all points by one method (docs/http_api.md). */

import { getColumns, getJson, postJson } from "../../api/client";
import type { Entry } from "./data";
import type { Fitted } from "./method";
import type { Quality } from "./quality";

export type JobState =
  "absent" | "queued" | "reading" | "running" | "paused" | "done" | "failed" | "cancelled";
export type JobAction = "pause" | "resume" | "perturb" | "cancel";

/** How far a layout is. What is not known yet is missing. */
export interface Progress {
  state: JobState;
  /** Why it failed. */
  error: string;
  stage?: "reducing" | "neighbours" | "quality";
  /** Of the stage that is done, 0 to 1. */
  share?: number;
  iteration?: number;
  of?: number;
  loss?: number | null;
  /** Iterations a second. */
  per_s?: number;
  /** Points with finite numbers. */
  finite?: number;
  /** Fraction of the variance that the components hold on which it is fitted. */
  variance?: number;
  /** After the last frame; null of too few points. */
  quality?: Quality | null;
}

export type Settings = Record<string, number | string>;

/** A layout that may be asked for, and how far it is. */
export interface Plan extends Progress {
  id: string;
  method: Fitted;
  parameters: Settings;
  shape: [number, number];
  estimate: { duration_s: number; memory_bytes: number };
}

export interface Frame extends Progress {
  /** Grows with every change. */
  news: number;
  /** Indices of the points that are fitted; null: all. */
  rows: Int32Array | null;
  /** Of the fitted points, an array for each dimension; empty before the first frame. */
  coordinates: Float32Array[];
}

export const getPlan = (
  { run, name }: Entry,
  method: Fitted,
  settings: Settings,
  signal?: AbortSignal,
): Promise<Plan> => getJson<Plan>("api/projector/layouts", { ...settings, run, name, method }, signal);

export const startLayout = (
  { run, name }: Entry,
  method: Fitted,
  settings: Settings,
  signal?: AbortSignal,
): Promise<Plan> =>
  postJson<Plan>("api/projector/layouts", { run, name, method, parameters: settings }, signal);

export const controlLayout = (id: string, action: JobAction, signal?: AbortSignal): Promise<Progress> =>
  postJson<Progress>("api/projector/layouts/control", { id, action }, signal);

/** The newest frame once there is one after `after`; the same one again after some seconds. */
export const getFrame = (id: string, after: number, signal?: AbortSignal): Promise<Frame> =>
  getColumns<Frame>(`api/projector/layouts/${id}/frames`, { after }, signal);

export function isFinal(state: JobState): boolean {
  return state === "done" || state === "failed" || state === "cancelled" || state === "absent";
}

/** Coordinates of all points from those of the fitted ones; NaN for the others. */
export function spread(
  coordinates: readonly Float32Array[],
  rows: Int32Array | null,
  count: number,
): Float32Array[] {
  if (!rows) return [...coordinates];
  return coordinates.map((column) => {
    const all = new Float32Array(count).fill(NaN);
    rows.forEach((row, at) => (all[row] = column[at]!));
    return all;
  });
}
