import { expect, test } from "vitest";
import { logName, windowTitle } from "./windowTitle";

test.each([
  ["/home/me/sweep", "sweep"],
  ["/home/me/project/logs", "project/logs"],
  ["/home/me/project/runs/", "project/runs"],
  ["C:\\work\\project\\tb_logs", "project/tb_logs"],
  ["/runs", "runs"],
  ["/", "/"],
  ["/data/日本/实验", "实验"],
  ["/scratch/exp*/tb", "exp*/tb"],
])("%s is called %s", (location, name) => expect(logName(location)).toBe(name));

test("the log stands first, then how it goes", () => {
  const parts = { given: "", locations: ["/a/sweep"], value: "val/acc 0.93", room: "Scalars" };
  expect(windowTitle(parts)).toBe("sweep · val/acc 0.93 · Scalars · cupola");
  expect(windowTitle({ ...parts, value: "" })).toBe("sweep · Scalars · cupola");
  expect(windowTitle({ ...parts, locations: ["/a/b", "/c/d", "/e/f"] })).toMatch(/^b, d … · /);
  expect(windowTitle({ ...parts, given: "mine" })).toBe("mine");
  expect(windowTitle({ given: "", locations: [], value: "", room: "" })).toBe("cupola");
});
