/** Every `import()` is handed to what handles its failure. */

import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, test, vi } from "vitest";
import { loadPart, onReturn, serverReturned, whenLoaded } from "./parts";

const source = join(import.meta.dirname, "..");

/** An `import()` that is called where it stands: `await import(…)`, `{#await import(…)}`, `void import(…)`, `= import(…)`. */
const bare = /(?<!\(\) => |\btypeof |: )\bimport\(/g;

function complaints(name: string, text: string): string[] {
  const code = text.replace(/\/\*.*?\*\/|\/\/.*$/gms, "");
  return [...code.matchAll(bare)].map(
    ({ index }) => `${name}: ${code.slice(Math.max(0, index - 20), index + 40)}`,
  );
}

test("no part of the page is loaded where nobody handles that it cannot be had", () => {
  const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter(
    (name) => /\.(svelte|ts)$/.test(name) && !name.endsWith(".test.ts"),
  );
  expect(files.length).toBeGreaterThan(100);
  expect(
    files.flatMap((name) =>
      complaints(relative(source, join(source, name)), readFileSync(join(source, name), "utf8")),
    ),
  ).toEqual([]);
});

test.each([
  '{#await import("./Part.svelte") then { default: Part }}<Part />{/await}',
  'const { save } = await import("./save");',
  'void import("./density").then(use);',
  'const panels = import("./panels");',
  'Promise.all([import("./a"), import("./b")])',
])("a bare import is seen: %s", (code) => {
  expect(complaints("x", code).length).toBeGreaterThan(0);
});

test("what is handed over is not", () => {
  expect(complaints("x", '<LazyPart load={() => import("./Part.svelte")}>')).toEqual([]);
  expect(complaints("x", "let loaded: typeof import('./part');")).toEqual([]);
});

// -- loading --------------------------------------------------------------------------------------------------

/** A source that fails `failures` times. */
function flaky(failures: number): () => Promise<string> {
  return vi.fn(() =>
    failures-- > 0 ? Promise.reject(new TypeError("Failed to fetch")) : Promise.resolve("part"),
  );
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

test("a failure is told in words, with its cause", async () => {
  const load = flaky(1);
  await expect(loadPart(load)).rejects.toThrow("could not be loaded");
  await expect(loadPart(load)).resolves.toBe("part");
});

test("what could not be had is asked for when the server is back, until it comes, and used once", async () => {
  const [load, use, lacks] = [flaky(2), vi.fn(), vi.fn()];
  whenLoaded(load, use, lacks);
  await settled();
  expect(lacks).toHaveBeenCalledTimes(1);
  serverReturned();
  await settled();
  expect(use).not.toHaveBeenCalled();
  serverReturned();
  await settled();
  expect(use).toHaveBeenCalledExactlyOnceWith("part");
  serverReturned();
  await settled();
  expect(load).toHaveBeenCalledTimes(3);
});

test("who does not listen any more is not told", () => {
  const listener = vi.fn();
  onReturn(listener)();
  serverReturned();
  expect(listener).not.toHaveBeenCalled();
});
