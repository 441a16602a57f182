import { describe, expect, test } from "vitest";
import {
  columnFacet,
  decodeKey,
  encodeKey,
  folderFacet,
  groupRuns,
  regexFacets,
  setFacet,
  type GroupKey,
} from "./grouping";

const grouped = (...args: Parameters<typeof groupRuns>) =>
  groupRuns(...args).map(({ label, runs }) => [label, ...runs]);

describe("groups", () => {
  test("by folder, whatever stands in names", () => {
    const odd = ["top", "a b/x", "a b/y", "<img src=x>/r", "שלום/ר", "a\u0001/z", "__proto__/p", "/lead"];
    const folders = groupRuns(odd, [folderFacet]).map(({ label }) => label);
    expect(new Set(folders)).toEqual(new Set([".", "a b", "<img src=x>", "שלום", "a\u0001", "__proto__"]));
    expect(grouped([`${"x".repeat(300)}/a`], [folderFacet])[0]![0]).toHaveLength(300);
  });

  test("by captures, in natural order, runs without a match last", () => {
    const runs = ["lr0.1_s1", "other", "lr0.01_s1", "lr0.1_s2", "lr0.01_s2"];
    expect(grouped(runs, regexFacets("(?<lr>lr[\\d.]+)", runs))).toEqual([
      ["lr = lr0.01", "lr0.01_s1", "lr0.01_s2"],
      ["lr = lr0.1", "lr0.1_s1", "lr0.1_s2"],
      ["lr = –", "other"],
    ]);
    expect(grouped(["a1b2", "a1b3"], regexFacets("a(\\d)b(?<b>\\d)", ["a1b2", "a1b3"]))).toEqual([
      ["1 · b = 2", "a1b2"],
      ["1 · b = 3", "a1b3"],
    ]);
    expect(grouped(["seed1", "seed2"], regexFacets("seed\\d", ["seed1", "seed2"]))).toHaveLength(2);
  });

  test("by a column whose cells are of different kinds: 1 and its text are two groups that look unlike", () => {
    const cells = [1, "1", 10, 2, null, true, NaN, "adam"];
    const names = cells.map((_, i) => `r${i}`);
    expect(groupRuns(names, [columnFacet("lr", cells)]).map(({ label }) => label)).toEqual([
      "lr = 1",
      "lr = 2",
      "lr = 10",
      "lr = NaN",
      '"lr = 1"',
      "lr = adam",
      "lr = true",
      "lr = –",
    ]);
  });

  test("by several rules, and by sets; cells that have not come are none", () => {
    const runs = ["a/1", "a/2", "b/1"];
    expect(grouped(runs, [folderFacet, columnFacet("n", [1, 2])])).toEqual([
      ["a · n = 1", "a/1"],
      ["a · n = 2", "a/2"],
      ["b · n = –", "b/1"],
    ]);
    const sets = [
      { name: "S", runs: ["a/1", "gone"] },
      { name: "T", runs: ["a/1", "b/1"] },
    ];
    expect(grouped(runs, [setFacet(sets)])).toEqual([
      ["S", "a/1"],
      ["T", "b/1"],
      ["–", "a/2"],
    ]);
  });

  test("a group keeps its id when runs join it", () => {
    const before = groupRuns(["a/1"], [folderFacet])[0]!;
    const after = groupRuns(["Z/9", "a/0", "a/1"], [folderFacet]).find(({ label }) => label === "a")!;
    expect(after.id).toBe(before.id);
    expect(groupRuns([], [folderFacet])).toEqual([]);
  });

  test("an expression that would take for ever ends", () => {
    const runs = Array.from({ length: 50 }, (_, i) => `${"a".repeat(300)}${i}!`);
    expect(grouped(runs, regexFacets("^((a+)+)+$", runs))).toHaveLength(1);
  });
});

test.each<GroupKey>([
  { by: "folder" },
  { by: "regex", source: "lr:(.*)" },
  { by: "column", id: "scalars:val/acc:last" },
  { by: "set", name: 'a "b"', runs: ["x,y", "__proto__"] },
])("a rule is read as it was written: %o", (key) => expect(decodeKey(encodeKey(key))).toEqual(key));

test.each(["", "regex:", "folders", "set:[", "set:[1]", "set:[]", "column:", "other:x"])(
  "%s is no rule",
  (text) => expect(decodeKey(text)).toBeNull(),
);

test("an expression that takes too long over all names is stopped, and says so", () => {
  const runs = Array.from({ length: 3000 }, (_, i) => `${"ab".repeat(140)}${i}`);
  expect(() => regexFacets("(?:(a|b|ab){1,40}){1,4}x", runs)).toThrow(/too-slow/);
});
