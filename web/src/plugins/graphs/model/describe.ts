/** What the info card says of a unit. */

import { control, shapeText, type Graph, type Shape } from "../data";
import { borderEdges } from "./trace";
import type { Tree, Unit } from "./tree";

/** A tensor that crosses a unit's border, and who is at the other end. */
export interface Link {
  unit: Unit;
  shape: string;
  dtype: string;
  isControl: boolean;
}

export interface Description {
  inputs: Link[];
  outputs: Link[];
  /** Of an op: each of its outputs. Of a scope: each tensor that leaves it. */
  made: { shape: string; dtype: string }[];
  parameters: { name: string; shape: string; dtype: string; isBuffer: boolean }[];
  constants: { name: string; text: string }[];
  attributes: [string, string][];
  unknownInputs: string[];
  /** A module's settings: `Conv2d(3, 64, kernel_size=(3, 3))`. */
  settings: string;
}

export function describeUnit(tree: Tree, unit: Unit): Description {
  const { graph } = tree;
  const { incoming, outgoing } = borderEdges(tree, unit);
  const link = (other: Unit, source: number, port: number): Link => ({
    unit: other,
    shape: port === control ? "" : shapeText(graph.shapes(source)[port]),
    dtype: port === control ? "" : graph.dtype(source, port),
    isControl: port === control,
  });
  const hidden =
    unit.node >= 0 ? [...new Set([...unit.hidden, ...tree.joined[unit.node]!.hidden])] : unit.hidden;
  const isParameter = (node: number) => tree.roles[node] === "parameter";
  const attributes = unit.node >= 0 ? graph.attributes(unit.node).filter(([key]) => key !== "module") : [];
  return {
    inputs: distinct(incoming.map((edge) => link(edge.source, edge.source.node, edge.port))),
    outputs: distinct(outgoing.map((edge) => link(edge.target, edge.source.node, edge.port))),
    made: made(graph, unit, outgoing),
    parameters: hidden.filter(isParameter).map((node) => ({
      name: lastPart(graph.name(node)),
      shape: shapeText(graph.shapes(node)[0]),
      dtype: graph.dtype(node),
      isBuffer: graph.op(node) === "Buffer",
    })),
    constants: hidden
      .filter((node) => tree.roles[node] === "constant")
      .map((node) => ({ name: lastPart(graph.name(node)), text: constantText(graph, node) })),
    attributes,
    unknownInputs: unit.node >= 0 ? [...graph.unknownInputs(unit.node)] : [],
    settings: settingsOf(tree, unit),
  };
}

function made(
  graph: Graph,
  unit: Unit,
  outgoing: readonly { source: Unit; port: number }[],
): { shape: string; dtype: string }[] {
  const shown = (node: number, port: number, shape: Shape | undefined) => ({
    shape: shapeText(shape),
    dtype: graph.dtype(node, port),
  });
  if (unit.node >= 0) return graph.shapes(unit.node).map((shape, port) => shown(unit.node, port, shape));
  const seen = new Set<string>();
  return outgoing.flatMap(({ source, port }) => {
    const key = `${source.id}:${port}`;
    if (port === control || seen.has(key)) return [];
    seen.add(key);
    return [shown(source.node, port, graph.shapes(source.node)[port])];
  });
}

/** The `module` attribute of a node that stands directly in the unit's scope: cupola's recorder writes it on the first. */
function settingsOf(tree: Tree, unit: Unit): string {
  if (!unit.isModule || unit.repeats) return "";
  const scope = unit.node >= 0 ? unit.key.slice(0, unit.key.lastIndexOf("/")) : unit.key;
  const nodes = [unit.node, ...unit.hidden, ...unit.children.map((child) => child.node)];
  for (const node of nodes) {
    if (node < 0) continue;
    const name = tree.graph.name(node);
    if (name.slice(0, name.lastIndexOf("/")) !== scope) continue;
    const found = tree.graph.attributes(node).find(([key]) => key === "module");
    if (found) return found[1];
  }
  return "";
}

function constantText(graph: Graph, node: number): string {
  const attributes = graph.attributes(node);
  const value = attributes.find(([key]) => key === "value" || key === "attr") ?? attributes[0];
  return [shapeText(graph.shapes(node)[0]), value?.[1]].filter(Boolean).join(" ");
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

function distinct(links: readonly Link[]): Link[] {
  const seen = new Map<string, Link>();
  for (const link of links) seen.set(`${link.unit.id} ${link.shape} ${link.isControl}`, link);
  return [...seen.values()];
}
