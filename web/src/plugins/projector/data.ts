/** What the server says of embeddings (docs/http_api.md), and how the page orders it. */

import { ApiError, getColumns, getJson, postText, url } from "../../api/client";
import { naturalCompare } from "../../base/natural";
import type { Problem } from "./problemText.svelte";

export interface Entry {
  run: string;
  /** The tensor's name, which with the run names the embedding. */
  name: string;
  tag: string;
  step: number | null;
  shape: [number, number] | null;
  metadata: boolean;
  /** Whether its config names a file of bookmarks. */
  bookmarks?: boolean;
  /** Width and height in pixels of one point's image on the sprite; null without one. */
  tile: [number, number] | null;
}

export interface Listing {
  embeddings: Entry[];
  problems: ({ run: string; problem: string } & Pick<Problem, "code" | "facts">)[];
}

/** Embeddings of one tag in one run, by rising step. */
export interface Group {
  run: string;
  tag: string;
  entries: Entry[];
}

export interface Projection {
  shape: [number, number];
  finite: number;
  /** How many points there should be; only where the tensor's file was cut short. */
  declared_rows?: number;
  approximate: boolean;
  /** Fraction of the variance on each component. */
  variance: number[];
  /** Coordinates of all points on each; null for those that were not asked for. */
  components: (Float32Array | null)[];
}

export interface Field {
  name: string;
  numeric: boolean;
  /** Distinct values. */
  values: string[];
  /** For each point the index of its value. */
  codes: Uint32Array;
}

/** What the server says of the sprite, the image file with the images of all points. */
export interface SpriteInfo {
  /** Width and height in pixels; null if its header does not say. */
  size: [number, number] | null;
  /** Changes with its bytes. */
  version: string;
}

export interface Metadata {
  sprite: SpriteInfo | null;
  /** Rows in the file, which may be more or fewer than points. */
  rows: number;
  columns: Field[];
  /** Why there are no columns though there is a metadata file; missing if nothing is wrong. */
  problem?: Problem;
}

/** In all dimensions, or between the places in the picture. */
export const metrics = ["cosine", "euclidean", "dot"] as const;
export type Metric = (typeof metrics)[number];

export interface Neighbours {
  indices: number[];
  distances: number[];
}

export const getListing = (signal?: AbortSignal): Promise<Listing> =>
  getJson<Listing>("api/projector/embeddings", {}, signal);

/** @param components whose coordinates are sent; the others are null. */
export const getProjection = (
  entry: Entry,
  sphereize: boolean,
  components: readonly number[],
  signal?: AbortSignal,
): Promise<Projection> =>
  getColumns<Projection>(
    "api/projector/pca",
    { ...named(entry), sphereize: sphereize ? 1 : 0, components: components.join() },
    signal,
  );

/** Metadata that cannot be read hides neither the points nor their images. */
export async function getMetadata(entry: Entry, signal?: AbortSignal): Promise<Metadata> {
  try {
    return await getColumns<Metadata>("api/projector/metadata", named(entry), signal);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const rest = await getColumns<Metadata>(
      "api/projector/metadata",
      { ...named(entry), columns: 0 },
      signal,
    );
    return { ...rest, problem: error };
  }
}

export const getNeighbours = (
  entry: Entry,
  index: number,
  count: number,
  metric: Metric,
  signal?: AbortSignal,
): Promise<Neighbours> =>
  getJson<Neighbours>("api/projector/neighbours", { ...named(entry), index, count, metric }, signal);

export const getBookmarks = (entry: Entry, signal?: AbortSignal): Promise<{ bookmarks: unknown }> =>
  getJson("api/projector/bookmarks", named(entry), signal);

/** Some points' vectors as TSV. @param points a bit for each point, see select/export. */
export const postRows = (entry: Entry, points: string, signal?: AbortSignal): Promise<string> =>
  postText("api/projector/rows", { ...named(entry), points }, signal);

/** One point's own image; a browser may keep it under the sprite's version. */
export const imageUrl = (entry: Entry, index: number, version: string): string =>
  url("api/projector/sprite/image", { ...named(entry), index, version });

