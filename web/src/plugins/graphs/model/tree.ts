/** The graph as a tree of scopes: modules that hold modules that hold ops. */

import { elements, shapeText, type Graph } from "../data";
import { kindOf, shortOp, type Kind } from "./kinds";
import { joinInputs, rolesOf, type Joined, type Role } from "./roles";

/** One box: an op, a module with one op in it, a scope, or a repeat group of equal scopes. */
export interface Unit {
  id: number;
  /** Path of its scopes; unique; what the address names. */
  key: string;
  /** The module's class, or the op. */
  title: string;
  /** The instance's name. */
  subtitle: string;
  kind: Kind;
  parent: Unit | null;
  /** In the order of the graph. Empty: it cannot be expanded. */
  children: Unit[];
  depth: number;
  /** The drawn node that it stands for; -1 for a scope. */
  node: number;
  /** Whether its title is a module's class. */
  isModule: boolean;
  /** How many equal scopes this repeat group holds; 0 if it is none. */
  repeats: number;
  /** Parameters, buffers and constants that belong to it and not to a unit inside. */
  hidden: number[];
  /** Numbers in the parameters inside; buffers are not counted. */
  parameters: number;
  /** Drawn nodes inside. */
  ops: number;
  /** Equal for scopes that are built alike. */
  structure: string;
}

export interface Edge {
  source: Unit;
  target: Unit;
  /** Which output of the source's node. */
  port: number;
}

export interface Tree {
  graph: Graph;
  root: Unit;
  units: Unit[];
  /** Unit of each drawn node. */
  ofNode: Map<number, Unit>;
  byKey: Map<string, Unit>;
  /** Between units of drawn nodes, each pair and port once. */
  edges: Edge[];
  roles: readonly Role[];
  joined: readonly Joined[];
}

/** Equal scopes in a row that are shown as one repeat group, from this many on. */
const leastRepeats = 4;
/** A scope that holds nothing but this many equal scopes shows them: it is the group itself. */
const fewAlone = 12;

/**
 * Builds the tree.
 *
 * @param everything draw parameters, constants and lists too.
 */
export function buildTree(graph: Graph, everything = false): Tree {
  const { roles, same } = rolesOf(graph, everything);
  const joined = joinInputs(graph, roles, same);
  const builder = new Builder(graph, roles);
  const { root, ofNode } = builder.build();
  if (!everything) placeHidden(graph, roles, joined, root, ofNode);
  fold(root, graph, joined);
  describe(graph, root);
  groupRepeats(root);
  return finish(graph, root, ofNode, roles, joined);
}

class Builder {
  #names = new Map<string, Unit>();

  constructor(
    private graph: Graph,
    private roles: readonly Role[],
  ) {}

  build(): { root: Unit; ofNode: Map<number, Unit> } {
    const root = newScope("", "", null);
    this.#names.set("", root);
    const ofNode = new Map<number, Unit>();
    const taken = new Set<string>();
    for (let node = 0; node < this.graph.count; node++) {
      if (this.roles[node] !== "op" && this.roles[node] !== "io") continue;
      const name = this.graph.name(node);
      const cut = name.lastIndexOf("/");
      const parent = this.#scope(cut < 0 ? "" : name.slice(0, cut));
      // A file may name two nodes alike, and a node like a scope.
      let key = name;
      for (let copy = 2; taken.has(key); copy++) key = `${name} (${copy})`;
      taken.add(key);
      const unit = { ...newUnit(key, name.slice(cut + 1), parent), node };
      parent.children.push(unit);
      ofNode.set(node, unit);
    }
    for (const [node, unit] of ofNode) {
      const scope = this.#names.get(unit.key);
      if (!scope || unit.node !== node) continue;
      // `a` and `a/b`: the node goes into the scope that bears its name, as TensorBoard shows it.
      unit.parent!.children.splice(unit.parent!.children.indexOf(unit), 1);
      unit.key = `${unit.key}/(${unit.title})`;
      unit.parent = scope;
      scope.children.unshift(unit);
    }
    return { root, ofNode };
  }

  #scope(path: string): Unit {
    const known = this.#names.get(path);
    if (known) return known;
    const cut = path.lastIndexOf("/");
    const parent = this.#scope(cut < 0 ? "" : path.slice(0, cut));
    const scope = newScope(path, path.slice(cut + 1), parent);
    parent.children.push(scope);
    this.#names.set(path, scope);
    return scope;
  }
}

function newUnit(key: string, title: string, parent: Unit | null): Unit {
  return {
    id: 0,
    key,
    title,
    subtitle: "",
    kind: "other",
    parent,
    children: [],
    depth: 0,
    node: -1,
    isModule: false,
    repeats: 0,
    hidden: [],
    parameters: 0,
    ops: 0,
    structure: "",
  };
}

