import { expect, test } from "vitest";
import { layOut, seenColumns, seenRows, slotRows } from "./layout";

const ids = ["a", "b", "c", "d", "e"];
const layout = layOut(
  ids,
  (id) => id === "c",
  (id) => (id === "b" ? 50 : 100),
);

test("pinned columns stand by themselves, the others in their order", () => {
  expect(layout.pinned).toEqual([{ id: "c", left: 0, width: 100 }]);
  expect(layout.free.map(({ id, left }) => `${id} ${left}`)).toEqual(["a 0", "b 100", "d 150", "e 250"]);
  expect([layout.pinnedWidth, layout.freeWidth]).toEqual([100, 350]);
});

test.each([
  [0, 100, "ab"],
  [0, 101, "abd"],
  [100, 50, "abd"],
  [149, 10, "abde"],
  [300, 100, "de"],
  [400, 10, "e"],
])("from %d over %d px %s are made", (start, room, wanted) =>
  expect(
    layout.free
      .slice(...seenColumns(layout.free, start, room))
      .map(({ id }) => id)
      .join(""),
  ).toBe(wanted),
);

test("a table of ten thousand rows makes those that are seen and a few more, always as many", () => {
  expect(seenRows(0, 280, 28, 10_000)).toEqual([0, 23]);
  expect(seenRows(28_000, 280, 28, 10_000)).toEqual([994, 1017]);
  expect(seenRows(28_010, 280, 28, 10_000)).toEqual([994, 1017]);
  expect(seenRows(1e9, 280, 28, 10_000)).toEqual([9977, 10_000]);
  expect(seenRows(0, 280, 28, 3)).toEqual([0, 3]);
  expect(seenRows(50, -34, 28, 0)).toEqual([0, 0]);
});

test("lines that stay in sight keep their elements", () => {
  const before = slotRows(10, 15);
  const after = slotRows(12, 17);
  expect([...before].sort()).toEqual([10, 11, 12, 13, 14]);
  expect([...after].sort()).toEqual([12, 13, 14, 15, 16]);
  for (const row of [12, 13, 14]) expect(after.indexOf(row)).toBe(before.indexOf(row));
  expect(slotRows(0, 0)).toEqual([]);
});
