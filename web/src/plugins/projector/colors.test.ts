import { expect, test } from "vitest";
import type { Rgb } from "../../base/color";
import { colorDistance } from "../../base/color";
import { categoryColors, greyOf } from "./categoryColors";
import {
  coloringOf,
  colorKinds,
  type ColorChoice,
  firstColored,
  gradientColor,
  parse,
  readableColor,
  valueColors,
} from "./colors";
import type { Field } from "./data";

function field(values: string[], numeric = false, codes = values.map((_, i) => i)): Field {
  return { name: "f", numeric, values, codes: new Uint32Array(codes) };
}
const light: ColorChoice = { form: "auto", gradient: "viridis", scale: null, dark: false };
const many = (count: number): string[] => Array.from({ length: count }, (_, i) => String(i));
const apart = (a: Rgb, b: Rgb): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

test("few values are categories, many numbers a gradient, many texts neither", () => {
  expect(colorKinds(field(many(50), true))).toEqual({ categories: true, gradient: true });
  expect(colorKinds(field(many(51), true))).toEqual({ categories: false, gradient: true });
  expect(colorKinds(field(many(51)))).toEqual({ categories: false, gradient: false });
  expect(coloringOf(field(many(10), true), light).kind).toBe("categories");
  expect(coloringOf(field(many(10), true), { ...light, form: "gradient" }).kind).toBe("gradient");
  expect(coloringOf(field(many(60)), light).kind).toBe("one");
  expect(coloringOf(null, light).kind).toBe("one");
});

test("a colour is chosen at the start: the first field that has any", () => {
  const names = field(many(60).map((value) => `word ${value}`));
  const classes = field(["a", "b"]);
  expect(firstColored([names, classes])).toBe(classes);
  expect(firstColored([names])).toBeNull();
});

test("categories count their points", () => {
  const coloring = coloringOf(field(["a", "b"], false, [0, 1, 1]), light);
  expect(coloring).toMatchObject({ kind: "categories", counts: [1, 2] });
});

test("gradients run from the least to the greatest number; what is none is grey", () => {
  const coloring = coloringOf(field(["-2", "1e1", "4", "", "nan"], true), {
    ...light,
    form: "gradient",
    gradient: "ember",
  });
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
  const distances = categoryColors(20, dark).flatMap((color, i, all) =>
    [greyOf(dark), ...all.slice(i + 1)].map((other) => colorDistance(color, other)),
  );
  expect(Math.min(...distances)).toBeGreaterThan(0.08);
});

test("of forty categories the twenty most frequent have colours, the others are grey and counted", () => {
  const codes = many(40).flatMap((_, code) => Array.from({ length: code + 2 }, () => code));
  const coloring = coloringOf(field(many(40), true, codes), light);
  if (coloring.kind !== "categories") throw new Error(coloring.kind);
  expect(coloring.others).toBe(20);
  expect(coloring.ranked.slice(0, 3)).toEqual([39, 38, 37]);
  expect(coloring.colors.filter((color) => String(color) === String(greyOf(false)))).toHaveLength(20);
  expect(coloring.colors[39]).toEqual(categoryColors(1, false)[0]);
  expect(coloring.colors[19]).toEqual(greyOf(false));
});

test("many numbers can be categories where they repeat, and are coloured by their size, logarithm or rank", () => {
  const numbers = ["1", "10", "100", "1000", "nan", "0", "-5"];
  const codes = [0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6];
  const of = (scale: ColorChoice["scale"]): unknown[] => {
    const coloring = coloringOf(field(numbers, true, codes), { ...light, form: "gradient", scale });
    if (coloring.kind !== "gradient") throw new Error(coloring.kind);
    return numbers.map((value) => +coloring.scale.place(parse(value)).toFixed(3));
  };
  expect(of("linear")).toEqual([0.006, 0.015, 0.104, 1, NaN, 0.005, 0]);
  expect(of("log")).toEqual([0, 0.333, 0.667, 1, NaN, 0, NaN]);
  expect(of("quantile")).toEqual([0.45, 0.8, 0.9, 1, NaN, 0.1, 0]);
  const wide = coloringOf(field(["1", "5", "1000"], true), { ...light, form: "gradient" });
  expect(wide).toMatchObject({ kind: "gradient", scale: { kind: "log" } });
  const repeated = field(many(100), true, [...many(100), ...many(100)].map(Number));
  expect(coloringOf(repeated, light).kind).toBe("gradient");
  expect(coloringOf(repeated, { ...light, form: "categories" }).kind).toBe("categories");
});
