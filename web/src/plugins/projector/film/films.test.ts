import { expect, test } from "vitest";
import { keptField } from "./changes";
import { nextStep, placesIn, playable, type FilmState, type FilmStep } from "./films";

const step = (name: string, state: FilmStep["state"] = "done"): FilmStep => ({
  name,
  step: Number(name),
  state,
  problem: "",
  matched: "row",
  points: 3,
});
const film = (steps: FilmStep[], state: FilmState["state"] = "done"): FilmState =>
  ({ state, steps }) as FilmState;

test("points are found by the numbers that they have at every step", () => {
  const rows = { ids: null, count: 3 };
  expect(placesIn(rows, { ids: null, count: 3 })).toBeNull();
  expect([...placesIn(rows, { ids: null, count: 4 })!]).toEqual([0, 1, 2, -1]);
  expect([...placesIn(rows, { ids: Int32Array.of(2, 7, 0), count: 3 })!]).toEqual([2, -1, 0]);
  expect([
    ...placesIn({ ids: Int32Array.of(5, 4), count: 2 }, { ids: Int32Array.of(4, 6, 5), count: 3 })!,
  ]).toEqual([1, -1, 0]);
});

test("steps that cannot be shown are skipped", () => {
  const state = film([step("0"), step("1", "problem"), step("2"), step("3", "absent")]);
  expect(playable(state).map(({ name }) => name)).toEqual(["0", "2"]);
  expect(nextStep(state, "0", false)?.name).toBe("2");
  expect(nextStep(state, "2", false)).toBeNull();
  expect(nextStep(state, "2", true)?.name).toBe("0");
});

test("a step that is being laid out is waited for, and neither skipped nor taken for the end", () => {
  const state = film([step("0"), step("1", "absent"), step("2")], "running");
  expect(nextStep(state, "0", true)).toBeNull();
});

test("a film of one step has no other", () => {
  expect(nextStep(film([step("0")]), "0", false)).toBeNull();
  expect(nextStep(film([step("0")]), "0", true)?.name).toBe("0");
});

test("shares of neighbours are a column of numbers, in which what was not there is empty", () => {
  const { numeric, values, codes } = keptField("kept", Float32Array.of(0, 1 / 3, 1, NaN), 3);
  expect(numeric).toBe(true);
  expect([...codes].map((code) => values[code])).toEqual(["0", "0.3333", "1", ""]);
});
