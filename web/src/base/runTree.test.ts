import { expect, test } from "vitest";
import { flatRows, sharedFolder, treeRows, type TreeRow } from "./runTree";

const same = (name: string): string => name;
const outline = (names: readonly string[], isOpen = (_: string) => true): string[] =>
  written(treeRows(names, same, sharedFolder(names), isOpen));

function written(rows: readonly TreeRow<string>[]): string[] {
  return rows.map((row) => {
    const count = row.type === "folder" ? ` (${row.runs.length}${row.open ? "" : ", folded"})` : "";
    return `${"  ".repeat(row.depth)}${row.label}${count}`;
  });
}

test("folders hold runs at any depth, with their counts", () => {
  expect(
    outline(["base", "lr0.1/bs32/s0", "lr0.1/bs32/s1", "lr0.1/bs64/s0", "lr0.2/s0", "lr0.2/s1"]),
  ).toEqual([
    "base",
    "lr0.1/ (3)",
    "  bs32/ (2)",
    "    s0",
    "    s1",
    "  bs64/s0",
    "lr0.2/ (2)",
    "  s0",
    "  s1",
  ]);
});

test("what all lie in is not said, folders without choice are one line, and one run needs no folder", () => {
  expect(sharedFolder(["exp/a/x", "exp/a/y", "exp/ab"])).toBe("exp/");
  expect(sharedFolder(["exp", "exp/a"])).toBe("");
  expect(sharedFolder(["only/one"])).toBe("");
  expect(outline(["exp/s0", "exp/s1"])).toEqual(["s0", "s1"]);
  expect(outline(["a/b/c/x", "a/b/c/y", "z"])).toEqual(["a/b/c/ (2)", "  x", "  y", "z"]);
  expect(outline(["only/one"])).toEqual(["only/one"]);
  expect(outline([])).toEqual([]);
});

test("a folder that is a run as well has that run in it", () => {
  const expected = ["model/ (3)", "  .", "  eval/ (2)", "    a", "    b", "z"];
  expect(outline(["model", "model/eval/a", "model/eval/b", "z"])).toEqual(expected);
  const rows = treeRows(["model/eval/a", "z", "model", "model/eval/b"], same, "", () => true);
  expect(written(rows)).toEqual(expected);
  expect(rows[0]).toMatchObject({ runs: ["model/eval/a", "model", "model/eval/b"] });
  expect(rows[1]).toMatchObject({ type: "run", run: "model", id: "run:model", parent: "model/" });
});

test("the order is the runs' own: a folder stands where its first run does", () => {
  expect(outline(["b/2", "a/1", "b/1", "c", "a/0"])).toEqual([
    "b/ (2)",
    "  2",
    "  1",
    "a/ (2)",
    "  1",
    "  0",
    "c",
  ]);
  expect(written(flatRows(["x/b/2", "x/a/1"], same, "x/"))).toEqual(["b/2", "a/1"]);
});

test("what is folded is not listed but counted", () => {
  expect(outline(["a/x/1", "a/x/2", "a/y", "b"], (path) => path !== "a/")).toEqual(["a/ (3, folded)", "b"]);
});

test("rows know their place", () => {
  const rows = treeRows(["a/1", "a/2", "b"], same, "", () => true);
  expect(rows.map(({ position, siblings, parent }) => [position, siblings.all.length, parent])).toEqual([
    [1, 2, ""],
    [1, 2, "a/"],
    [2, 2, "a/"],
    [2, 2, ""],
  ]);
  expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
});

test("any name is a run's: nothing is lost, each has one row", () => {
  const names = ["__proto__", "constructor/__proto__", " a ", "a\nb", "x".repeat(300), "日本/😀", "<b>", "."];
  const rows = treeRows(names, same, sharedFolder(names), () => true);
  expect(rows.filter((row) => row.type === "run").map((row) => row.run)).toEqual(names);
});
