// @vitest-environment jsdom
import { expect, test, vi } from "vitest";
import { golden, diagramOf } from "./testing";
import { neighbour, pressKey } from "./keyboard";
import { defaultExpanded } from "./model/expand";
import { buildTree } from "./model/tree";

test("arrow keys follow the data and stay in the diagram", () => {
  const tree = buildTree(golden("vgg16"));
  const diagram = diagramOf(tree, defaultExpanded(tree));
  const input = neighbour(diagram, null, "ArrowDown")!;
  expect(input.kind).toBe("io");
  const first = neighbour(diagram, input, "ArrowDown")!;
  expect(first.subtitle).toBe("features");
  expect(neighbour(diagram, first, "ArrowUp")).toBe(input);
  expect(neighbour(diagram, neighbour(diagram, first, "ArrowDown"), "ArrowDown")!.title).toBe("flatten");
});

test("keys that mean nothing here are left to others", () => {
  const actions = { move: vi.fn(), toggle: null, deselect: vi.fn(), zoom: vi.fn(), fit: vi.fn() };
  const press = (key: string, more: KeyboardEventInit = {}) =>
    pressKey(new KeyboardEvent("keydown", { key, ...more }), actions);
  expect(press("ArrowLeft")).toBe(true);
  expect(press("Escape")).toBe(true);
  expect(press("0")).toBe(true);
  expect(press("Enter")).toBe(false);
  expect(press("w")).toBe(false);
  expect(press("0", { ctrlKey: true })).toBe(false);
  expect(actions.move.mock.calls).toEqual([["ArrowLeft"]]);
  expect(actions.fit).toHaveBeenCalledOnce();
  press("+");
  press("-");
  const [[nearer], [farther]] = actions.zoom.mock.calls as [[number], [number]];
  expect(nearer * farther).toBeCloseTo(1);
});
