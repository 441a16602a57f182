import * as dagre from "@dagrejs/dagre";
import { expect, test, vi } from "vitest";
import { buildTree } from "../model/tree";
import { chain, diagramOf, graphOf } from "../testing";

vi.mock("@dagrejs/dagre", async (load) => {
  const original = await load<typeof dagre>();
  return { ...original, layout: vi.fn(original.layout) };
});

test("a thousand boxes of one scope are laid out by the quick method, cycles too", () => {
  const lines = chain("n", 1500);
  lines[10]!.inputs = ["n9", "n1400"];
  const diagram = diagramOf(buildTree(graphOf(lines)), new Set());
  expect(diagram.boxes).toHaveLength(1500);
  expect(diagram.boxes.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))).toBe(true);
  // dagre would take minutes.
  expect(dagre.layout).not.toHaveBeenCalled();
});

test("scopes that are built alike are laid out once", () => {
  const lines = ["a", "b", "c"].flatMap((scope) => [
    { name: `${scope}/x` },
    { name: `${scope}/y`, inputs: [`${scope}/x`] },
  ]);
  const tree = buildTree(graphOf(lines));
  vi.mocked(dagre.layout).mockClear();
  diagramOf(tree, new Set(tree.root.children));
  // One for the three scopes, one for what is around them.
  expect(dagre.layout).toHaveBeenCalledTimes(2);
});
