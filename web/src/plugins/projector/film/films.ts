/** What the server says of films: the layouts of a tag's steps, brought over one another (docs/http_api.md). */

import { getColumns, getJson, postColumns, postJson } from "../../../api/client";
import type { AskedAxis } from "../axes";
import type { Reach } from "../data";
import type { JobState, Settings } from "../layouts";
import type { Fitted } from "../method";

/** How a step is brought over the one before. */
export const aligns = ["none", "rigid", "similarity"] as const;
export type Align = (typeof aligns)[number];

/** Which points of two steps are the same: by row, by label, only their classes, or none. */
export type Matched = "row" | "label" | "class" | "none";

export interface FilmQuestion {
  run: string;
  tag: string;
  method: Fitted | "axes";
  axes: readonly AskedAxis[] | null;
  parameters: Settings;
  fit: "each" | "joint";
}

export interface FilmStep {
  /** The tensor's name. */
  name: string;
  step: number | null;
  state: "absent" | "done" | "problem";
  problem: string;
  /** Null for the first. */
  matched: Matched | null;
  points: number | null;
}

export interface FilmState {
  id: string;
  /** For `controlLayout`. */
  job: string | null;
  state: JobState;
  error: string;
  news: number;
  estimate: { duration_s: number; memory_bytes: number };
  stage: string | null;
  share: number | null;
  /** Index of the step that is laid out now, and its iteration. */
  at: number | null;
  iteration: number | null;
  of: number | null;
  /** One scale for all steps. */
  reach: Record<Align, Reach>;
  steps: FilmStep[];
}

export interface FilmFrame {
  problem: string;
  /** For each point a number that the same point has at every step; null: its row. */
  ids: Int32Array | null;
  coordinates: Float32Array[];
}

/** For each step coordinates of the points asked for, NaN where one is not there; null: it is not laid out. */
export type Paths = (Float32Array[] | null)[];

/** @param start whether what is not kept is to be computed. */
export const askFilm = (question: FilmQuestion, start: boolean, signal?: AbortSignal): Promise<FilmState> =>
  postJson("api/projector/films", { ...question, start: start ? 1 : 0 }, signal);

/** How far a film is, once it is further than `after`; the same again after some seconds. */
export const getProgress = (id: string, after: number, signal?: AbortSignal): Promise<FilmState> =>
  getJson(`api/projector/films/${id}/progress`, { after }, signal);

export const getFilmFrame = (
  id: string,
  at: number,
  align: Align,
  signal?: AbortSignal,
): Promise<FilmFrame> => getColumns(`api/projector/films/${id}/frame`, { at, align }, signal);

export const getPaths = async (
  id: string,
  ids: readonly number[],
  align: Align,
  signal?: AbortSignal,
): Promise<Paths> =>
  (await postColumns<{ steps: Paths }>("api/projector/films/trails", { id, ids, align }, signal)).steps;

/**
 * Where the points of one frame are in another: for each point of `after` its index in `before`, -1 where it is new; null where both have the
 * same rows.
 */
export function placesIn(
  before: { ids: Int32Array | null; count: number },
  after: { ids: Int32Array | null; count: number },
): Int32Array | null {
  if (!before.ids && !after.ids && before.count === after.count) return null;
  const index = new Map<number, number>();
  for (let at = 0; at < before.count; at++) index.set(before.ids?.[at] ?? at, at);
  return Int32Array.from({ length: after.count }, (_, at) => index.get(after.ids?.[at] ?? at) ?? -1);
}

/** The steps that can be played, in order. */
export function playable(state: FilmState | null): FilmStep[] {
  return (state?.steps ?? []).filter((step) => step.state === "done");
}

/**
 * What is played after a step: the next that is laid out; at the end the first where the film is repeated. Null: the end, or the next one is
 * not there yet.
 */
export function nextStep(state: FilmState, name: string, repeats: boolean): FilmStep | null {
  const at = state.steps.findIndex((step) => step.name === name);
  for (const step of state.steps.slice(at + 1)) {
    if (step.state === "done") return step;
    if (step.state === "absent" && !isStill(state)) return null;
  }
  return repeats ? (playable(state)[0] ?? null) : null;
}

/** Nothing more is computed. */
export function isStill({ state }: FilmState): boolean {
  return state === "done" || state === "failed" || state === "cancelled" || state === "absent";
}
