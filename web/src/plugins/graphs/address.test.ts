import { expect, test } from "vitest";
import { addressOf, findGraph } from "./address";
import type { GraphEntry } from "./data";

const entry = (run: string, tag: string, key: string, kind: GraphEntry["kind"] = "op"): GraphEntry => ({
  run,
  tag,
  key,
  kind,
  step: 0,
  wall_time: 0,
  bytes: 1,
});

const entries = [
  entry("a", "first", "k1"),
  entry("b", "keras", "k2", "keras"),
  entry("a", "first", "k3"),
  entry("b", "graph", "k4"),
  entry("b", "graph", "k5"),
  entry("b", "late", "k6", "profile"),
  entry("c", "keras", "k7", "keras"),
  entry("c", "keras", "k8", "keras"),
];
const found = (address: unknown) =>
  findGraph(entries, typeof address === "string" ? address : JSON.stringify(address))?.key;

test("every graph has an address of its own", () => {
  for (const one of entries) expect(findGraph(entries, addressOf(one))).toBe(one);
});

test("an address of a graph that is gone leads to what is nearest to it", () => {
  expect(found(["b", "graph", "gone"])).toBe("k5");
  expect(found(["b", "keras", "gone"])).toBe("k2");
  expect(found(["b", "gone", "gone"])).toBe("k5");
  expect(found(["c", "gone", "gone"])).toBe("k7");
  expect(found(["gone", "graph", "gone"])).toBe("k3");
});

test("a graph is found by its key under whatever name its run has", () => {
  expect(found(["renamed", "graph", "k4"])).toBe("k4");
});

test("an address of older pages, which counted the graphs of a tag, leads to the newest of the tag", () => {
  expect(found(["b", "graph", 0])).toBe("k5");
});

test("what is no address leads to the newest of the first run, if there is one", () => {
  for (const address of ["", "[", "null", "1", "{}", "[]", '"b"', [null, {}, []]])
    expect(found(address)).toBe("k3");
  expect(findGraph([], addressOf(entries[0]!))).toBeNull();
});
