/**
 * A quick layered layout for scopes with thousands of boxes, where dagre would take minutes: ranks by longest path, order by the mean place
 * of the neighbours above (two sweeps), rows centred. Edges run straight from rank to rank.
 *
 * **Source**: Sugiyama, Tagawa, Toda: Methods for visual understanding of hierarchical system structures (1981), sections 3 to 5.
 */

import type { Placed, ScopeSpec } from "./types";

const gapX = 24;
const gapY = 48;
/** Boxes without edges, and those of one rank, break into rows of at most this width. */
const rowWidth = 4000;

export function layoutFlat(spec: ScopeSpec, items: readonly { width: number; height: number }[]): Placed {
  const count = items.length;
  const next: number[][] = Array.from({ length: count }, () => []);
  const previous: number[][] = Array.from({ length: count }, () => []);
  const waiting = new Int32Array(count);
  for (const { from, to } of spec.edges) {
    if (from < 0 || to < 0 || from === to) continue;
    next[from]!.push(to);
    previous[to]!.push(from);
    waiting[to]!++;
  }
  const rank = new Int32Array(count);
  const queue = [...items.keys()].filter((i) => waiting[i] === 0);
  const queued = new Uint8Array(count);
  for (const i of queue) queued[i] = 1;
  for (let k = 0, spare = 0; k < count; k++) {
    if (k >= queue.length) {
      // A cycle: go on with the first box that is left.
      while (queued[spare]) spare++;
      queued[spare] = 1;
      queue.push(spare);
    }
    const i = queue[k]!;
    for (const j of next[i]!) {
      if (queued[j]) continue;
      rank[j] = Math.max(rank[j]!, rank[i]! + 1);
      waiting[j]!--;
      if (waiting[j] === 0) {
        queued[j] = 1;
        queue.push(j);
      }
    }
  }
  const ranks: number[][] = [];
  for (const i of queue) (ranks[rank[i]!] ??= []).push(i);
  const place = new Float64Array(count);
  for (let sweep = 0; sweep < 2; sweep++) {
    for (const row of ranks) {
      if (!row) continue;
      const wanted = new Map(row.map((i, k) => [i, mean(previous[i]!, place) ?? k]));
      row.sort((a, b) => wanted.get(a)! - wanted.get(b)!);
      let x = -row.reduce((sum, i) => sum + items[i]!.width + gapX, 0) / 2;
      for (const i of row) {
        place[i] = x + items[i]!.width / 2;
        x += items[i]!.width + gapX;
      }
    }
  }
  const centers = new Array<{ x: number; y: number }>(count);
  let y = 0;
  for (const row of ranks) {
    if (!row) continue;
    for (const line of lines(row, items)) {
      const height = Math.max(...line.map((i) => items[i]!.height));
      let x = -line.reduce((sum, i) => sum + items[i]!.width + gapX, -gapX) / 2;
      for (const i of line) {
        centers[i] = { x: x + items[i]!.width / 2, y: y + height / 2 };
        x += items[i]!.width + gapX;
      }
      y += height + gapY;
    }
  }
  const above = Array.from({ length: spec.inPorts }, (_, i) => ({
    x: (i - (spec.inPorts - 1) / 2) * 16,
    y: -gapY,
  }));
  const below = Array.from({ length: spec.outPorts }, (_, i) => ({
    x: (i - (spec.outPorts - 1) / 2) * 16,
    y,
  }));
  return {
    items: centers,
    inPorts: above,
    outPorts: below,
    edges: spec.edges.map(({ from, to }) => ({
      points: [from < 0 ? above[-1 - from]! : centers[from]!, to < 0 ? below[-1 - to]! : centers[to]!],
      label: null,
      turn: null,
    })),
  };
}

function mean(indices: readonly number[], place: Float64Array): number | null {
  if (!indices.length) return null;
  return indices.reduce((sum, i) => sum + place[i]!, 0) / indices.length;
}

function lines(row: readonly number[], items: readonly { width: number }[]): number[][] {
  const found: number[][] = [[]];
  let width = 0;
  for (const i of row) {
    if (width > rowWidth) {
      found.push([]);
      width = 0;
    }
    found[found.length - 1]!.push(i);
    width += items[i]!.width + gapX;
  }
  return found;
}
