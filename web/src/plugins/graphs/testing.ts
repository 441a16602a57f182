/** What the tests of this room share: golden graphs, graphs from lines, and their diagrams without a browser. */

import { readFileSync } from "node:fs";
import { decodeColumns } from "../../api/columns";
import { Graph, type GraphAnswer } from "./data";
import { compose, specsOf, type Diagram } from "./draw/diagram";
import { layoutScopes } from "./layout/layout";
import { buildScene } from "./model/scene";
import type { Tree, Unit } from "./model/tree";

/** Widths as a font with letters of 0.6 em would have: no browser measures here. */
export const measure = (text: string, size: number) => text.length * size * 0.6;

export const golden = (name: string): Graph => {
  const data = readFileSync(`${import.meta.dirname}/../../../../golden/graphs/${name}.columns`);
  const bytes = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
  return new Graph(decodeColumns<GraphAnswer>(bytes));
};

export interface Line {
  name: string;
  op?: string;
  inputs?: string[];
  shape?: number[];
  dtype?: string;
}

/** A graph from lines: what the server would answer. */
export function graphOf(lines: Line[]): Graph {
  const index = new Map(lines.map(({ name }, i) => [name, i]));
  const edges = lines.map(({ inputs }) =>
    (inputs ?? []).map((text) => {
      const control = text.startsWith("^");
      const [name, port] = text.replace("^", "").split(":");
      return { node: index.get(name!)!, port: control ? -1 : Number(port ?? 0) };
    }),
  );
  const offsets = (lists: unknown[][]) =>
    Uint32Array.from(
      lists.reduce<number[]>((all, list) => [...all, all[all.length - 1]! + list.length], [0]),
    );
  return new Graph({
    run: "r",
    tag: "t",
    key: "k",
    kind: "op",
    name: lines.map(({ name }) => name),
    op: Int32Array.from(lines.keys()),
    device: new Int32Array(lines.length),
    shapes: Int32Array.from(lines.keys()),
    dtypes: Int32Array.from(lines.keys()),
    input_offset: offsets(edges),
    input: Int32Array.from(edges.flat().map(({ node }) => node)),
    input_port: Int32Array.from(edges.flat().map(({ port }) => port)),
    attribute_offset: new Uint32Array(lines.length + 1),
    attribute: new Int32Array(0),
    tables: {
      op: lines.map(({ op }) => op ?? "Op"),
      device: [""],
      shapes: lines.map(({ shape }) => (shape ? [shape] : [])),
      dtypes: lines.map(({ dtype }) => [dtype ?? "float32"]),
      attribute: [],
    },
    unknown_inputs: {},
    parameters: null,
    truncated: false,
    stats: null,
    stats_tag: null,
  });
}

export const titles = (units: readonly Unit[]) => units.map(({ title }) => title);
export const unitOf = (tree: Tree, key: string) => tree.byKey.get(key)!;
export const edgeNames = (tree: Tree) =>
  tree.edges.map(({ source, target }) => `${source.key} > ${target.key}`).sort();

export function diagramOf(tree: Tree, expanded: ReadonlySet<Unit>): Diagram {
  const scene = buildScene(tree, expanded);
  return compose(scene, layoutScopes(specsOf(scene, measure)));
}

export const chain = (name: string, count: number): Line[] =>
  Array.from({ length: count }, (_, i) => ({ name: `${name}${i}`, inputs: i ? [`${name}${i - 1}`] : [] }));
