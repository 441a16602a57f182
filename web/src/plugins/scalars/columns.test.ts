import { expect, test, vi } from "vitest";
import { postColumns } from "../../api/client";
import { catalog } from "../../state/catalog.svelte";
import columns, { parseId } from "./columns";

vi.mock("../../api/client", async (original) => ({ ...(await original<object>()), postColumns: vi.fn() }));

test.each([
  ["scalars:val/acc:last", { tag: "val/acc", statistic: "last", step: null }],
  ["scalars:a:b:max_step", { tag: "a:b", statistic: "max_step", step: null }],
  ["scalars::last", { tag: "", statistic: "last", step: null }],
  ["scalars:x:at=-5", { tag: "x", statistic: "at", step: -5 }],
])("%s is a column", (id, wanted) => expect(parseId(id)).toEqual(wanted));

test.each(["scalars:x", "scalars:x:mode", "scalars:x:at=1.5", "scalars:x:at", "hparams:x:last", "scalars:"])(
  "%s is none",
  (id) => {
    expect(parseId(id)).toBeNull();
    expect(columns.info(id)).toBeNull();
  },
);

test("one question brings all columns of one step, a missing row is no number and a NaN is one", async () => {
  vi.mocked(postColumns).mockImplementation(async (_path, body) => {
    const { tags, step } = body as { tags: string[]; step: number | null };
    return {
      runs: ["a", "b"],
      tags: tags.map((tag) => ({
        tag,
        count: Float64Array.of(2, tag === "x" ? 0 : 1),
        last: Float64Array.of(NaN, 0),
        at: Float64Array.of(step ?? -1, 3),
      })),
    };
  });
  if (typeof columns.cells === "function") throw new Error("asked for");
  const loaded = await columns.cells.load(["scalars:x:last", "scalars:y:at=7", "scalars:y:at=8"]);
  expect(loaded).toEqual([
    { id: "scalars:x:last", runs: ["a", "b"], cells: [NaN, null] },
    { id: "scalars:y:at=7", runs: ["a", "b"], cells: [7, 3] },
    { id: "scalars:y:at=8", runs: ["a", "b"], cells: [8, 3] },
  ]);
  expect(vi.mocked(postColumns)).toHaveBeenCalledTimes(2);
});

test("before its first step a run has no value at a step, which is not a NaN", async () => {
  const entry = { display_name: "", description: "", counts: [1, 1], last_steps: [9, 9] };
  vi.spyOn(catalog, "series").mockReturnValue([{ tag: "x", runs: [0, 1], first_steps: [8, 0], ...entry }]);
  vi.spyOn(catalog, "runNames").mockReturnValue(["late", "nan"]);
  // Two runs are newer than the catalog.
  vi.mocked(postColumns).mockResolvedValue({
    runs: ["late", "nan", "new", "new number"],
    tags: [{ tag: "x", count: Float64Array.of(1, 1, 1, 1), at: Float64Array.of(NaN, NaN, NaN, 3) }],
  });
  if (typeof columns.cells === "function") throw new Error("asked for");
  const [loaded] = await columns.cells.load(["scalars:x:at=7"]);
  expect(loaded!.cells).toEqual([null, NaN, null, 3]);
});

test("a series without a finite value has no step at which it was smallest", async () => {
  vi.mocked(postColumns).mockResolvedValue({
    runs: ["fine", "nan"],
    tags: [
      {
        tag: "x",
        count: Float64Array.of(9, 9),
        min_step: Float64Array.of(0, 0),
        min: Float64Array.of(1, NaN),
      },
    ],
  });
  if (typeof columns.cells === "function") throw new Error("asked for");
  const [loaded] = await columns.cells.load(["scalars:x:min_step"]);
  expect(loaded!.cells).toEqual([0, null]);
  expect(vi.mocked(postColumns).mock.lastCall![1]).toMatchObject({ statistics: ["min_step", "min"] });
});
