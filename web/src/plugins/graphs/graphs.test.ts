import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { decodeColumns } from "../../api/columns";
import { fitAll, opening, zoomAt } from "./camera";
import { Graph, shapeText, type GraphAnswer } from "./data";
import { compose, boxAt, specsOf, type Picture } from "./draw/picture";
import { boxSize } from "./draw/measure";
import { paint, wireWidth, type Look } from "./draw/paint";
import { painter, themeOf } from "./draw/palette";
import { SvgPen } from "./draw/svg";
import { layoutScopes } from "./layout/layout";
import { describeUnit } from "./model/describe";
import { allExpanded, defaultExpanded, expandedKeys, reveal } from "./model/expand";
import { kindOf, shortOp } from "./model/kinds";
import { buildScene, shownUnit } from "./model/scene";
import { search } from "./model/search";
import { traceFrom } from "./model/trace";
import { buildTree, type Tree, type Unit } from "./model/tree";
import { neighbour } from "./steer";

/** Widths as a font with letters of 0.6 em would have: no browser measures here. */
const measure = (text: string, size: number) => text.length * size * 0.6;

const golden = (name: string): Graph => {
  const data = readFileSync(`${import.meta.dirname}/../../../../golden/graphs/${name}.columns`);
  const bytes = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) as ArrayBuffer;
  return new Graph(decodeColumns<GraphAnswer>(bytes));
};

interface Line {
  name: string;
  op?: string;
  inputs?: string[];
  shape?: number[];
  dtype?: string;
}

