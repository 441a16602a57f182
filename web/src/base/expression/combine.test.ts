import { expect, test } from "vitest";
import { anyOf, asExpression, inFolder, negated, without } from "./combine";
import { bind } from "./evaluate";
import { parseFilter } from "./filter";

const names = ["a/b/1", "a/b", "A/B/2", "a/bc", "c.d/1", "cxd/1", 'q"\\', "z\\"];

/** Names that a rule holds for. */
function held(rule: string): string[] {
  const node = parseFilter(rule).node!;
  const rows = bind(node, {
    resolve: (name) => (name === "name" || name === "run:name" ? "run:name" : null),
    kind: () => "text",
    cells: () => names,
    now: 0,
  }).rows(names.length);
  return names.filter((_, row) => rows[row] === 1);
}

test.each(["^a/b$", "b", "c.d", String.raw`z\\`, String.raw`"\\`, 'name = "a/b"'])(
  "%s as an expression holds for the same",
  (filter) => {
    expect(held(asExpression(filter))).toEqual(held(filter));
    expect(held(asExpression(filter)).length).toBeGreaterThan(0);
  },
);

test("a folder is its runs, whatever its name, and what is called as it is if that is meant", () => {
  expect(held(inFolder("c.d/", false))).toEqual(["c.d/1"]);
  expect(held(inFolder("a/b/", false))).toEqual(["a/b/1", "A/B/2"]);
  expect(held(inFolder("a/b/", true))).toEqual(["a/b/1", "a/b", "A/B/2"]);
});

test("rules are combined", () => {
  const rule = 'name ~ "^a"';
  expect(held(negated(rule))).toEqual(names.filter((name) => !/^a/i.test(name)));
  expect(negated(negated(rule))).toBe(rule);
  expect(negated("not (a) and (b)")).toBe("not (not (a) and (b))");
  expect(held(anyOf([rule, 'name ~ "^c"']))).toEqual(names.slice(0, 6));
  expect(anyOf([rule])).toBe(rule);
  expect(held(without(rule, 'name ~ "b"'))).toEqual([]);
  expect(held(without(rule, 'name ~ "2$"'))).toEqual(["a/b/1", "a/b", "a/bc"]);
});
