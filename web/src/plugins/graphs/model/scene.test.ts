import { expect, test } from "vitest";
import { golden, graphOf, titles, unitOf } from "../testing";
import { expandedKeys, reveal } from "./expand";
import { buildScene, shownUnit } from "./scene";
import { search } from "./search";
import { traceFrom } from "./trace";
import { buildTree } from "./tree";

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
