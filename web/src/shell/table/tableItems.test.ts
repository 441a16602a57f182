import { expect, test } from "vitest";
import type { RunGroup } from "../../base/grouping";
import { groupedItems, type TableItem } from "./tableItems";

const names = ["a0", "a1", "b0", "b1", "c0"];
const groups: RunGroup[] = ["a", "b", "c", "empty"].map((id) => ({
  id,
  label: id,
  values: [id],
  runs: names.filter((name) => name.startsWith(id)),
}));
const groupOf = (row: number): RunGroup | null => groups.find(({ id }) => names[row]!.startsWith(id)) ?? null;
const cells = [1, 2, 10, NaN, null];

function read(items: readonly TableItem[]): string {
  return items.map((item) => (item.type === "run" ? names[item.row] : item.group.label)).join(" ");
}

test("runs stand below the heading of their group, in the table's order; a group without runs has no heading", () => {
  const items = groupedItems([4, 3, 2, 1, 0], groups, groupOf, () => true, null);
  expect(read(items)).toBe("a a1 a0 b b1 b0 c c0");
});

test("groups stand in the order of their centers, those without one last", () => {
  const rows = [0, 1, 2, 3, 4];
  const order = (descending: boolean) => ({ cells, center: "mean" as const, descending });
  expect(read(groupedItems(rows, groups, groupOf, () => false, order(true)))).toBe("b a c");
  expect(read(groupedItems(rows, groups, groupOf, () => false, order(false)))).toBe("a b c");
});

test("a folded group keeps its heading only", () => {
  const items = groupedItems([0, 1, 2], groups, groupOf, ({ id }) => id !== "a", null);
  expect(read(items)).toBe("a b b0");
  expect(items[0]).toMatchObject({ rows: [0, 1], open: false });
});
