import { expect, test } from "vitest";
import { groupsCsv, makeGroupLines, type GroupAnswer, type GroupQuery } from "./groupData";

const answer: GroupAnswer = {
  tag: "loss",
  x: "step",
  groups: [
    {
      name: "id",
      runs: ["a", "b"],
      count: 2,
      complete: true,
      last: { x: 1, n: 1, center: 3, low: "NaN", high: "NaN" },
      minimum: 2,
      maximum: 3,
      x: Float64Array.of(0, 1),
      center: Float64Array.of(2, 3),
      low: Float64Array.of(1, NaN),
      high: Float64Array.of(3, NaN),
      n: Int32Array.of(2, 1),
      smoothed: null,
    },
  ],
};
const group = { id: "id", label: 'lr = "1"', values: [], runs: ["a", "b"] };
const styles = { color: () => "#123456", dash: () => [] };

test("a group becomes a line with a band, named with the count of its members", () => {
  const [line] = makeGroupLines(answer, { ...styles, find: () => group });
  expect(line).toMatchObject({ name: "id", label: 'lr = "1" (2)', color: "#123456" });
  expect(line!.band!.low).toBe(answer.groups[0]!.low);
  expect(line!.series).toMatchObject({ count: 2, first_step: 0, last_step: 1, last_value: 3 });
});

test("a group that is gone, or without members that have the tag, has no line", () => {
  expect(makeGroupLines(answer, { ...styles, find: () => null })).toEqual([]);
  const empty = { ...answer, groups: [{ ...answer.groups[0]!, count: 0 }] };
  expect(makeGroupLines(empty, { ...styles, find: () => group })).toEqual([]);
});

test("a table has a row for each place, with names quoted", () => {
  const query = { center: "median", band: "range" } as GroupQuery;
  expect(groupsCsv(answer, query, () => group.label)).toBe(
    'group,step,median,range_low,range_high,n\n"lr = ""1""",0,2,1,3,2\n"lr = ""1""",1,3,NaN,NaN,1\n',
  );
});
