// @vitest-environment jsdom
import { describe, expect, test } from "vitest";
import { contrast, parseColor } from "../../../base/color";
import { shapeText } from "../data";
import { svgFile } from "../export";
import { kinds } from "../model/kinds";
import { buildTree, type Tree } from "../model/tree";
import { diagramOf, graphOf, measure } from "../testing";
import { boxColors, colorings, kindColors } from "./colors";
import { smoothPath } from "./path";
import type { GraphStyle } from "./style";
import { graphTheme } from "./theme";
import { wireWidth } from "./wires";

/** Stands for the page: an element whose variables are those of `theme.css`, each with a colour of its own. */
function page(): HTMLElement {
  const element = document.createElement("div");
  const names = ["--background", "--surface", "--text", "--text-dim", "--text-faint", "--grid", "--axis"];
  const ours = ["--accent", "--wire", "--incoming", "--outgoing", "--scope", "--scope-border"];
  [...names, ...ours].forEach((name, i) => element.style.setProperty(name, `#0000${i + 10}`));
  document.body.append(element);
  return element;
}

function styleOf(tree: Tree): GraphStyle {
  return {
    theme: graphTheme(page()),
    colors: boxColors(tree, "kind", false),
    measure,
    selected: null,
    hovered: null,
    found: null,
    traced: null,
  };
}

describe("theme", () => {
  test("every colour is the page's", () => {
    expect(graphTheme(page())).toMatchObject({
      background: "#000010",
      text: "#000012",
      dim: "#000013",
      accent: "#000017",
      wire: "#000018",
      incoming: "#000019",
      outgoing: "#000020",
      scopeBorder: "#000022",
    });
  });

  test("scopes go in equal steps from the surface to the deepest", () => {
    const element = page();
    element.style.setProperty("--surface", "#ffffff");
    element.style.setProperty("--scope", "#ffff0b");
    expect(graphTheme(element).scopes).toEqual(["#ffffc2", "#ffff85", "#ffff48", "#ffff0b"]);
  });
});

test.each([true, false])("titles can be read on boxes of every kind (dark: %s)", (dark) => {
  const text = parseColor(dark ? "#ececea" : "#1b1c1e");
  for (const kind of kinds) {
    const { fill, far } = kindColors(kind, dark);
    expect([kind, contrast(text, parseColor(fill)) > 7]).toEqual([kind, true]);
    expect([kind, contrast(text, parseColor(far)) > 3]).toEqual([kind, true]);
  }
});

test("every colouring colours every unit, without statistics too", () => {
  const tree = buildTree(graphOf([{ name: "a" }, { name: "b", inputs: ["a"] }]));
  for (const coloring of colorings) {
    const colors = boxColors(tree, coloring, true);
    for (const unit of tree.units)
      for (const color of Object.values(colors(unit))) parseColor(color as string);
  }
});

test("a path is vertical where it leaves and enters, and round where it runs level", () => {
  expect(smoothPath(Float64Array.of(0, 0, 0, 50))).toEqual([
    ["M", 0, 0],
    ["L", 0, 50],
  ]);
  expect(smoothPath(Float64Array.of(0, 0, 40, 50))).toEqual([
    ["M", 0, 0],
    ["C", 0, 25, 40, 25, 40, 50],
  ]);
  const turned = smoothPath(Float64Array.of(0, 0, 0, 50, 100, 50, 100, 0));
  expect(turned.map(([letter]) => letter).join("")).toBe("MLQLQL");
  expect(turned.flat().every((value) => typeof value === "string" || Number.isFinite(value))).toBe(true);
});

test("the SVG file holds every title and is safe from what a name says", () => {
  const lines = [
    { name: 'a<script>"&', op: "Odd<b>" },
    { name: "b", inputs: ['a<script>"&'] },
  ];
  const tree = buildTree(graphOf(lines));
  const file = svgFile(diagramOf(tree, new Set()), styleOf(tree));
  expect(file).not.toContain("<script>");
  expect(file).toContain("Odd&lt;b&gt;");
  const parsed = new DOMParser().parseFromString(file, "image/svg+xml");
  expect(parsed.querySelector("parsererror")).toBeNull();
  expect(parsed.querySelectorAll("text")).toHaveLength(4);
});

test("a file is the same whatever is selected, hovered or found at the moment", () => {
  const tree = buildTree(graphOf([{ name: "a" }, { name: "b", inputs: ["a"] }]));
  const [unit] = tree.root.children;
  const style = styleOf(tree);
  const diagram = diagramOf(tree, new Set());
  const moment = { ...style, selected: unit!, hovered: unit!, found: new Set([unit!]) };
  expect(svgFile(diagram, moment)).toBe(svgFile(diagram, style));
});

test("wires grow with the tensor and shapes are said in words", () => {
  expect(wireWidth(0)).toBeLessThan(wireWidth(1e6));
  expect(wireWidth(1e15)).toBe(4.5);
  expect(shapeText([1, -1, 3])).toBe("1×?×3");
  expect(shapeText([])).toBe("scalar");
  expect(shapeText(null)).toBe("");
});
