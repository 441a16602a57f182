/** Places boxes: each open scope by itself with dagre, inner ones first. Equal scopes are laid out once. */

import { Graph, layout as dagre } from "@dagrejs/dagre";
import { layoutFlat } from "./flat";
import { fold } from "./fold";
import type { Placed, ScopeLayout, ScopeSpec } from "./types";

const gap = { node: 24, edge: 14, rank: 34, side: 18, bottom: 16, top: 22 };

/** What of a scope's least width is not its title. */
const titleGap = 10;

/** Boxes from which on a scope is laid out by the quick method. */
const largest = 700;
/** Boxes up to which labels get room of their own. */
const largestLabelled = 160;

/** Layouts by number, numbers by what was laid out. */
const cache = new Map<string, ScopeLayout>();
const numbers = new Map<string, string>();
const cacheSize = 2000;

/** Layouts in the order of the specs; a scope stands behind those inside it. */
export function layoutScopes(specs: readonly ScopeSpec[]): ScopeLayout[] {
  const done: ScopeLayout[] = [];
  const keys: string[] = [];
  if (numbers.size > cacheSize) {
    numbers.clear();
    cache.clear();
  }
  for (const spec of specs) {
    const items = spec.items.map((item) => {
      const inner = item.scope >= 0 ? done[item.scope]! : null;
      return inner ? { width: inner.width, height: inner.height, inner } : { ...item, inner: null };
    });
    const key = JSON.stringify([
      spec.items.map((item) => (item.scope >= 0 ? keys[item.scope] : [item.width, item.height])),
      spec.inPorts,
      spec.outPorts,
      spec.edges.map((edge) => Object.values(edge)),
      spec.minWidth,
      spec.header,
    ]);
    // The key of a scope with scopes inside would grow without end: its number among the known ones is enough.
    let number = numbers.get(key);
    if (number === undefined) numbers.set(key, (number = `#${numbers.size}`));
    keys.push(number);
    let layout = cache.get(number);
    if (!layout) {
      layout = layoutScope(spec, items);
      cache.set(number, layout);
    }
    done.push(layout);
  }
  return done;
}

interface Item {
  width: number;
  height: number;
  inner: ScopeLayout | null;
}

function layoutScope(spec: ScopeSpec, items: readonly Item[]): ScopeLayout {
  const placed = items.length > largest ? layoutFlat(spec, items) : layoutDagre(spec, items);
  return finish(spec, items, items.length > largest ? placed : fold(spec, items, placed));
}

function layoutDagre(spec: ScopeSpec, items: readonly Item[]): Placed {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: "TB", nodesep: gap.node, edgesep: gap.edge, ranksep: gap.rank });
  graph.setDefaultEdgeLabel(() => ({}));
  items.forEach((item, i) => graph.setNode(`n${i}`, { width: item.width, height: item.height }));
  for (let i = 0; i < spec.inPorts; i++) graph.setNode(`i${i}`, { width: 8, height: 1 });
  for (let i = 0; i < spec.outPorts; i++) graph.setNode(`o${i}`, { width: 8, height: 1 });
  const labelled = items.length <= largestLabelled;
  spec.edges.forEach((edge, i) => {
    const label =
      labelled && edge.labelWidth
        ? { width: edge.labelWidth, height: edge.labelHeight, labelpos: "c" as const }
        : {};
    graph.setEdge(nodeName(edge.from, "i"), nodeName(edge.to, "o"), { weight: 1, ...label }, `e${i}`);
  });
  // Heavy edges to a node above all and one below keep the ports at the border.
  if (spec.inPorts) {
    graph.setNode("top", { width: 1, height: 1 });
    for (let i = 0; i < spec.inPorts; i++) graph.setEdge("top", `i${i}`, { weight: 64 }, "t");
  }
  if (spec.outPorts) {
    graph.setNode("bottom", { width: 1, height: 1 });
    for (let i = 0; i < spec.outPorts; i++) graph.setEdge(`o${i}`, "bottom", { weight: 64 }, "b");
  }
  // Boxes without any edge would stand in one row, however many: they go below each other, in a square.
  const linked = new Set(spec.edges.flatMap((edge) => [edge.from, edge.to]));
  const loose = items.map((_, i) => i).filter((i) => !linked.has(i));
  const columns = Math.ceil(Math.sqrt(loose.length));
  for (let k = columns; k < loose.length; k++)
    graph.setEdge(`n${loose[k - columns]}`, `n${loose[k]}`, { weight: 1 }, "loose");
  dagre(graph);
  const at = (name: string) => {
    const node = graph.node(name) as { x: number; y: number };
    return { x: node.x, y: node.y };
  };
  return {
    items: items.map((_, i) => at(`n${i}`)),
    inPorts: Array.from({ length: spec.inPorts }, (_, i) => at(`i${i}`)),
    outPorts: Array.from({ length: spec.outPorts }, (_, i) => at(`o${i}`)),
    edges: spec.edges.map((edge, i) => {
      const found = graph.edge(nodeName(edge.from, "i"), nodeName(edge.to, "o"), `e${i}`) as {
        points: { x: number; y: number }[];
        x?: number;
        y?: number;
      };
      const label = found.x !== undefined && found.y !== undefined ? { x: found.x, y: found.y } : null;
      return { points: found.points, label, turn: null };
    }),
  };
}

