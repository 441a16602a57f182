// @vitest-environment jsdom
import { expect, test } from "vitest";
import { favicon, logState, type LogState } from "./favicon";

const run = (state: "growing" | "silent" | "finished", diverged = false, damaged = false) => ({
  state,
  diverged,
  damaged,
});

test.each<[string, ReturnType<typeof run>[], LogState]>([
  ["no run", [], { growth: null, trouble: null }],
  ["one of many grows", [run("finished"), run("growing")], { growth: "growing", trouble: null }],
  ["none grows", [run("finished"), run("silent")], { growth: "silent", trouble: null }],
  ["all are done", [run("finished")], { growth: "finished", trouble: null }],
  [
    "a growing one diverged",
    [run("growing", true), run("finished")],
    { growth: "growing", trouble: "diverged" },
  ],
  ["an old one diverged", [run("growing"), run("silent", true)], { growth: "growing", trouble: null }],
  ["one is damaged", [run("growing"), run("silent", false, true)], { growth: "growing", trouble: "damaged" }],
  ["both", [run("silent", true, true)], { growth: "silent", trouble: "diverged" }],
])("%s", (_, runs, state) => expect(logState(runs)).toEqual(state));

test("each state is a picture of its own, and well-formed", () => {
  const pictures = new Set<string>();
  for (const growth of ["growing", "silent", "finished", null] as const)
    for (const trouble of ["diverged", "damaged", null] as const) pictures.add(favicon({ growth, trouble }));
  expect(pictures.size).toBe(12);
  for (const picture of pictures) {
    const parsed = new DOMParser().parseFromString(picture, "image/svg+xml");
    expect(parsed.querySelector("parsererror")).toBeNull();
  }
});