function newScope(path: string, name: string, parent: Unit | null): Unit {
  // `Conv2d[0]`: class and instance, as cupola and the peers name a module's scope. The outermost has a class only.
  const match = /^([^[\]]+)\[(.*)\](?:_(\d+))?$/s.exec(name);
  const scope = newUnit(path, match ? match[1]! : name, parent);
  // cupola gives a module's second call a scope of its own: `ReLU[relu]_1`.
  if (match) scope.subtitle = match[3] ? `${match[2]} (${Number(match[3]) + 1})` : match[2]!;
  scope.isModule = match !== null || (parent?.parent === null && /^[A-Z]/.test(name));
  return scope;
}

/** Gives each hidden node to the deepest scope of its name that is drawn; one outside every scope to its reader. */
function placeHidden(
  graph: Graph,
  roles: readonly Role[],
  joined: readonly Joined[],
  root: Unit,
  ofNode: ReadonlyMap<number, Unit>,
): void {
  const scopes = new Map<string, Unit>();
  const collect = (unit: Unit) => {
    if (unit.node < 0) scopes.set(unit.key, unit);
    unit.children.forEach(collect);
  };
  collect(root);
  const reader = new Map<number, Unit>();
  for (const [node, unit] of ofNode) {
    for (const item of joined[node]!.hidden) if (!reader.has(item)) reader.set(item, unit);
  }
  for (let node = 0; node < graph.count; node++) {
    if (roles[node] !== "parameter" && roles[node] !== "constant") continue;
    let path = graph.name(node);
    let home: Unit | undefined;
    while (!home && path) {
      path = path.slice(0, Math.max(0, path.lastIndexOf("/")));
      home = path ? scopes.get(path) : undefined;
    }
    home ??= reader.get(node) ?? root;
    home.hidden.push(node);
    if (roles[node] === "parameter" && graph.op(node) !== "Buffer")
      home.parameters += elements(graph.shapes(node)[0]) ?? 0;
  }
}

/** Folds what only costs a click: lists of modules go up into their module; a scope around one op becomes that op. */
function fold(unit: Unit, graph: Graph, joined: readonly Joined[]): void {
  for (const child of unit.children) fold(child, graph, joined);
  unit.children = unit.children.flatMap((child) => {
    if (isCalls(child, graph, joined)) {
      child.children[0]!.hidden.push(...child.hidden);
      child.children[0]!.parameters += child.parameters;
      return child.children.map((call) => {
        call.parent = unit;
        return Object.assign(call, { title: child.title, subtitle: child.subtitle, isModule: true });
      });
    }
    const isList = /^Module(List|Dict)$/.test(child.title) && child.isModule;
    const isIo = isIoScope(child);
    if (child.node >= 0 || !(isList || isIo)) return [child];
    unit.hidden.push(...child.hidden);
    unit.parameters += child.parameters;
    for (const grand of child.children) {
      grand.parent = unit;
      if (isList && grand.isModule) grand.subtitle = `${child.subtitle}.${grand.subtitle}`;
      if (isIo && unit.parent) grand.title = `${child.title}.${grand.title}`;
    }
    return child.children;
  });
  if (unit.parent && unit.children.length === 1 && unit.children[0]!.node >= 0) {
    const only = unit.children[0]!;
    only.hidden.push(...unit.hidden);
    only.parameters += unit.parameters;
    only.parent = unit.parent;
    if (unit.isModule) {
      only.title = unit.title;
      only.subtitle = unit.subtitle;
      only.isModule = true;
    } else only.subtitle = unit.title;
    // The unit of the node stays the same object, since edges and searches hold it; it takes the scope's place.
    const place = unit.parent.children.indexOf(unit);
    if (place >= 0) unit.parent.children[place] = only;
  }
}

/**
 * Whether a scope holds several calls of one op that do not feed each other: a module that a trace saw called more than once. In one box data
 * would run in circles.
 */
function isCalls(unit: Unit, graph: Graph, joined: readonly Joined[]): boolean {
  const { children } = unit;
  if (!unit.isModule || children.length < 2 || children.some(({ node }) => node < 0)) return false;
  const nodes = new Set(children.map(({ node }) => node));
  const op = graph.op(children[0]!.node);
  return (
    children.every(({ node }) => graph.op(node) === op) &&
    !children.some(({ node }) => joined[node]!.sources.some((source) => nodes.has(source.node)))
  );
}

