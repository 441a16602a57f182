import { expect, test } from "vitest";
import { groupByPrefix, sharedPrefixLength } from "./groups";

test("tags are grouped by what stands before the first slash, bare ones first", () => {
  const groups = groupByPrefix(["train/loss", "lr", "val/loss", "train/a/b", "/odd"], (tag) => tag);
  expect(groups).toEqual([
    { prefix: "", items: ["lr", "/odd"] },
    { prefix: "train", items: ["train/loss", "train/a/b"] },
    { prefix: "val", items: ["val/loss"] },
  ]);
});

test("__proto__ is a group like any other", () => {
  expect(groupByPrefix(["__proto__/x", "constructor/y"], (tag) => tag).map((group) => group.prefix)).toEqual([
    "__proto__",
    "constructor",
  ]);
});

test("the shared prefix ends at a separator", () => {
  const length = (...names: string[]) => names[0]!.slice(0, sharedPrefixLength(names));
  expect(length("sweep/lr0.1", "sweep/lr0.2")).toBe("sweep/");
  expect(length("net.conv1", "net.conv2")).toBe("net.");
  expect(length("run1", "run2")).toBe("");
  expect(length("a/b", "a/b/c")).toBe("a/");
  expect(length("only")).toBe("");
  expect(sharedPrefixLength([])).toBe(0);
});
