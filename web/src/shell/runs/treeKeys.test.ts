import { expect, test } from "vitest";
import { treeRows } from "../../base/runTree";
import { treeMove } from "./treeKeys";

const names = ["a/b/1", "a/b/2", "a/3", "c"];
// a/ · a/b/ · 1 · 2 · 3 · c
const rows = treeRows(
  names,
  (name) => name,
  "",
  () => true,
);
const folded = treeRows(
  names,
  (name) => name,
  "",
  () => false,
);

test.each([
  ["ArrowDown", 0, { to: 1 }],
  ["ArrowDown", 5, { to: 5 }],
  ["ArrowUp", 0, { to: 0 }],
  ["PageDown", 1, { to: 4 }],
  ["PageUp", 1, { to: 0 }],
  ["Home", 4, { to: 0 }],
  ["End", 0, { to: 5 }],
  ["ArrowRight", 0, { to: 1 }],
  ["ArrowRight", 2, null],
  ["ArrowLeft", 3, { to: 1 }],
  ["ArrowLeft", 4, { to: 0 }],
  ["ArrowLeft", 1, { open: false, path: "a/b/" }],
  ["ArrowLeft", 5, null],
  ["x", 0, null],
] as const)("%s at line %d", (key, at, meant) => expect(treeMove(rows, at, key, 3)).toEqual(meant));

test("what is folded opens to the right, and no key is one of an empty list", () => {
  expect(treeMove(folded, 0, "ArrowRight", 3)).toEqual({ open: true, path: "a/" });
  expect(treeMove(folded, 0, "ArrowLeft", 3)).toBeNull();
  expect(treeMove([], 0, "ArrowDown", 3)).toBeNull();
});
