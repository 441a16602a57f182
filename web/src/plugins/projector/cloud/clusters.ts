/** Clusters of a layout, found where points are dense, and the words of the metadata that tell them apart. */

import { valueOf, type Field } from "../data";
import { sequenceFields } from "./sequences";

/** Squares of the grid in which density is counted, along each axis. */
const side = 24;
const mostClusters = 24;
/** Smaller clusters, as a share of all points, are not named. */
const leastShare = 0.004;
const sampled = 60_000;
const mostTexts = 20_000;
/** A word names a cluster if so large a share of its points has it, and so many times more than elsewhere. */
const least = { value: 0.5, word: 0.15, lift: 1.5 };

export interface Cluster {
  name: string;
  members: number[];
}

/** @param shown which points count. */
export function clustersOf(
  positions: Float32Array,
  fields: readonly Field[],
  shown: (index: number) => boolean,
): Cluster[] {
  const clusters = denseParts(positions, shown);
  const found = fields
    .filter(({ name, values, numeric }) => !sequenceFields.includes(name) && !numeric && values.length > 1)
    .map((field) => names(clusters, field));
  const named = (list: readonly string[]): number => list.filter(Boolean).length;
  const best = found.reduce<string[]>((a, b) => (named(b) > named(a) ? b : a), []);
  return clusters.map((members, at) => ({ name: best[at] ?? "", members })).filter(({ name }) => name);
}

/** Points by the density peak that lies uphill of them, in a grid over the ball. The largest first. */
export function denseParts(positions: Float32Array, shown: (index: number) => boolean): number[][] {
  const count = positions.length / 3;
  const every = Math.max(1, Math.floor(count / sampled));
  const cells = new Map<number, number[]>();
  let total = 0;
  for (let index = 0; index < count; index += every) {
    const cell = cellOf(positions, index);
    if (cell < 0 || !shown(index)) continue;
    const members = cells.get(cell);
    if (members) members.push(index);
    else cells.set(cell, [index]);
    total++;
  }
  let density = new Float32Array(side ** 3);
  for (const [cell, members] of cells) density[cell] = members.length;
  for (let pass = 0; pass < 2; pass++) density = smoothed(density);
  const peaks = new Map<number, number[]>();
  for (const [cell, members] of cells) {
    const peak = climb(density, cell);
    peaks.set(peak, [...(peaks.get(peak) ?? []), ...members]);
  }
  return [...peaks.values()]
    .filter((members) => members.length >= Math.max(3, leastShare * total))
    .sort((a, b) => b.length - a.length)
    .slice(0, mostClusters);
}

function cellOf(positions: Float32Array, index: number): number {
  const [x, y, z] = [0, 1, 2].map((axis) =>
    Math.min(side - 1, Math.floor((positions[3 * index + axis]! + 1) * 0.5 * side)),
  ) as [number, number, number];
  return x >= 0 && y >= 0 && z >= 0 ? (z * side + y) * side + x : -1;
}

function* around(cell: number): Generator<number> {
  const [x, y, z] = [cell % side, Math.floor(cell / side) % side, Math.floor(cell / side ** 2)];
  for (let dz = -1; dz <= 1; dz++)
    for (let dy = -1; dy <= 1; dy++)
      for (let dx = -1; dx <= 1; dx++)
        if ([x + dx, y + dy, z + dz].every((at) => at >= 0 && at < side))
          yield cell + (dz * side + dy) * side + dx;
}

function smoothed(density: Float32Array): Float32Array<ArrayBuffer> {
  const out = new Float32Array(density.length);
  density.forEach((value, cell) => {
    if (value > 0) for (const other of around(cell)) out[other]! += value / 27;
  });
  return out;
}

function climb(density: Float32Array, cell: number): number {
  for (;;) {
    let best = cell;
    for (const other of around(cell)) if (density[other]! > density[best]!) best = other;
    if (best === cell) return cell;
    cell = best;
  }
}

/** What each cluster is called by a column: the value that most of its points have and others have not, or the words that do; "" for none. */
function names(clusters: readonly number[][], field: Field): string[] {
  const texts = new Map<string, string[]>();
  const byValue = nameBy(clusters, (index) => [valueOf(field, index)], least.value, 1);
  if (byValue.some(Boolean) || field.values.length > mostTexts) return byValue;
  const wordsOf = (index: number): string[] => {
    const text = valueOf(field, index);
    let words = texts.get(text);
    if (!words) texts.set(text, (words = [...new Set(split(text))]));
    return words;
  };
  return nameBy(clusters, wordsOf, least.word, 2);
}

function nameBy(
  clusters: readonly number[][],
  wordsOf: (index: number) => readonly string[],
  share: number,
  most: number,
): string[] {
  const counts = clusters.map((members) => {
    const count = new Map<string, number>();
    for (const index of members)
      for (const word of wordsOf(index)) count.set(word, (count.get(word) ?? 0) + 1);
    return count;
  });
  const everywhere = new Map<string, number>();
  for (const count of counts)
    for (const [word, n] of count) everywhere.set(word, (everywhere.get(word) ?? 0) + n);
  const total = clusters.reduce((sum, { length }) => sum + length, 0);
  return clusters.map(({ length }, at) =>
    [...counts[at]!]
      .map(([word, n]) => ({ word, inside: n / length, lift: n / length / (everywhere.get(word)! / total) }))
      .filter(({ word, inside, lift }) => word && inside >= share && lift >= least.lift)
      .sort((a, b) => b.inside * Math.log(b.lift) - a.inside * Math.log(a.lift))
      .slice(0, most)
      .map(({ word }) => word)
      .join(" · "),
  );
}

const segmenter = globalThis.Intl?.Segmenter ? new Intl.Segmenter(undefined, { granularity: "word" }) : null;

/** The words of a text in small letters; those of one or two Latin letters say nothing. */
function split(text: string): string[] {
  if (!segmenter || /^[\u0000-\u007f]*$/.test(text))
    return text.toLowerCase().match(/[a-z0-9_'-]{3,}/g) ?? [];
  return [...segmenter.segment(text.toLowerCase())]
    .filter(({ segment, isWordLike }) => isWordLike && !/^[a-z]{1,2}$/.test(segment))
    .map(({ segment }) => segment);
}
