/** What is to be laid out: for each open scope its boxes, the places where edges cross its border, and the pieces of edges in it. */

import { control, outputBytes, shapeText } from "../data";
import type { Tree, Unit } from "./tree";

/** A piece of an edge inside one scope. Many edges may share it. */
export interface Segment {
  scope: Unit;
  /** A child of the scope, or null: it comes in over the border. */
  from: Unit | null;
  /** A child of the scope, or null: it leaves over the border. */
  to: Unit | null;
  /** Where it leaves `from` if that is open, or where it comes in: index into the ports of the scope that is crossed; -1 for none. */
  fromPort: number;
  toPort: number;
  /** Shown units at both ends of every edge that runs along here. */
  ends: [Unit, Unit][];
  /** Bytes of the largest tensor; 0 if unknown. */
  bytes: number;
  /** Shapes that flow here; one line each, at most two. */
  label: string;
  /** Only control edges. */
  isControl: boolean;
}

export interface OpenScope {
  unit: Unit;
  /** One port for each shown unit whose data comes in, or goes out. */
  inPorts: Unit[];
  outPorts: Unit[];
  segments: Segment[];
}

export interface Scene {
  tree: Tree;
  expanded: ReadonlySet<Unit>;
  /** Open scopes, inner ones first; the last is the root. */
  scopes: OpenScope[];
  byUnit: Map<Unit, OpenScope>;
}

/** Which shown unit stands for a unit: the outermost closed scope around it, or itself. */
export function shownUnit(unit: Unit, expanded: ReadonlySet<Unit>): Unit {
  let shown = unit;
  for (let above = unit.parent; above?.parent; above = above.parent) if (!expanded.has(above)) shown = above;
  return shown;
}

/** The scene for a set of open scopes. The root is always open. */
export function buildScene(tree: Tree, expanded: ReadonlySet<Unit>): Scene {
  const scopes: OpenScope[] = [];
  const byUnit = new Map<Unit, OpenScope>();
  const open = (unit: Unit) => {
    for (const child of unit.children) if (child.children.length && expanded.has(child)) open(child);
    const scope: OpenScope = { unit, inPorts: [], outPorts: [], segments: [] };
    scopes.push(scope);
    byUnit.set(unit, scope);
  };
  open(tree.root);
  const router = new Router(byUnit);
  const shapes = new Map<Segment, Set<string>>();
  for (const { source, target, port } of tree.edges) {
    const from = shownUnit(source, expanded);
    const to = shownUnit(target, expanded);
    if (from === to) continue;
    const bytes = port === control ? 0 : (outputBytes(tree.graph, source.node, port) ?? 0);
    const text = port === control ? "" : shapeText(tree.graph.shapes(source.node)[port]);
    for (const segment of router.route(from, to, port === control)) {
      segment.bytes = Math.max(segment.bytes, bytes);
      let all = shapes.get(segment);
      if (!all) shapes.set(segment, (all = new Set()));
      if (text) all.add(text);
    }
  }
  for (const [segment, texts] of shapes) {
    const all = [...texts];
    segment.label = all.length > 2 ? `${all[0]} +${all.length - 1}` : all.join("\n");
  }
  return { tree, expanded, scopes, byUnit };
}

class Router {
  #segments = new Map<string, Segment>();
  #ports = new Map<string, number>();

  constructor(private scopes: Map<Unit, OpenScope>) {}

  /** The pieces of the path from one shown unit to another, made where they are new. */
  *route(from: Unit, to: Unit, isControl: boolean): Generator<Segment> {
    const above = new Set<Unit>();
    for (let unit = from.parent; unit; unit = unit.parent) above.add(unit);
    let common = to.parent!;
    const down: Unit[] = [to];
    for (; !above.has(common); common = common.parent!) down.push(common);

    let item = from;
    let leaves = -1;
    for (let scope = from.parent!; scope !== common; scope = scope.parent!) {
      const port = this.#port(scope, from, "outPorts");
      yield this.#segment(scope, item, null, leaves, port, from, to, isControl);
      item = scope;
      leaves = port;
    }
    let entry: Unit | null = item;
    let scope = common;
    for (let i = down.length - 1; i >= 0; i--) {
      const target = down[i]!;
      const port = i > 0 ? this.#port(target, from, "inPorts") : -1;
      yield this.#segment(scope, entry, target, leaves, port, from, to, isControl);
      entry = null;
      leaves = port;
      scope = target;
    }
  }

  #port(scope: Unit, source: Unit, side: "inPorts" | "outPorts"): number {
    const key = `${side}|${scope.id}|${source.id}`;
    const known = this.#ports.get(key);
    if (known !== undefined) return known;
    const ports = this.scopes.get(scope)![side];
    this.#ports.set(key, ports.length);
    ports.push(source);
    return ports.length - 1;
  }

  #segment(
    scope: Unit,
    from: Unit | null,
    to: Unit | null,
    fromPort: number,
    toPort: number,
    source: Unit,
    target: Unit,
    isControl: boolean,
  ): Segment {
    const key = `${scope.id}|${from?.id ?? "in"}|${to?.id ?? "out"}|${fromPort}|${toPort}`;
    let segment = this.#segments.get(key);
    if (!segment) {
      segment = { scope, from, to, fromPort, toPort, ends: [], bytes: 0, label: "", isControl };
      this.#segments.set(key, segment);
      this.scopes.get(scope)!.segments.push(segment);
    }
    const last = segment.ends[segment.ends.length - 1];
    if (last?.[0] !== source || last[1] !== target) segment.ends.push([source, target]);
    segment.isControl &&= isControl;
    return segment;
  }
}
