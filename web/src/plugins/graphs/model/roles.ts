/** Which nodes are drawn. Parameters, constants, lists and arithmetic on shapes are cut away, and the edges through them are joined. */

import { control, type Graph, type Input } from "../data";
import { shortOp } from "./kinds";

export type Role =
  /** Drawn. */
  | "op"
  /** An input or output of the whole graph: drawn. */
  | "io"
  /** Trained or kept numbers: counted in the module that reads them. */
  | "parameter"
  /** A value without inputs: named in the card of its reader. */
  | "constant"
  /** A list, a tuple, a number taken from a tensor: its inputs go on to its readers. */
  | "plumbing"
  /** A tensor's size and what is computed from sizes alone. */
  | "size";

const parameters = new Set([
  "Parameter",
  "Buffer",
  "prim::GetAttr",
  "Variable",
  "VariableV2",
  "VarHandleOp",
  "AutoReloadVariable",
]);
const constants = new Set(["Const", "prim::Constant", "Constant"]);
const plumbing = new Set([
  "ListConstruct",
  "TupleConstruct",
  "ListUnpack",
  "TupleUnpack",
  "DictConstruct",
  "NumToTensor",
  "ImplicitTensorToNum",
  "ScalarImplicit",
  "Int",
  "Float",
  "Bool",
  "ReadVariableOp",
  "NoOp",
]);
const sizes = new Set(["aten::size", "aten::dim", "aten::len", "prim::shape"]);
const sizeArithmetic = new Set([
  "floor_divide",
  "floordiv",
  "mul",
  "add",
  "sub",
  "div",
  "remainder",
  "neg",
  "arange_len",
]);

/** What a trace writes as one node for each output, all with the same inputs. */
const manyOutputs =
  /^aten::(lstm|gru|rnn_\w+|topk|sort|max|min|std_mean|var_mean|native_\w+|_?unique\w*|max_pool\w+)$/;

export interface Roles {
  roles: Role[];
  /** Nodes that are another output of an earlier node, and that node. */
  same: ReadonlyMap<number, number>;
}

/** @param everything every node is drawn. */
export function rolesOf(graph: Graph, everything = false): Roles {
  const roles: Role[] = [];
  const same = new Map<number, number>();
  for (let node = 0; node < graph.count; node++) roles.push(roleOf(graph, node));
  if (everything) return { roles: roles.map((role) => (role === "io" ? "io" : "op")), same };
  const firsts = new Map<string, number>();
  for (let node = 0; node < graph.count; node++) {
    if (roles[node] !== "op") continue;
    if (manyOutputs.test(graph.op(node))) {
      const inputs = graph.inputs(node).map((input) => `${input.node}:${input.port}`);
      const key = `${graph.op(node)} ${inputs.join()}`;
      const first = firsts.get(key);
      if (first === undefined) firsts.set(key, node);
      else {
        same.set(node, first);
        roles[node] = "plumbing";
      }
    }
    // Arithmetic on sizes is found by going on from the sizes; nodes come in the order of their making but for odd files.
    if (!sizeArithmetic.has(shortOp(graph.op(node)))) continue;
    const from = graph.inputs(node).map((input) => sizeLike(graph, roles, input.node, 0));
    if (from.includes("size") && !from.includes("data")) roles[node] = "size";
  }
  return { roles, same };
}

function roleOf(graph: Graph, node: number): Role {
  const op = graph.op(node);
  if (op === "IO Node" || op === "Placeholder" || op === "Arg") return "io";
  if (parameters.has(op)) return "parameter";
  if (constants.has(op)) return "constant";
  if (sizes.has(op)) return "size";
  if (op.startsWith("prim::") || op.startsWith("aten::") || !op.includes(":")) {
    if (plumbing.has(shortOp(op)) && !op.startsWith("torch.")) return "plumbing";
  }
  return "op";
}

/** Whether a number comes from sizes, from data, or is a constant. */
function sizeLike(
  graph: Graph,
  roles: readonly Role[],
  node: number,
  depth: number,
): "size" | "data" | "constant" {
  const role = roles[node];
  if (role === "size") return "size";
  if (role === "constant") return "constant";
  if (role !== "plumbing" || depth > 8) return "data";
  const from = graph.inputs(node).map((input) => sizeLike(graph, roles, input.node, depth + 1));
  return from.includes("data") ? "data" : from.includes("size") ? "size" : "constant";
}

/** The drawn nodes that a drawn node gets its data from. */
export interface Joined {
  sources: Input[];
  /** Nodes cut away between: parameters, constants and the rest. */
  hidden: number[];
}

/**
 * Inputs of each drawn node after the cut. Data that reaches a node only by way of its size (`zeros(x.size(0))`) is joined only where the
 * node would be left without any input: else every `view` would be tied to half of the graph.
 */
export function joinInputs(
  graph: Graph,
  roles: readonly Role[],
  same: ReadonlyMap<number, number>,
): Joined[] {
  const drawn = (node: number) => roles[node] === "op" || roles[node] === "io";
  return Array.from({ length: graph.count }, (_, node) => {
    const sources = new Map<string, Input>();
    const bySize = new Map<string, Input>();
    const hidden = new Set<number>();
    if (!drawn(node)) return { sources: [], hidden: [] };
    const waiting = graph.inputs(node).map((input) => ({ ...input, size: false }));
    for (let input = waiting.pop(); input; input = waiting.pop()) {
      const first = same.get(input.node);
      if (first !== undefined) input = { ...input, node: first };
      if (drawn(input.node)) {
        (input.size ? bySize : sources).set(`${input.node}:${input.port}`, {
          node: input.node,
          port: input.port,
        });
        continue;
      }
      if (hidden.has(input.node)) continue;
      hidden.add(input.node);
      const size = input.size || roles[input.node] === "size";
      // A variable's initialiser is no part of the flow.
      if (roles[input.node] === "parameter" && graph.op(input.node) !== "prim::GetAttr") continue;
      for (const further of graph.inputs(input.node)) {
        if (further.port !== control || input.port === control) waiting.push({ ...further, size });
      }
    }
    const chosen = sources.size ? sources : bySize;
    return {
      sources: [...chosen.values()].sort((a, b) => a.node - b.node || a.port - b.port),
      hidden: [...hidden].sort((a, b) => a - b),
    };
  });
}
