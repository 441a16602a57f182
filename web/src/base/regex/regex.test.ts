import { expect, test } from "vitest";
import { compile } from "./match";
import { RegexError } from "./parse";

/** The same numbers in each run: mulberry32. */
function random(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function expression(next: () => number, depth: number): string {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!;
  const leaves = [
    "a",
    "B",
    "b",
    ".",
    "\\d",
    "\\W",
    "[ab]",
    "[^a-c]",
    "1",
    "\\x61",
    "_",
    "\\.",
    "[\\]]",
    "]",
    "/",
  ];
  const bounds = ["^", "$", "\\b", "\\B"];
  if (depth === 0) return next() < 0.85 ? pick(leaves) : pick(bounds);
  const inner = () => expression(next, depth - 1);
  return pick([
    () => inner() + inner(),
    () => `(${inner()})${pick(["*", "+", "?", "{2}", "{1,2}", "{0,}", "*?", ""])}`,
    () => `(?:${inner()}|${inner()})`,
    () => `(?<n${Math.floor(next() * 1e9)}>${inner()}|)`,
    () => `${pick(["(?=", "(?!", "(?<=", "(?<!"])}${inner()})`,
    () => pick(leaves) + pick(["*", "+", "?", "{2,3}", "+?"]),
  ])();
}

test("finds what the browser's engine finds", () => {
  const next = random(7);
  const letters = ["a", "A", "b", "c", "1", "_", ".", "]", "/", " "];
  for (let i = 0; i < 4000; i++) {
    const source = expression(next, 3);
    const native = new RegExp(source, "i");
    const matches = compile(source);
    for (let j = 0; j < 12; j++) {
      const text = Array.from(
        { length: Math.floor(next() * 7) },
        () => letters[Math.floor(next() * 10)],
      ).join("");
      expect([source, text, matches(text)]).toEqual([source, text, native.test(text)]);
    }
  }
});

test.each([
  ["^(?!.*val).*loss$", "train/loss", true],
  ["^(?!.*val).*loss$", "val/loss", false],
  ["lr(0\\.1|0\\.2)_", "sweep/LR0.2_x", true],
  ["ÄÖ", "xäöx", true],
  ["\\u65e5本", "日本", true],
  ["a{2,", "A{2,", true],
  ["{", "x{", true],
  ["\\u{61}", "u".repeat(61), true],
  ["\\k<a>", "k<a>", true],
  ["\\101", "A", true],
  ["(?:)", "", true],
])("%s in %s", (source, text, found) => {
  expect(new RegExp(source, "i").test(text)).toBe(found);
  expect(compile(source)(text)).toBe(found);
});

test.each([
  ["lr(", "open-group", 2],
  ["a)b", "extra-close", 1],
  ["*", "nothing-to-repeat", 0],
  ["a|+", "nothing-to-repeat", 2],
  ["a**", "nothing-to-repeat", 2],
  ["^*", "nothing-to-repeat", 1],
  ["x{3,2}", "repeat-order", 1],
  ["ab[c", "open-class", 2],
  ["ab\\", "end-of-escape", 2],
  ["(a)\\1", "reference", 3],
  ["(?<a>x)\\k<a>", "reference", 7],
  ["(?P<a>x)", "group-kind", 0],
  ["(a{999}){999}", "too-large", 0],
  ["a".repeat(5000), "too-large", 0],
  ["(".repeat(50_000), "too-large", 100],
  ["[b-a]", "other", 0],
])("%.30s is no expression: %s at %i", (source, reason, at) => {
  let error: unknown;
  try {
    compile(source);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(RegexError);
  expect(error).toMatchObject({ reason, at });
});

test.each([
  "(a+)+$",
  "^(a|a)*$",
  "^([a-z]+.)+[0-9]$",
  "(a*)*b",
  "(?=(a+)+b)c",
  "(?<!(a+)+b)c",
  "a*a*a*a*a*a*a*a*b",
])("%s ends: every state meets every character once", (source) =>
  expect(compile(source)(`${"a".repeat(3000)}!`)).toBe(false),
);
