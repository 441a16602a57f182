import { expect, test } from "vitest";
import type { Rgb } from "../../base/color";
import {
  categoryColors,
  coloringOf,
  colorKinds,
  firstColored,
  gradientColor,
  readableColor,
  valueColors,
} from "./colors";
import type { Field } from "./data";

function field(values: string[], numeric = false, codes = values.map((_, i) => i)): Field {
  return { name: "f", numeric, values, codes: new Uint32Array(codes) };
}
const many = (count: number): string[] => Array.from({ length: count }, (_, i) => String(i));
const apart = (a: Rgb, b: Rgb): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

test("few values are categories, many numbers a gradient, many texts neither", () => {
  expect(colorKinds(field(many(50), true))).toEqual({ categories: true, gradient: true });
  expect(colorKinds(field(many(51), true))).toEqual({ categories: false, gradient: true });
  expect(colorKinds(field(many(51)))).toEqual({ categories: false, gradient: false });
  expect(coloringOf(field(many(10), true), false, "viridis", false).kind).toBe("categories");
  expect(coloringOf(field(many(10), true), true, "viridis", false).kind).toBe("gradient");
  expect(coloringOf(field(many(60)), false, "viridis", false).kind).toBe("one");
  expect(coloringOf(null, false, "viridis", false).kind).toBe("one");
});

test("a colour is chosen at the start: the first field that has any", () => {
  const names = field(many(60).map((value) => `word ${value}`));
  const classes = field(["a", "b"]);
  expect(firstColored([names, classes])).toBe(classes);
  expect(firstColored([names])).toBeNull();
});

test("categories count their points", () => {
  const coloring = coloringOf(field(["a", "b"], false, [0, 1, 1]), false, "viridis", false);
  expect(coloring).toMatchObject({ kind: "categories", counts: [1, 2] });
});

test("gradients run from the least to the greatest number; what is none is grey", () => {
  const coloring = coloringOf(field(["-2", "1e1", "4", "", "nan"], true), true, "ember", false);
  expect(coloring).toMatchObject({ low: -2, high: 10 });
  const grey: Rgb = [1, 2, 3];
  const colors = valueColors(coloring, grey, grey);
  expect(colors).toEqual([
    readableColor("ember", 0, false),
    readableColor("ember", 1, false),
    readableColor("ember", 0.5, false),
    grey,
    grey,
  ]);
  expect(readableColor("viridis", 0, false)).toEqual(gradientColor("viridis", 0));
  expect(readableColor("viridis", 1, true)).toEqual(gradientColor("viridis", 1));
  expect(gradientColor("viridis", 0)).toEqual([0x44, 0x01, 0x54]);
  expect(gradientColor("viridis", 2)).toEqual([0xfd, 0xe7, 0x25]);
});

test.each([true, false])("up to twenty categories can be told apart (dark: %s)", (dark) => {
  for (const count of [2, 8, 10, 20]) {
    const colors = categoryColors(count, dark);
    expect(colors).toHaveLength(count);
    colors.forEach((color, i) => {
      for (const other of colors.slice(i + 1))
        expect(apart(color, other)).toBeGreaterThan(count > 10 ? 24 : 34);
    });
  }
  expect(new Set(categoryColors(50, dark).map(String)).size).toBe(50);
});
