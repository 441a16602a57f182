import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { decodeColumns } from "../../api/columns";
import {
  alignSigns,
  groupEntries,
  positionsOf,
  samePoints,
  sameProjection,
  valueOf,
  type Entry,
  type Listing,
  type Metadata,
  type Projection,
} from "./data";

const golden = (name: string): Buffer =>
  readFileSync(`${import.meta.dirname}/../../../../golden/projector/${name}`);
const columns = <T>(name: string): T => {
  const data = golden(name);
  return decodeColumns<T>(data.buffer.slice(data.byteOffset, data.byteOffset + data.length) as ArrayBuffer);
};

function entry(run: string, tag: string, step: number | null): Entry {
  return { run, name: `${tag}:${step}`, tag, step, shape: null, metadata: false, tile: null };
}

const columnsOf = ({ components }: Projection) => components.map((column) => column ?? undefined);

function flat(count: number, components: number[][]): Projection {
  const columns = components.map((column) => new Float32Array(column));
  return { shape: [count, 9], finite: count, approximate: false, variance: [], components: columns };
}

test("the server's golden answers are understood", () => {
  const listing = JSON.parse(golden("embeddings.json").toString()) as Listing;
  expect(groupEntries(listing.embeddings).map((group) => [group.tag, group.entries.length])).toEqual([
    ["digits/out", 2],
    ["words", 1],
  ]);
  const metadata = columns<Metadata>("metadata.columns");
  expect(metadata.sprite?.size).toEqual([24, 24]);
  expect(metadata.columns.map((field) => [field.name, field.numeric])).toEqual([
    ["class", false],
    ["number", true],
    ["empty", false],
  ]);
  expect([0, 1, 11].map((i) => valueOf(metadata.columns[0]!, i))).toEqual(["class 0", "class 1", "class 2"]);
  const projection = columns<Projection>("pca.columns");
  const positions = positionsOf(columnsOf(projection), projection.shape[0]);
  expect(positions.length).toBe(36);
  const lengths = Array.from({ length: 12 }, (_, i) => Math.hypot(...positions.slice(3 * i, 3 * i + 3)));
  expect(Math.max(...lengths)).toBeCloseTo(1, 6);
  expect(projection.variance.reduce((sum, fraction) => sum + fraction)).toBeCloseTo(1, 5);
});

test("components that were not asked for make no projection another one", () => {
  const all = flat(2, [
    [1, 2],
    [3, 4],
  ]);
  const some = { ...all, components: [all.components[0]!, null] };
  expect(sameProjection(all, some)).toBe(true);
  expect(sameProjection(some, { ...all, components: [Float32Array.of(1, 3), null] })).toBe(false);
  alignSigns(all, some);
  expect(some.components[1]).toBeNull();
});

test("embeddings are grouped by run and tag, steps rise, natural order", () => {
  const groups = groupEntries([
    entry("r10", "a", 5),
    entry("r2", "b", 30),
    entry("r2", "a", null),
    entry("r2", "b", 4),
  ]);
  expect(groups.map(({ run, tag, entries }) => [run, tag, entries.map((item) => item.step)])).toEqual([
    ["r2", "a", [null]],
    ["r2", "b", [4, 30]],
    ["r10", "a", [5]],
  ]);
});

test("axes that do not exist are flat, points that are not finite are left out", () => {
  const projection = flat(3, [
    [3, NaN, 0],
    [4, NaN, 1],
  ]);
  const positions = positionsOf(columnsOf(projection), projection.shape[0]);
  expect([...positions].map((value) => Math.round(value * 100) / 100)).toEqual([
    0.6,
    0.8,
    0,
    NaN,
    NaN,
    NaN,
    0,
    0.2,
    0,
  ]);
});

test("points are the same only with the same labels", () => {
  const metadata = (values: string[], codes: number[]): Metadata => ({
    rows: codes.length,
    sprite: null,
    columns: [{ name: "label", numeric: false, values, codes: new Uint32Array(codes) }],
  });
  const a = metadata(["x", "y"], [0, 1]);
  expect(samePoints(a, metadata(["x", "y"], [0, 1]), 2, 2)).toBe(true);
  expect(samePoints(a, metadata(["x", "y"], [1, 0]), 2, 2)).toBe(false);
  expect(samePoints(a, metadata(["x", "z"], [0, 1]), 2, 2)).toBe(false);
  expect(samePoints(a, a, 2, 3)).toBe(false);
  const none = { rows: 2, sprite: null, columns: [] };
  expect(samePoints(none, none, 2, 2)).toBe(false);
});

test("a component that points the other way is mirrored", () => {
  const next = flat(3, [
    [-1, -2, NaN],
    [1, 2, 3],
  ]);
  alignSigns(
    flat(3, [
      [1, 2, 5],
      [1, 2, 3],
    ]),
    next,
  );
  expect([...next.components[0]!]).toEqual([1, 2, NaN]);
  expect([...next.components[1]!]).toEqual([1, 2, 3]);
});

test("without any coordinates no point is anywhere, not even in the middle", () => {
  expect([...positionsOf([], 2)].every(Number.isNaN)).toBe(true);
  expect([...positionsOf([undefined, undefined], 1)].every(Number.isNaN)).toBe(true);
  expect([...positionsOf([new Float32Array([2, -1])], 2)]).toEqual([1, 0, 0, -0.5, 0, 0]);
});
