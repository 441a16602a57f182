/** What `/api/graphs` answers (docs/http_api.md), and a graph as the page uses it. */

import { getColumns, getJson } from "../../api/client";

export interface GraphEntry {
  run: string;
  tag: string;
  /** Names the graph for as long as its bytes are as they are. */
  key: string;
  kind: "op" | "keras" | "profile";
  step: number;
  wall_time: number;
  bytes: number;
}

export type Shape = readonly number[] | null;

export interface GraphAnswer {
  run: string;
  tag: string;
  key: string;
  kind: GraphEntry["kind"];
  name: string[];
  op: Int32Array;
  device: Int32Array;
  shapes: Int32Array;
  dtypes: Int32Array;
  input_offset: Uint32Array;
  input: Int32Array;
  input_port: Int32Array;
  attribute_offset: Uint32Array;
  attribute: Int32Array;
  tables: {
    op: string[];
    device: string[];
    shapes: Shape[][];
    dtypes: string[][];
    attribute: [string, string][];
  };
  unknown_inputs: Record<string, string[]>;
  parameters: number | null;
  truncated: boolean;
  stats: { time_us: Float64Array; bytes: Float64Array } | null;
  stats_tag: string | null;
}

/** Port of a control edge. */
export const control = -1;

export interface Input {
  node: number;
  /** Which output of the node; `control` for a control edge. */
  port: number;
}

/** A decoded graph: nodes are numbers from 0. */
export class Graph {
  readonly count: number;
  #outputs: Input[][] | null = null;

  constructor(readonly answer: GraphAnswer) {
    this.count = answer.name.length;
  }

  name(node: number): string {
    return this.answer.name[node] ?? "";
  }

  op(node: number): string {
    return this.answer.tables.op[this.answer.op[node] ?? 0] ?? "";
  }

  device(node: number): string {
    return this.answer.tables.device[this.answer.device[node] ?? 0] ?? "";
  }

  /** Shapes of the node's outputs; null where the rank is unknown, -1 for an unknown size. */
  shapes(node: number): readonly Shape[] {
    return this.answer.tables.shapes[this.answer.shapes[node] ?? 0] ?? [];
  }

  /** Data type of an output; empty if unknown. */
  dtype(node: number, port = 0): string {
    const all = this.answer.tables.dtypes[this.answer.dtypes[node] ?? 0] ?? [];
    return all[port] ?? all[0] ?? "";
  }

  inputs(node: number): Input[] {
    const { input, input_port, input_offset } = this.answer;
    const found: Input[] = [];
    for (let i = input_offset[node]!; i < input_offset[node + 1]!; i++)
      found.push({ node: input[i]!, port: input_port[i]! });
    return found;
  }

  /** Who reads each output; ports are the node's own. */
  outputs(node: number): readonly Input[] {
    if (!this.#outputs) {
      const all: Input[][] = Array.from({ length: this.count }, () => []);
      for (let reader = 0; reader < this.count; reader++)
        for (const { node: source, port } of this.inputs(reader)) all[source]?.push({ node: reader, port });
      this.#outputs = all;
    }
    return this.#outputs[node] ?? [];
  }

  attributes(node: number): [string, string][] {
    const { attribute, attribute_offset, tables } = this.answer;
    const found: [string, string][] = [];
    for (let i = attribute_offset[node]!; i < attribute_offset[node + 1]!; i++)
      found.push(tables.attribute[attribute[i]!]!);
    return found;
  }

  /** Names that the node lists as inputs and that no node has. */
  unknownInputs(node: number): readonly string[] {
    return this.answer.unknown_inputs[node] ?? [];
  }
}

export async function loadList(): Promise<GraphEntry[]> {
  return (await getJson<{ graphs: GraphEntry[] }>("api/graphs/list", {})).graphs;
}

export async function loadGraph(key: string, signal: AbortSignal): Promise<Graph> {
  return new Graph(await getColumns<GraphAnswer>("api/graphs/graph", { key }, signal));
}

const itemBytes: Record<string, number> = {
  float64: 8,
  int64: 8,
  uint64: 8,
  complex64: 8,
  complex128: 16,
  float32: 4,
  int32: 4,
  uint32: 4,
  float16: 2,
  bfloat16: 2,
  int16: 2,
  uint16: 2,
};

/** Numbers in a tensor; null if a size is unknown. */
export function elements(shape: Shape | undefined): number | null {
  if (!shape) return null;
  let product = 1;
  for (const size of shape) {
    if (size < 0) return null;
    product *= size;
  }
  return product;
}

/** Bytes of an output; null if unknown. */
export function outputBytes(graph: Graph, node: number, port = 0): number | null {
  const count = elements(graph.shapes(node)[port]);
  return count === null ? null : count * (itemBytes[graph.dtype(node, port)] ?? 4);
}

/** `1×3×224×224`; `scalar` for rank 0; empty if unknown. */
export function shapeText(shape: Shape | undefined): string {
  if (!shape) return "";
  return shape.length ? shape.map((size) => (size < 0 ? "?" : String(size))).join("×") : "scalar";
}
