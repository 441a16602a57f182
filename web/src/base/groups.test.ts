import { expect, test } from "vitest";
import { groupByPrefix } from "./groups";

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
