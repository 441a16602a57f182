/**
 * Folds a long chain into columns, as a page is set: a scope of thirty layers one below the other would be a thread. A chain is cut only where
 * a single edge crosses; that edge goes down, up beside the column, and on at the next one's top.
 */

import type { Placed, ScopeSpec } from "./types";

/** Heights from which on folding pays. */
const tall_px = 1300;
const ratio = 1.5;
const mostColumns = 12;
const gutter_px = 56;
const turn_px = 18;

interface Size {
  width: number;
  height: number;
}

/** The same layout in columns; as it was if it is short, wide, or nowhere hangs by a single edge. */
export function fold(spec: ScopeSpec, items: readonly Size[], placed: Placed): Placed {
  const top = (i: number) => placed.items[i]!.y - items[i]!.height / 2;
  const bottom = (i: number) => placed.items[i]!.y + items[i]!.height / 2;
  const all = items.map((_, i) => i);
  const start = Math.min(...all.map(top));
  const height = Math.max(...all.map(bottom)) - start;
  const width =
    Math.max(...all.map((i) => placed.items[i]!.x + items[i]!.width / 2)) -
    Math.min(...all.map((i) => placed.items[i]!.x - items[i]!.width / 2));
  const wanted = Math.min(mostColumns, Math.round(Math.sqrt((ratio * height) / (width + gutter_px))));
  if (items.length < 6 || height < tall_px || wanted < 2) return placed;

  const cuts = chooseCuts(spec, all, top, bottom, start, height / wanted);
  if (!cuts.length) return placed;
  const columnOf = all.map((i) => cuts.filter((cut) => cut <= top(i)).length);
  const end = (node: number, port: number) => (node >= 0 ? columnOf[node]! : port);
  const last = cuts.length;
  const ends = spec.edges.map(({ from, to }) => [end(from, 0), end(to, last)] as const);
  if (ends.some(([from, to]) => to !== from && to !== from + 1)) return placed;

  const columns = Array.from({ length: last + 1 }, () => new Extent());
  for (const i of all) columns[columnOf[i]!]!.take(placed.items[i]!, items[i]!);
  placed.edges.forEach(({ points, label }, i) => {
    const [from, to] = ends[i]!;
    if (from !== to) return;
    // What comes in or goes out has room of its own above and below all columns.
    const isInner = spec.edges[i]!.from >= 0 && spec.edges[i]!.to >= 0;
    for (const { x, y } of points.slice(1, -1))
      columns[from]!.take({ x, y: isInner ? y : columns[from]!.middle }, { width: 2, height: 0 });
    const { labelWidth, labelHeight } = spec.edges[i]!;
    if (label) columns[from]!.take(label, { width: labelWidth, height: labelHeight });
  });
  for (const point of placed.inPorts)
    columns[0]!.take({ x: point.x, y: columns[0]!.top }, { width: 8, height: 0 });
  for (const point of placed.outPorts)
    columns[last]!.take({ x: point.x, y: columns[last]!.bottom }, { width: 8, height: 0 });

  const gutters = cuts.map((_, k) => {
    const crossing = spec.edges.find((_, i) => ends[i]![0] === k && ends[i]![1] === k + 1);
    return Math.max(gutter_px, (crossing?.labelWidth ?? 0) + 20);
  });
  const lefts: number[] = [];
  let x = 0;
  columns.forEach((column, k) => {
    lefts.push(x);
    x += column.right - column.left + (gutters[k] ?? 0);
  });
  const tallest = Math.max(...columns.map((column) => column.bottom - column.top));
  const moved = <Point extends { x: number; y: number }>(point: Point, k: number) => ({
    x: point.x - columns[k]!.left + lefts[k]!,
    y: point.y - columns[k]!.top,
  });
  return {
    items: placed.items.map((item, i) => moved(item, columnOf[i]!)),
    inPorts: placed.inPorts.map((port) => ({ ...moved(port, 0), y: -turn_px })),
    outPorts: placed.outPorts.map((port) => ({ ...moved(port, last), y: tallest + turn_px })),
    edges: placed.edges.map(({ points, label }, i) => {
      const [from, to] = ends[i]!;
      if (from === to)
        return {
          points: points.map((point) => moved(point, from)),
          label: label && moved(label, from),
          turn: null,
        };
      const beside = lefts[to]! - gutters[from]! / 2;
      const turn = { x: beside, bottom: columns[from]!.bottom - columns[from]!.top + turn_px, top: -turn_px };
      return {
        points: [moved(points[0]!, from), moved(points[points.length - 1]!, to)],
        label: label && { x: beside, y: turn.bottom / 2 },
        turn,
      };
    }),
  };
}

class Extent {
  left = Infinity;
  right = -Infinity;
  top = Infinity;
  bottom = -Infinity;

  get middle(): number {
    return (this.top + this.bottom) / 2;
  }

  take({ x, y }: { x: number; y: number }, { width, height }: Size): void {
    this.left = Math.min(this.left, x - width / 2);
    this.right = Math.max(this.right, x + width / 2);
    this.top = Math.min(this.top, y - height / 2);
    this.bottom = Math.max(this.bottom, y + height / 2);
  }
}

/** Heights at which the chain hangs by one edge, each as near as can be to the end of a column. */
function chooseCuts(
  spec: ScopeSpec,
  all: readonly number[],
  top: (i: number) => number,
  bottom: (i: number) => number,
  start: number,
  column: number,
): number[] {
  const order = [...all].sort((a, b) => top(a) - top(b));
  const spans = spec.edges.map(
    ({ from, to }) => [from >= 0 ? bottom(from) : -Infinity, to >= 0 ? top(to) : Infinity] as const,
  );
  const possible: number[] = [];
  let reached = -Infinity;
  for (const i of order) {
    if (top(i) > reached && reached > -Infinity) {
      const at = (top(i) + reached) / 2;
      const crossing = spans.filter(([from, to]) => from < at && to > at);
      if (crossing.length === 1 && Number.isFinite(crossing[0]![0]) && Number.isFinite(crossing[0]![1]))
        possible.push(at);
    }
    reached = Math.max(reached, bottom(i));
  }
  const cuts: number[] = [];
  for (let from = start; ;) {
    const wish = from + column;
    const left = Math.max(...all.map(bottom)) - wish;
    const near = possible
      .filter((cut) => cut > from + column * 0.5 && cut < from + column * 1.5)
      .sort((a, b) => Math.abs(a - wish) - Math.abs(b - wish))[0];
    if (left < column * 0.35 || near === undefined) return cuts;
    cuts.push(near);
    from = near;
  }
}
