import { expect, test } from "vitest";
import type { Field } from "../data";
import { clustersOf, denseParts } from "./clusters";
import { segmentsOf } from "./sequences";

/** Three balls of 100 points, and one point that is nowhere. */
const middles = [[-0.7, 0, 0], [0.7, 0, 0], [0, 0.7, 0.3]] as const; // prettier-ignore
const positions = new Float32Array(903);
for (let i = 0; i < 300; i++)
  for (let axis = 0; axis < 3; axis++)
    positions[3 * i + axis] = middles[i % 3]![axis]! + 0.1 * Math.sin(i * (axis + 1.7));
positions.fill(NaN, 900);

function field(name: string, valueOf: (index: number) => string, count = 301): Field {
  const cells = Array.from({ length: count }, (_, index) => valueOf(index));
  const values = [...new Set(cells)];
  return { name, numeric: false, values, codes: Uint32Array.from(cells, (cell) => values.indexOf(cell)) };
}

test("dense parts are found, without points that are nowhere or hidden", () => {
  const parts = denseParts(positions, () => true);
  expect(parts.map((part) => part.length)).toEqual([100, 100, 100]);
  for (const part of parts) expect(new Set(part.map((index) => index % 3)).size).toBe(1);
  expect(denseParts(positions, (index) => index % 3 > 0)).toHaveLength(2);
  expect(denseParts(new Float32Array(), () => true)).toEqual([]);
});

test("a cluster is called by the value that most of its points have, and others have not", () => {
  const kind = field("kind", (index) => ["cat", "dog", "bird"][index % 3]!);
  const same = field("source", () => "web");
  const names = clustersOf(positions, [same, kind], () => true).map(({ name }) => name);
  expect(names.sort()).toEqual(["bird", "cat", "dog"]);
});

test("texts that are all different are told apart by their words, in any script", () => {
  const text = field(
    "text",
    (index) => `${["the red apple", "the blue sea", "北京 城市"][index % 3]!} ${index}`,
  );
  const names = clustersOf(positions, [text], () => true)
    .map(({ name }) => name)
    .join(" ");
  for (const word of ["apple", "sea", "北京"]) expect(names).toContain(word);
  expect(names).not.toContain("the");
});

test("where nothing tells them apart clusters have no names", () => {
  expect(clustersOf(positions, [field("id", String)], () => true)).toEqual([]);
  expect(clustersOf(positions, [field("source", () => "web")], () => true)).toEqual([]);
});

test("a column of successors makes lines; what names no other point ends one", () => {
  const next = ["1", "2", "", "3", "99", "-1", "1.5", "x", "0"];
  const column = field("__next__", (index) => next[index]!, next.length);
  expect([...segmentsOf([column], 9)]).toEqual([0, 1, 1, 2, 8, 0]);
  expect([...segmentsOf([{ ...column, name: "__seq_next__" }], 9)]).toHaveLength(6);
  expect(segmentsOf([{ ...column, name: "next" }], 9)).toHaveLength(0);
});