function nodeName(end: number, port: string): string {
  return end >= 0 ? `n${end}` : `${port}${-1 - end}`;
}

/** Shifts everything into the scope's box, and ties the ends of edges to ports and borders. */
function finish(spec: ScopeSpec, items: readonly Item[], placed: Placed): ScopeLayout {
  let left = Infinity;
  let right = -Infinity;
  let top = Infinity;
  let bottom = -Infinity;
  const take = (x: number, y: number, width: number, height: number) => {
    left = Math.min(left, x - width / 2);
    right = Math.max(right, x + width / 2);
    top = Math.min(top, y - height / 2);
    bottom = Math.max(bottom, y + height / 2);
  };
  placed.items.forEach(({ x, y }, i) => take(x, y, items[i]!.width, items[i]!.height));
  placed.edges.forEach(({ points, label, turn }, i) => {
    if (turn) {
      take(turn.x, turn.bottom, 2, 0);
      take(turn.x, turn.top, 2, 0);
    }
    for (const { x } of points.slice(1, -1)) take(x, (top + bottom) / 2, 2, 0);
    if (label) take(label.x, label.y, spec.edges[i]!.labelWidth, spec.edges[i]!.labelHeight);
  });
  for (const { x } of [...placed.inPorts, ...placed.outPorts]) take(x, (top + bottom) / 2, 8, 0);
  if (!Number.isFinite(left)) [left, right, top, bottom] = [0, 0, 0, 0];
  const isRoot = spec.header === 0;
  const side = isRoot ? 0 : gap.side;
  let width = Math.max(right - left + 2 * side, spec.minWidth);
  // Edges come in over the title's line: the title stands free to their left.
  const first = Math.min(...placed.inPorts.map(({ x }) => x + (width - (right - left)) / 2 - left));
  if (Number.isFinite(first)) width += 2 * Math.max(0, spec.minWidth - titleGap - first);
  const shiftX = (width - (right - left)) / 2 - left;
  const above = isRoot ? 0 : spec.header + (spec.inPorts ? gap.top : 4);
  const below = isRoot ? 0 : spec.outPorts ? gap.bottom + 6 : gap.bottom;
  const shiftY = above - top;
  const height = bottom - top + above + below;

  const boxes = new Float64Array(items.length * 4);
  placed.items.forEach(({ x, y }, i) => {
    const { width: w, height: h } = items[i]!;
    boxes.set([x + shiftX - w / 2, y + shiftY - h / 2, w, h], i * 4);
  });
  const inPorts = Float64Array.from(placed.inPorts, ({ x }) => x + shiftX);
  const outPorts = Float64Array.from(placed.outPorts, ({ x }) => x + shiftX);
  const edges = placed.edges.map(({ points, label, turn }, i) => {
    const edge = spec.edges[i]!;
    // Between neighbouring rows dagre's only bend lies where the boxes' middles want it, not their ports.
    const isDirect = points.length === 3 && !label && edge.from >= 0 && edge.to >= 0;
    // An edge over the border runs straight past the row that its port stands in.
    const bends = isDirect ? [] : points.slice(edge.from < 0 ? 0 : 1, edge.to < 0 ? undefined : -1);
    const path = bends
      .map(({ x, y }) => [x + shiftX, y + shiftY] as const)
      .filter(([, y]) => (edge.from >= 0 || y > spec.header) && (edge.to >= 0 || y < height));
    let [sx, sy] = [0, 0];
    if (edge.from < 0) [sx, sy] = [inPorts[-1 - edge.from]!, 0];
    else {
      const [x, y, w, h] = boxes.subarray(edge.from * 4, edge.from * 4 + 4) as unknown as [
        number,
        number,
        number,
        number,
      ];
      const inner = edge.fromPort >= 0 ? items[edge.from]!.inner : null;
      sx = inner ? x + inner.outPorts[edge.fromPort]! : between(x, w, points[0]!.x + shiftX);
      sy = y + h;
    }
    let [tx, ty] = [0, 0];
    if (edge.to < 0) [tx, ty] = [outPorts[-1 - edge.to]!, height];
    else {
      const [x, y, w] = boxes.subarray(edge.to * 4, edge.to * 4 + 4) as unknown as [number, number, number];
      const inner = edge.toPort >= 0 ? items[edge.to]!.inner : null;
      tx = inner ? x + inner.inPorts[edge.toPort]! : between(x, w, points[points.length - 1]!.x + shiftX);
      ty = y;
    }
    const round = turn && {
      x: turn.x + shiftX,
      bottom: turn.bottom + shiftY,
      top: turn.top + shiftY,
    };
    const turned = round
      ? [sx, round.bottom, round.x, round.bottom, round.x, round.top, tx, round.top]
      : path.flat();
    // Edges part below the title, not through it.
    const entry = edge.from < 0 && spec.header ? [sx, spec.header] : [];
    return {
      points: Float64Array.from([sx, sy, ...entry, ...turned, tx, ty]),
      labelX: label ? label.x + shiftX : NaN,
      labelY: label ? label.y + shiftY : NaN,
    };
  });
  return { width, height, boxes, inPorts, outPorts, edges };
}

/** `x`, kept off the corners of a box. */
function between(left: number, width: number, x: number): number {
  const margin = Math.min(12, width / 3);
  return Math.min(Math.max(x, left + margin), left + width - margin);
}
