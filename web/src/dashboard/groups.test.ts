import { expect, test } from "vitest";
import { groupCards, openGroups } from "./groups";

const grouped = (...names: string[]) =>
  groupCards(names, (name) => name).map((group) => [group.prefix, ...group.items]);

test("groups of one share a row with names without a prefix", () => {
  expect(grouped("a/x", "b/x", "b/y", "c", "d/x")).toEqual([
    ["", "c", "a/x", "d/x"],
    ["b", "b/x", "b/y"],
  ]);
  expect(grouped("a/x", "a/y")).toEqual([["a", "a/x", "a/y"]]);
  expect(grouped()).toEqual([]);
});

test("the first group is open however large, later ones as far as the cards reach", () => {
  const groups = [300, 5, 1].map((count, i) => ({ key: String(i), items: Array(count).fill(0) }));
  expect([...openGroups(groups, 200)]).toEqual(["0"]);
  expect([...openGroups(groups.slice(1), 200)]).toEqual(["1", "2"]);
});