/** `input` and `output`, and a few named tensors inside them (`input/batch/ids`): their boxes stand free. */
function isIoScope(unit: Unit): boolean {
  if (unit.node >= 0) return false;
  if (unit.parent?.parent === null) return /^(input|output)$/.test(unit.key);
  const fewTensors = unit.children.length <= 8 && unit.children.every((child) => child.node >= 0);
  return /^(input|output)\//.test(unit.key) && fewTensors;
}

/** Titles, kinds and sums, from the leaves up. */
function describe(graph: Graph, unit: Unit): void {
  for (const child of unit.children) {
    child.parent = unit;
    child.depth = unit.depth + 1;
    describe(graph, child);
    unit.parameters += child.parameters;
    unit.ops += child.ops;
  }
  if (unit.node < 0) {
    unit.kind = (unit.isModule ? kindOf(unit.title) : null) ?? "module";
    unit.structure = hash(`${unit.title}(${unit.children.map((child) => child.structure).join()})`);
    return;
  }
  const op = graph.op(unit.node);
  unit.ops = 1;
  // A trace numbers its ops: their names say nothing of how a scope is built.
  unit.structure = hash(
    `${unit.isModule ? unit.title : ""} ${op} ${graph.shapes(unit.node).map(shapeText).join()} ${unit.parameters}`,
  );
  if (op === "IO Node") {
    unit.kind = "io";
    const side = graph.name(unit.node).split("/")[0]!;
    unit.subtitle = unit.title.startsWith(side) ? "" : side;
  } else if (unit.isModule) unit.kind = kindOf(unit.title) ?? kindOf(op) ?? "other";
  else {
    unit.kind = kindOf(op) ?? "other";
    const name = unit.title;
    unit.title = shortOp(op) || name;
    const said = name.replace(/(_\d+|\.\d+)+$/, "").toLowerCase();
    const isNumber = /^(input|x|\d+)?(\.\d+|\d+)*$/.test(name);
    if (
      !unit.subtitle &&
      !isNumber &&
      said.replaceAll("_", "") !== unit.title.toLowerCase().replaceAll("_", "")
    )
      unit.subtitle = name;
  }
}

/** Puts runs of equal scopes into one: `Block × 48`. */
function groupRepeats(unit: Unit): void {
  unit.children.forEach(groupRepeats);
  const kept: Unit[] = [];
  for (let start = 0; start < unit.children.length;) {
    const first = unit.children[start]!;
    let end = start + 1;
    if (first.node < 0 && first.isModule)
      while (unit.children[end]?.structure === first.structure && unit.children[end]!.node < 0) end++;
    const equal = unit.children.slice(start, end);
    start = end;
    const isAll = equal.length === unit.children.length && equal.length <= fewAlone;
    if (equal.length < leastRepeats || isAll) {
      kept.push(...equal);
      continue;
    }
    const last = equal[equal.length - 1]!;
    const group = newUnit(`${first.key}…${last.key.slice(last.key.lastIndexOf("/") + 1)}`, first.title, unit);
    group.subtitle = `${first.subtitle} … ${last.subtitle}`;
    group.repeats = equal.length;
    group.kind = first.kind;
    group.isModule = true;
    group.children = equal;
    group.structure = hash(`repeat ${equal.length} ${first.structure}`);
    for (const item of equal) {
      item.parent = group;
      group.parameters += item.parameters;
      group.ops += item.ops;
    }
    kept.push(group);
  }
  unit.children = kept;
}

function finish(
  graph: Graph,
  root: Unit,
  ofNode: Map<number, Unit>,
  roles: readonly Role[],
  joined: readonly Joined[],
): Tree {
  const units: Unit[] = [];
  const byKey = new Map<string, Unit>();
  const visit = (unit: Unit, depth: number) => {
    unit.id = units.length;
    unit.depth = depth;
    units.push(unit);
    byKey.set(unit.key, unit);
    for (const child of unit.children) visit(child, depth + 1);
  };
  visit(root, 0);
  const edges: Edge[] = [];
  for (const [node, target] of ofNode) {
    for (const { node: from, port } of joined[node]!.sources) {
      const source = ofNode.get(from);
      if (source && source !== target) edges.push({ source, target, port });
    }
  }
  return { graph, root, units, ofNode, byKey, edges, roles, joined };
}

/** Short and equal for equal text (FNV-1a, twice 32 bits: units are many, a chance meeting would only share a colour or a group). */
function hash(text: string): string {
  let a = 0x811c9dc5;
  let b = 0x01000193;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x85ebca6b) ^ (b >>> 13);
  }
  return (a >>> 0).toString(36) + (b >>> 0).toString(36);
}
