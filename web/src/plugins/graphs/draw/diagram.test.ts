import { expect, test } from "vitest";
import { measure, golden, graphOf, unitOf, diagramOf, chain } from "../testing";
import { allExpanded, defaultExpanded, reveal } from "../model/expand";
import { buildTree } from "../model/tree";
import { boxAt } from "./diagram";
import { boxSize } from "./measure";

for (const name of ["vgg16", "encoder", "traced_convnet", "traced_lstm"]) {
  test(`${name}, all open: boxes do not overlap, lie in their scope, and data runs down`, () => {
    const tree = buildTree(golden(name));
    const diagram = diagramOf(tree, allExpanded(tree));
    for (const box of diagram.boxes) {
      const around = box.unit.parent && diagram.byUnit.get(box.unit.parent);
      if (around) {
        expect(box.x).toBeGreaterThanOrEqual(around.x);
        expect(box.x + box.width).toBeLessThanOrEqual(around.x + around.width);
        expect(box.y).toBeGreaterThanOrEqual(around.y);
        expect(box.y + box.height).toBeLessThanOrEqual(around.y + around.height);
      }
      for (const other of diagram.boxes) {
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
    for (const { points, segment } of diagram.wires) {
      // A chain that is folded into columns goes up once, beside them.
      const isFolded = points.some((y, i) => i % 2 === 1 && i > 2 && y < points[i - 2]!);
      if (segment.from && segment.to && !isFolded)
        expect(points[points.length - 1]!).toBeGreaterThan(points[1]!);
    }
    // Nothing floats: every box but a source of its own has a wire to it.
    const reached = new Set(diagram.wires.flatMap(({ segment }) => segment.ends.flat()));
    for (const box of diagram.boxes.filter(({ open }) => !open)) expect(reached.has(box.unit)).toBe(true);
  });
}

test("wires inside a scope go on where those outside end", () => {
  const tree = buildTree(golden("encoder"));
  const diagram = diagramOf(tree, allExpanded(tree));
  for (const wire of diagram.wires) {
    const { segment, points } = wire;
    if (!segment.to || segment.toPort < 0) continue;
    const inner = diagram.wires.filter((other) => other.segment.scope === segment.to && !other.segment.from);
    const here = inner.filter((other) => other.segment.fromPort === segment.toPort);
    expect(here.length).toBeGreaterThan(0);
    for (const other of here) {
      expect(other.points[0]).toBeCloseTo(points[points.length - 2]!, 6);
      expect(other.points[1]).toBeCloseTo(points[points.length - 1]!, 6);
    }
  }
});

test("a long chain is folded into columns, and hangs together", () => {
  const tree = buildTree(golden("vgg16"));
  const features = unitOf(tree, "VGG16/Sequential[features]");
  const diagram = diagramOf(tree, reveal(new Set(), features.children[0]!));
  const box = diagram.byUnit.get(features)!;
  expect(box.width / box.height).toBeGreaterThan(0.8);
  const lefts = features.children.map((child) => diagram.byUnit.get(child)!.x);
  const columns = new Set(lefts.map((x) => Math.round(x / 120)));
  expect(columns.size).toBeGreaterThan(2);
  // Every wire starts at the bottom of its box and ends at the top of the next.
  for (const { segment, points } of diagram.wires) {
    if (segment.scope !== features || !segment.from || !segment.to) continue;
    const [from, to] = [diagram.byUnit.get(segment.from)!, diagram.byUnit.get(segment.to)!];
    expect(points[1]).toBeCloseTo(from.y + from.height);
    expect(points[points.length - 1]).toBeCloseTo(to.y);
    expect(points[0]).toBeGreaterThan(from.x);
    expect(points[0]).toBeLessThan(from.x + from.width);
  }
});

test("what hangs together by more than one edge is not folded", () => {
  // Each node reads the two before it: nowhere can the chain be cut.
  const lines = chain("n", 40).map((line, i) =>
    i > 1 ? { ...line, inputs: [`n${i - 1}`, `n${i - 2}`] } : line,
  );
  const diagram = diagramOf(buildTree(graphOf(lines)), new Set());
  expect(diagram.height).toBeGreaterThan(2000);
});

test("boxes without edges do not make one wide row", () => {
  const tree = buildTree(graphOf(Array.from({ length: 100 }, (_, i) => ({ name: `loose${i}` }))));
  const diagram = diagramOf(tree, new Set());
  expect(diagram.width / diagram.height).toBeLessThan(4);
});

test("the innermost box is under the pointer", () => {
  const tree = buildTree(golden("vgg16"));
  const diagram = diagramOf(tree, defaultExpanded(tree));
  const box = diagram.byUnit.get(unitOf(tree, "VGG16/Sequential[features]"))!;
  expect(boxAt(diagram, box.x + 5, box.y + 5)?.unit).toBe(box.unit);
  expect(boxAt(diagram, -50, -50)).toBeNull();
});
