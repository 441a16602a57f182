// @vitest-environment jsdom
import { expect, test } from "vitest";
import { perSeries } from "./perSeries";

test("one thing is made for each run and tag, and kept", () => {
  const made: string[] = [];
  const of = perSeries((run, tag) => ({ name: `${made.push(run)} ${tag}` }));
  const first = of("a", "b/c");
  expect(of("a", "b/c")).toBe(first);
  expect(of("a/b", "c")).not.toBe(first);
  expect(of("__proto__", "constructor").name).toBe("3 constructor");
  expect(made).toEqual(["a", "a/b", "__proto__"]);
});
