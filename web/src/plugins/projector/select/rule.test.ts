import { expect, test } from "vitest";
import type { Field } from "../data";
import { pointsIn, signsOf, type Area } from "./area";
import { RuleEvaluator, type Points } from "./evaluate";
import { indicesOf } from "./mask";
import { Polygon } from "./polygon";
import { both, decodeRule, either, encodeRule, negated, pointsRule, without, type Rule } from "./rule";

const field = (name: string, values: string[], codes: number[]): Field => ({
  name,
  numeric: false,
  values,
  codes: new Uint32Array(codes),
});
const odd = 'a,b(c)%2C "quoted"\t<b>\u202eשלום🙂';
const points: Points = {
  count: 6,
  fields: [
    field("label", ["x", "y", odd, "nan"], [0, 1, 2, 0, 3, 1]),
    field("size", ["1", "5", ""], [0, 1, 2, 0, 1, 0]),
  ],
  positions: new Float32Array([0, 0, 0, 1, 0, 0, 0, 1, 0, -1, -1, 0, NaN, NaN, NaN, 0.5, 0.5, 0]),
  layout: "pca",
};
const square: Area = {
  layout: "pca",
  signs: "++-",
  eye: null,
  target: [0, 0, 0],
  polygon: [-0.1, -0.1, 0.6, -0.1, 0.6, 0.6, -0.1, 0.6],
};

const is = (...values: string[]): Rule => ({ kind: "is", field: "label", values });
const area = { kind: "area", area: { ...square, signs: signsOf(points.positions) } } as const satisfies Rule;

const rules: [Rule, number[]][] = [
  [pointsRule([1, 2, 5]), [1, 2, 5]],
  [pointsRule([]), []],
  [is("x"), [0, 3]],
  [is("x", odd), [0, 2, 3]],
  [is(), []],
  [is(""), []],
  [{ kind: "range", field: "size", low: 2, high: Infinity }, [1, 4]],
  [{ kind: "range", field: "size", low: -1e9, high: 1.5 }, [0, 3, 5]],
  [{ kind: "text", field: "", query: "5" }, [1, 4]],
  [{ kind: "text", field: "label", query: "(C)" }, [2]],
  [{ kind: "regex", field: "label", query: "^(x|n.*)$" }, [0, 3, 4]],
  [area, [0, 5]],
  [either(is("x"), is("y")), [0, 1, 3, 5]],
  [both(either(is("x"), is("y")), area), [0, 5]],
  [without(is("x"), pointsRule([3])), [0]],
  [negated(is("x")), [1, 2, 4, 5]],
  [without(null, either(area, is(odd))), [1, 3, 4]],
];

test.each(rules)("%j selects the same points after a way through the address", (rule, wanted) => {
  const text = encodeRule(rule)!;
  expect(decodeRule(text)).toEqual(rule);
  for (const each of [rule, decodeRule(text)!]) {
    const problems: Rule[] = [];
    expect(indicesOf(new RuleEvaluator().evaluate(each, points, problems))).toEqual(wanted);
    expect(problems).toEqual([]);
  }
});

test("bare indices of older addresses are read, and what is no rule is none", () => {
  expect(decodeRule("3,7-9")).toEqual(pointsRule([3, 7, 8, 9]));
  const broken = [
    "",
    "is",
    "is(",
    "is(a))",
    "x(1)",
    "not()",
    "not(is(a,b),is(a,c))",
    "range(a,5,1)",
    "range(a,x,1)",
  ];
  broken.push(
    "and(is(a,b)",
    "area(pca,+++,,0 0 0,1 1)",
    "area(pca,+++,,0 0 0,1 1 a 2 3 3)",
    "text(a)",
    "not(".repeat(1000),
  );
  for (const text of broken) expect(decodeRule(text), text).toBeNull();
});

test("a rule that is too long stays out of the address; one of a million points is short", () => {
  const even = Array.from({ length: 500_000 }, (_, i) => 2 * i);
  expect(encodeRule(pointsRule(even))).toBeNull();
  expect(encodeRule(without(is("x"), pointsRule(even)))).toBeNull();
  expect(encodeRule(pointsRule(even), Infinity)).not.toBeNull();
  expect(encodeRule(pointsRule(Array.from({ length: 1_000_000 }, (_, i) => i)))).toBe("points(0-999999)");
});

test("an area keeps its points when they move, and is not looked up on another layout", () => {
  const evaluator = new RuleEvaluator();
  const moved = { ...points, positions: points.positions.map((value) => -value), layout: "tsne 1" };
  expect(indicesOf(evaluator.evaluate(area, points))).toEqual([0, 5]);
  expect(indicesOf(evaluator.evaluate(area, moved))).toEqual([0, 5]);
  const problems: Rule[] = [];
  expect(indicesOf(new RuleEvaluator().evaluate(area, moved, problems))).toEqual([]);
  expect(problems).toEqual([area]);
});

test("an area mirrors with an axis that turned round", () => {
  const flipped = points.positions.map((value, i) => (i % 3 === 0 ? -value : value));
  expect(indicesOf(pointsIn(area.area, flipped))).toEqual([0, 5]);
});

test("in space it is the cone seen from where it was drawn", () => {
  const positions = new Float32Array([0, 0, 0, 0, 0, 4, 0.3, 0, 2, 0.3, 0, -4, 0.1, 0.1, 0.1]);
  const seen: Area = {
    ...square,
    signs: signsOf(positions),
    eye: [0, 0, 3],
    polygon: [-0.2, -0.2, 0.2, -0.2, 0.2, 0.2, -0.2, 0.2],
  };
  // Behind the camera; too far aside from near; near the line of sight far behind.
  expect(indicesOf(pointsIn(seen, positions))).toEqual([0, 3, 4]);
});

test("a polygon holds what the even-odd rule says, also where it crosses itself", () => {
  let seed = 1;
  const random = (): number => (seed = (seed * 16807) % 2147483647) / 2147483647;
  for (let round = 0; round < 20; round++) {
    const corners = Array.from({ length: 2 * (3 + (round % 9)) }, random);
    const polygon = new Polygon(corners);
    for (let i = 0; i < 200; i++) {
      const [x, y] = [random(), random()];
      let inside = false;
      for (let a = 0, b = corners.length - 2; a < corners.length; b = a, a += 2) {
        const [ax, ay, bx, by] = [corners[a]!, corners[a + 1]!, corners[b]!, corners[b + 1]!];
        if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
      }
      expect(polygon.holds(x, y)).toBe(inside);
    }
  }
  expect(new Polygon([0, 0, 1, 1, 2, 2]).holds(5, 5)).toBe(false);
});
