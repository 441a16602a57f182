import { expect, test } from "vitest";
import { distinctParts, sharedPrefixLength } from "./names";

const marked = (names: string[], name = names[0]!) =>
  distinctParts(names)(name)
    .map((part) => (part.shared ? `(${part.text})` : part.text))
    .join("");

test("shared pieces are found wherever they stand", () => {
  expect(marked(["exp00/trial_000_lr6.09e-05_bs32_seed0", "exp00/trial_001_lr0.1_bs32_seed1"])).toBe(
    "(exp00/trial_)000_lr6.09e-05(_bs32_seed)0",
  );
  expect(marked(["sweep/a/train", "sweep/b/c/train"])).toBe("(sweep/)a(/train)");
  expect(marked(["lr0.1", "lr0.2"])).toBe("lr0.1");
  const sweep = ["exp/a1_same", "exp/a2_same", "exp/other_thing_here"];
  expect(sweep.map((name) => marked(sweep, name))).toEqual([
    "(exp/a)1(_same)",
    "(exp/a)2(_same)",
    "(exp/)other_thing_here",
  ]);
});

test("a name alone, and one that others only add to, is its own", () => {
  expect(marked(["run/only"])).toBe("(run/)only");
  expect(marked(["a/b/"])).toBe("(a/)b/");
  expect(marked(["base", "base/more"])).toBe("base");
  expect(marked(["base", "base/more"], "base/more")).toBe("(base)/more");
  expect(marked([""])).toBe("");
});

test("the parts of a name are the name", () => {
  const names = ["a b//c", "__proto__", "日本/😀 1.5e3", "", "x.y.z", "-1.2.3-"];
  for (const name of names)
    expect(
      distinctParts(names)(name)
        .map((part) => part.text)
        .join(""),
    ).toBe(name);
});

test("the shared prefix ends at a separator", () => {
  const length = (...names: string[]) => names[0]!.slice(0, sharedPrefixLength(names));
  expect(length("sweep/lr0.1", "sweep/lr0.2")).toBe("sweep/");
  expect(length("net.conv1", "net.conv2")).toBe("net.");
  expect(length("run1", "run2")).toBe("");
  expect(length("a/b", "a/b/c")).toBe("a/");
  expect(length("only")).toBe("");
  expect(sharedPrefixLength([])).toBe(0);
});