/** A graph from lines: what the server would answer. */
function graphOf(lines: Line[]): Graph {
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
    index: 0,
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

const titles = (units: readonly Unit[]) => units.map(({ title }) => title);
const unitOf = (tree: Tree, key: string) => tree.byKey.get(key)!;
const edgeNames = (tree: Tree) =>
  tree.edges.map(({ source, target }) => `${source.key} > ${target.key}`).sort();

function pictureOf(tree: Tree, expanded: ReadonlySet<Unit>): Picture {
  const scene = buildScene(tree, expanded);
  return compose(scene, layoutScopes(specsOf(scene, measure)));
}

const chain = (name: string, count: number): Line[] =>
  Array.from({ length: count }, (_, i) => ({ name: `${name}${i}`, inputs: i ? [`${name}${i - 1}`] : [] }));

test("op names are cut to what they say", () => {
  expect(shortOp("torch.nn.functional.conv2d")).toBe("conv2d");
  expect(shortOp("torch.Tensor.__add__")).toBe("add");
  expect(shortOp("aten::relu_")).toBe("relu");
  expect(shortOp("aten::addmm.out")).toBe("addmm");
  expect(shortOp("torch.Tensor.T.__get__")).toBe("T");
  expect(shortOp("MatMul")).toBe("MatMul");
});

test("kinds of classes and ops", () => {
  const expected = {
    Conv2d: "convolution",
    ConvTranspose1d: "convolution",
    BatchNorm2d: "normalization",
    LayerNorm: "normalization",
    MultiheadAttention: "attention",
    "torch.nn.functional.scaled_dot_product_attention": "attention",
    "aten::linear": "linear",
    NonDynamicallyQuantizableLinear: "linear",
    LSTM: "recurrent",
    GELU: "activation",
    log_softmax: "activation",
    MaxPool2d: "pooling",
    Dropout: "dropout",
    Embedding: "embedding",
    "torch.Tensor.add": "arithmetic",
    "torch.Tensor.view": "shape",
    cross_entropy: "reduction",
    "torch.zeros": "data",
  };
  for (const [name, kind] of Object.entries(expected)) expect([name, kindOf(name)]).toEqual([name, kind]);
  expect(kindOf("Frobnicate")).toBeNull();
});

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

test("a ModuleList goes up into its module, and equal blocks make a pile", () => {
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
  expect(net.children[0]).toMatchObject({ pile: 6, subtitle: "h.0 … h.5", parameters: 24 });
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

test("what is shown of an edge depends on what is open", () => {
  const tree = buildTree(golden("vgg16"));
  const vgg = unitOf(tree, "VGG16");
  const features = unitOf(tree, "VGG16/Sequential[features]");
  const scene = buildScene(tree, new Set([vgg]));
  expect(shownUnit(features.children[3]!, new Set([vgg]))).toBe(features);
  const inside = scene.byUnit.get(vgg)!;
  expect(inside.inPorts).toHaveLength(1);
  expect(inside.outPorts).toHaveLength(1);
  expect(inside.segments.map(({ label }) => label)).toContain("1×512×7×7");
});

for (const name of ["vgg16", "encoder", "traced_convnet", "traced_lstm"]) {
  test(`${name}, all open: boxes do not overlap, lie in their scope, and data runs down`, () => {
    const tree = buildTree(golden(name));
    const picture = pictureOf(tree, allExpanded(tree));
    for (const box of picture.boxes) {
      const around = box.unit.parent && picture.byUnit.get(box.unit.parent);
      if (around) {
        expect(box.x).toBeGreaterThanOrEqual(around.x);
        expect(box.x + box.width).toBeLessThanOrEqual(around.x + around.width);
        expect(box.y).toBeGreaterThanOrEqual(around.y);
        expect(box.y + box.height).toBeLessThanOrEqual(around.y + around.height);
      }
      for (const other of picture.boxes) {
        if (other === box || other.unit.parent !== box.unit.parent) continue;
        const apart =
          other.x >= box.x + box.width ||
          box.x >= other.x + other.width ||
          other.y >= box.y + box.height ||
          box.y >= other.y + other.height;
        expect([box.unit.key, other.unit.key, apart]).toEqual([box.unit.key, other.unit.key, true]);
      }
      if (!box.open) expect(box.width).toBeGreaterThanOrEqual(boxSize(box.unit, measure).width);
    }
    for (const { points, segment } of picture.wires) {
      // A chain that is folded into columns goes up once, beside them.
      const isFolded = points.some((y, i) => i % 2 === 1 && i > 2 && y < points[i - 2]!);
      if (segment.from && segment.to && !isFolded)
        expect(points[points.length - 1]!).toBeGreaterThan(points[1]!);
    }
    // Nothing floats: every box but a source of its own has a way to it.
    const reached = new Set(picture.wires.flatMap(({ segment }) => segment.ends.flat()));
    for (const box of picture.boxes.filter(({ open }) => !open)) expect(reached.has(box.unit)).toBe(true);
  });
}

test("ways inside a scope go on where those outside end", () => {
  const tree = buildTree(golden("encoder"));
  const picture = pictureOf(tree, allExpanded(tree));
  for (const wire of picture.wires) {
    const { segment, points } = wire;
    if (!segment.to || segment.toPort < 0) continue;
    const inner = picture.wires.filter((other) => other.segment.scope === segment.to && !other.segment.from);
    const here = inner.filter((other) => other.segment.fromPort === segment.toPort);
    expect(here.length).toBeGreaterThan(0);
    for (const other of here) {
      expect(other.points[0]).toBeCloseTo(points[points.length - 2]!, 6);
      expect(other.points[1]).toBeCloseTo(points[points.length - 1]!, 6);
    }
  }
});

test("a thousand boxes of one scope are laid out at once, cycles too", () => {
  const lines = chain("n", 1500);
  lines[10]!.inputs = ["n9", "n1400"];
  const tree = buildTree(graphOf(lines));
  const started = performance.now();
  const picture = pictureOf(tree, new Set());
  expect(performance.now() - started).toBeLessThan(3000);
  expect(picture.boxes).toHaveLength(1500);
  expect(picture.boxes.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))).toBe(true);
});

test("a long chain is folded into columns, and hangs together", () => {
  const tree = buildTree(golden("vgg16"));
  const features = unitOf(tree, "VGG16/Sequential[features]");
  const picture = pictureOf(tree, reveal(new Set(), features.children[0]!));
  const box = picture.byUnit.get(features)!;
  expect(box.width / box.height).toBeGreaterThan(0.8);
  const lefts = features.children.map((child) => picture.byUnit.get(child)!.x);
  const columns = new Set(lefts.map((x) => Math.round(x / 120)));
  expect(columns.size).toBeGreaterThan(2);
  // Every way starts at the bottom of its box and ends at the top of the next.
  for (const { segment, points } of picture.wires) {
    if (segment.scope !== features || !segment.from || !segment.to) continue;
    const [from, to] = [picture.byUnit.get(segment.from)!, picture.byUnit.get(segment.to)!];
    expect(points[1]).toBeCloseTo(from.y + from.height);
    expect(points[points.length - 1]).toBeCloseTo(to.y);
    expect(points[0]).toBeGreaterThan(from.x);
    expect(points[0]).toBeLessThan(from.x + from.width);
  }
});

test("what hangs together by more than one way is not folded", () => {
  // Each node reads the two before it: nowhere can the chain be cut.
  const lines = chain("n", 40).map((line, i) =>
    i > 1 ? { ...line, inputs: [`n${i - 1}`, `n${i - 2}`] } : line,
  );
  const picture = pictureOf(buildTree(graphOf(lines)), new Set());
  expect(picture.height).toBeGreaterThan(2000);
});

test("boxes without edges do not make one wide row", () => {
  const tree = buildTree(graphOf(Array.from({ length: 100 }, (_, i) => ({ name: `loose${i}` }))));
  const picture = pictureOf(tree, new Set());
  expect(picture.width / picture.height).toBeLessThan(4);
});

test("search by class, op, path and regular expression", () => {
  const tree = buildTree(golden("vgg16"));
  expect(search(tree, "conv2d")).toHaveLength(13);
  expect(search(tree, "^MaxPool")).toHaveLength(5);
  expect(titles(search(tree, "classifier")).slice(0, 1)).toEqual(["Sequential"]);
  expect(search(tree, "zzz[")).toEqual([]);
  expect(search(tree, " ")).toEqual([]);
});

test("tracing follows the data both ways", () => {
  const tree = buildTree(
    graphOf([
      { name: "a" },
      { name: "b", inputs: ["a"] },
      { name: "c", inputs: ["a"] },
      { name: "d", inputs: ["b"] },
    ]),
  );
  const from = (key: string, trace: "inputs" | "outputs" | "both") =>
    [...traceFrom(tree, unitOf(tree, key), trace)].map((unit) => unit.key).sort();
  expect(from("b", "inputs")).toEqual(["a", "b"]);
  expect(from("b", "outputs")).toEqual(["b", "d"]);
  expect(from("b", "both")).toEqual(["a", "b", "d"]);
});

test("revealing opens what lies around; the address names what is open", () => {
  const tree = buildTree(golden("encoder"));
  const attention = tree.units.find(({ title }) => title === "MultiheadAttention")!;
  const expanded = reveal(new Set(), attention);
  expect(shownUnit(attention, expanded)).toBe(attention);
  expect(expandedKeys(tree, expanded)).toHaveLength(expanded.size);
});

test("arrow keys follow the data and stay in the picture", () => {
  const tree = buildTree(golden("vgg16"));
  const picture = pictureOf(tree, defaultExpanded(tree));
  const input = neighbour(picture, null, "ArrowDown")!;
  expect(input.kind).toBe("io");
  const first = neighbour(picture, input, "ArrowDown")!;
  expect(first.subtitle).toBe("features");
  expect(neighbour(picture, first, "ArrowUp")).toBe(input);
  expect(neighbour(picture, neighbour(picture, first, "ArrowDown")!, "ArrowDown")!.title).toBe("flatten");
});

test("the innermost box is under the pointer", () => {
  const tree = buildTree(golden("vgg16"));
  const picture = pictureOf(tree, defaultExpanded(tree));
  const box = picture.byUnit.get(unitOf(tree, "VGG16/Sequential[features]"))!;
  expect(boxAt(picture, box.x + 5, box.y + 5)?.unit).toBe(box.unit);
  expect(boxAt(picture, -50, -50)).toBeNull();
});

test("a picture opens whole if it can be read so, else at its top", () => {
  const window = { width: 800, height: 600 };
  expect(fitAll({ width: 400, height: 300 }, window).scale).toBe(1.15);
  expect(opening({ width: 700, height: 700 }, window).scale).toBeCloseTo(544 / 700);
  expect(opening({ width: 300, height: 9000 }, window)).toMatchObject({ scale: 1, y: 28 });
  const zoomed = zoomAt({ x: 0, y: 0, scale: 1 }, 2, 100, 50);
  expect(zoomed).toEqual({ x: -100, y: -50, scale: 2 });
});

test("the SVG file holds every title and is safe from what a name says", () => {
  const tree = buildTree(
    graphOf([
      { name: 'a<script>"&', op: "Odd<b>" },
      { name: "b", inputs: ['a<script>"&'] },
    ]),
  );
  const picture = pictureOf(tree, new Set());
  const pen = new SvgPen();
  const look: Look = {
    theme: themeOf(false),
    paint: painter(tree, "kind", false),
    measure,
    selected: null,
    hovered: null,
    found: null,
    traced: null,
    scale: 1,
    clip: [-100, -100, 1e6, 1e6],
  };
  paint(pen, picture, look);
  const file = pen.file(0, 0, picture.width, picture.height, "#fff");
  expect(file).not.toContain("<script>");
  expect(file).toContain("Odd&lt;b&gt;");
  const parsed = new DOMParser().parseFromString(file, "image/svg+xml");
  expect(parsed.querySelector("parsererror")).toBeNull();
  expect(parsed.querySelectorAll("text")).toHaveLength(4);
});

test("wires grow with the tensor and shapes are said in words", () => {
  expect(wireWidth(0)).toBeLessThan(wireWidth(1e6));
  expect(wireWidth(1e15)).toBe(4.5);
  expect(shapeText([1, -1, 3])).toBe("1×?×3");
  expect(shapeText([])).toBe("scalar");
  expect(shapeText(null)).toBe("");
});
