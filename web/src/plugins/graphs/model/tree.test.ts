import { expect, test } from "vitest";
import { golden, graphOf, titles, unitOf, edgeNames, type Line } from "../testing";
import { describeUnit } from "./describe";
import { defaultExpanded } from "./expand";
import { buildTree, type Tree } from "./tree";

test("VGG16: modules, parameters, one box for each layer", () => {
  const tree = buildTree(golden("vgg16"));
  expect(titles(tree.root.children)).toEqual(
    ["input", "VGG16", "output"].map((title, i) => (i === 0 ? "x" : title)),
  );
  const vgg = unitOf(tree, "VGG16");
  expect(vgg.parameters).toBe(138_357_544);
  expect(titles(vgg.children)).toEqual(["Sequential", "AdaptiveAvgPool2d", "flatten", "Sequential"]);
  const features = unitOf(tree, "VGG16/Sequential[features]");
  expect(features.children).toHaveLength(31);
  expect(features.children.every(({ children }) => children.length === 0)).toBe(true);
  expect(features.children[0]).toMatchObject({
    title: "Conv2d",
    subtitle: "0",
    kind: "convolution",
    parameters: 1792,
  });
  expect(titles([...defaultExpanded(tree)])).toEqual(["VGG16"]);
  const about = describeUnit(tree, features.children[0]!);
  expect(about.settings).toBe("Conv2d(3, 64, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))");
  expect(about.parameters.map(({ name, shape }) => `${name} ${shape}`)).toEqual([
    "weight 64×3×3×3",
    "bias 64",
  ]);
  expect(about.inputs.map(({ unit, shape }) => `${unit.title} ${shape}`)).toEqual(["x 1×3×224×224"]);
  expect(about.outputs.map(({ unit }) => unit.title)).toEqual(["ReLU"]);
});

test("a traced graph has the same boxes as a recorded one", () => {
  const tree = buildTree(golden("traced_convnet"));
  const net = unitOf(tree, "ConvNet");
  expect(titles(net.children)).toEqual([
    "Conv2d",
    "max_pool2d",
    "relu",
    "Conv2d",
    "relu",
    "view",
    "Linear",
    "relu",
    "Linear",
    "log_softmax",
  ]);
  // 57 nodes; every edge between boxes follows the data, through lists and constants.
  expect(tree.edges).toHaveLength(net.children.length + 1);
  expect(tree.units.some(({ title }) => /Constant|ListConstruct|GetAttr/.test(title))).toBe(false);
});

test("the three nodes that a trace writes for an LSTM are one", () => {
  const tree = buildTree(golden("traced_lstm"));
  expect(tree.units.filter(({ title }) => title === "lstm")).toHaveLength(1);
});

test("every node can be drawn", () => {
  const graph = golden("traced_convnet");
  const tree = buildTree(graph, true);
  expect(tree.ofNode.size).toBe(graph.count);
});

test("edges through lists, constants and sizes are joined", () => {
  const tree = buildTree(
    graphOf([
      { name: "x", op: "IO Node" },
      { name: "c", op: "prim::Constant" },
      { name: "size", op: "aten::size", inputs: ["x", "c"] },
      { name: "half", op: "aten::floor_divide", inputs: ["size", "c"] },
      { name: "a", op: "aten::relu", inputs: ["x"] },
      { name: "list", op: "prim::ListConstruct", inputs: ["half", "c"] },
      { name: "view", op: "aten::view", inputs: ["a", "list"] },
      { name: "zeros", op: "aten::zeros", inputs: ["list"] },
      { name: "pair", op: "prim::ListConstruct", inputs: ["view", "zeros"] },
      { name: "cat", op: "aten::cat", inputs: ["pair", "c"] },
    ]),
  );
  // `view` has data of its own and is not tied to x by its size; `zeros` would float without.
  expect(edgeNames(tree)).toEqual(["a > view", "view > cat", "x > a", "x > zeros", "zeros > cat"]);
});

test("a node that is called like a scope goes into it", () => {
  const tree = buildTree(graphOf([{ name: "a/b" }, { name: "a" }, { name: "a/c" }]));
  expect(
    unitOf(tree, "a")
      .children.map(({ key }) => key)
      .sort(),
  ).toEqual(["a/(a)", "a/b", "a/c"]);
});

test("nodes of one name are told apart", () => {
  const tree = buildTree(graphOf([{ name: "a" }, { name: "a" }]));
  expect(tree.root.children.map(({ key }) => key)).toEqual(["a", "a (2)"]);
});

test("a ModuleList goes up into its module, and equal blocks make a repeat group", () => {
  const lines: Line[] = [{ name: "input/x", op: "IO Node" }];
  let last = "input/x";
  for (let i = 0; i < 6; i++) {
    const scope = `Net/ModuleList[h]/Block[${i}]`;
    lines.push({ name: `${scope}/Linear[fc]/weight`, op: "Parameter", shape: [2, 2] });
    lines.push({
      name: `${scope}/Linear[fc]/linear`,
      op: "linear",
      inputs: [last, `${scope}/Linear[fc]/weight`],
    });
    last = `${scope}/relu`;
    lines.push({ name: last, op: "relu", inputs: [`${scope}/Linear[fc]/linear`] });
  }
  lines.push({ name: "Net/mean", op: "mean", inputs: [last] });
  const tree = buildTree(graphOf(lines));
  const net = unitOf(tree, "Net");
  expect(titles(net.children)).toEqual(["Block", "mean"]);
  expect(net.children[0]).toMatchObject({ repeats: 6, subtitle: "h.0 … h.5", parameters: 24 });
  expect(net.parameters).toBe(24);
});

test("a module that is called twice is two boxes, however it was logged", () => {
  const recorded = buildTree(
    graphOf([
      { name: "Net/ReLU[relu]/relu", op: "relu" },
      { name: "Net/Linear[fc]/linear", op: "linear", inputs: ["Net/ReLU[relu]/relu"] },
      { name: "Net/ReLU[relu]_1/relu", op: "relu", inputs: ["Net/Linear[fc]/linear"] },
    ]),
  );
  const boxes = (tree: Tree) =>
    unitOf(tree, "Net").children.map(({ title, subtitle }) => `${title} ${subtitle}`);
  expect(boxes(recorded)).toEqual(["ReLU relu", "Linear fc", "ReLU relu (2)"]);
  const traced = buildTree(
    graphOf([
      { name: "Net/ReLU[relu]/12", op: "aten::relu" },
      { name: "Net/Linear[fc]/13", op: "aten::linear", inputs: ["Net/ReLU[relu]/12"] },
      { name: "Net/ReLU[relu]/14", op: "aten::relu", inputs: ["Net/Linear[fc]/13"] },
    ]),
  );
  expect(boxes(traced).sort()).toEqual(["Linear fc", "ReLU relu", "ReLU relu"]);
});

test("modules with parameters alone are no boxes; their numbers count", () => {
  const tree = buildTree(golden("encoder"));
  expect(tree.units.some(({ title }) => title === "NonDynamicallyQuantizableLinear")).toBe(false);
  const attention = tree.units.find(({ title }) => title === "MultiheadAttention")!;
  expect(attention.parameters).toBe(96 * 32 + 96 + 32 * 32 + 32);
});