export const tensorUrl = (entry: Entry): string =>
  url("api/projector/tensor", { ...named(entry), format: "tsv" });

export function named(entry: Entry): { run: string; name: string } {
  return { run: entry.run, name: entry.name };
}

/** Groups in natural order of run, then tag. Embeddings without a step stand first in theirs. */
export function groupEntries(entries: readonly Entry[]): Group[] {
  const groups = new Map<string, Group>();
  for (const entry of entries) {
    const key = `${entry.run}\0${entry.tag}`;
    const group = groups.get(key);
    if (group) group.entries.push(entry);
    else groups.set(key, { run: entry.run, tag: entry.tag, entries: [entry] });
  }
  for (const group of groups.values()) {
    group.entries.sort((a, b) => (a.step ?? -Infinity) - (b.step ?? -Infinity));
  }
  return [...groups.values()].sort((a, b) => naturalCompare(a.run, b.run) || naturalCompare(a.tag, b.tag));
}

/** The value that a point has in a field. */
export function valueOf(field: Field, index: number): string {
  return field.values[field.codes[index]!] ?? "";
}

/** What several layouts take up together: their middle, and how far a point is from it at most. */
export interface Reach {
  middle: number[];
  radius: number;
}

/**
 * Coordinates of all points, for drawing: within the unit ball around the origin, NaN where a point has none. All axes have one scale, so
 * distances stay true.
 *
 * @param columns up to three coordinates; what is missing is flat, and without any no point is anywhere.
 * @param reach of all layouts that are drawn on this scale; null: the points have one of their own, and the origin is in the middle.
 */
export function positionsOf(
  columns: readonly (Float32Array | undefined)[],
  count: number,
  reach: Reach | null = null,
): Float32Array {
  const positions = new Float32Array(3 * count);
  if (columns.every((column) => column === undefined)) return positions.fill(NaN);
  let largest = 0;
  for (let axis = 0; axis < 3; axis++) {
    const column = columns[axis];
    const middle = reach?.middle[axis] ?? 0;
    for (let i = 0; i < count; i++) positions[3 * i + axis] = column ? column[i]! - middle : 0;
  }
  for (let i = 0; i < count; i++) {
    const length = Math.hypot(positions[3 * i]!, positions[3 * i + 1]!, positions[3 * i + 2]!);
    if (length > largest) largest = length;
    else if (Number.isNaN(length)) positions.fill(NaN, 3 * i, 3 * i + 3);
  }
  if (reach && reach.radius > 0) largest = reach.radius;
  if (largest > 0) for (let i = 0; i < positions.length; i++) positions[i]! /= largest;
  return positions;
}

/** Whether two embeddings show the same points: as many, with the same labels in every field. */
export function samePoints(a: Metadata, b: Metadata, countA: number, countB: number): boolean {
  return (
    countA === countB &&
    a.columns.length > 0 &&
    a.columns.length === b.columns.length &&
    a.columns.every((field, at) => {
      const other = b.columns[at]!;
      return (
        field.name === other.name &&
        field.values.length === other.values.length &&
        field.values.every((value, code) => value === other.values[code]) &&
        field.codes.every((code, i) => code === other.codes[i])
      );
    })
  );
}

/** Whether an answer says just what an earlier one said. */
export function sameProjection(a: Projection, b: Projection): boolean {
  return (
    a.shape.join() === b.shape.join() &&
    a.components.length === b.components.length &&
    a.components.every((column, at) => {
      const other = b.components[at];
      return !column || !other || column.every((value, i) => Object.is(value, other[i]));
    })
  );
}

/**
 * Mirrors components that point against those of an earlier step: their sign is free, and a cloud that flips between two steps would look
 * as if the training had done it. Changes `next` in place.
 */
export function alignSigns(previous: Projection, next: Projection): void {
  next.components.forEach((column, at) => {
    const before = previous.components[at];
    if (!column || !before || before.length !== column.length) return;
    let product = 0;
    for (let i = 0; i < column.length; i++) {
      const term = column[i]! * before[i]!;
      if (term === term) product += term;
    }
    if (product < 0) for (let i = 0; i < column.length; i++) column[i]! *= -1;
  });
}
