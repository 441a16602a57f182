// @vitest-environment jsdom
import { flushSync } from "svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Graph } from "./data";
import * as data from "./data";
import { chain, graphOf } from "./testing";
import { view } from "./view.svelte";

const server = vi.hoisted(() => ({ version: (): number => 0 }));

vi.mock("../../state/live.svelte", () => ({ live: { version: () => server.version() } }));
vi.mock("../../state/catalog.svelte", () => ({ catalog: { series: () => [{ tag: "t" }] } }));
vi.mock("./data", async (load) => ({
  ...(await load<typeof data>()),
  loadList: vi.fn(),
  loadGraph: vi.fn(),
}));

let version = $state(0);
let stop: () => void;

const settle = async () => {
  for (let i = 0; i < 8; i++) await Promise.resolve();
  flushSync();
};

function entry(run: string): data.GraphEntry {
  return { run, tag: "t", key: `key of ${run}`, kind: "op", step: 0, wall_time: 0, bytes: 1 };
}

/** What the page got of a run: two scopes in each. */
function graph(key: string): Graph {
  const run = key.replace("key of ", "");
  const made = graphOf([...chain(`${run}/n`, 2), ...chain("other/n", 2)]);
  return Object.assign(made, { answer: { ...made.answer, run, key } });
}

beforeEach(async () => {
  vi.useFakeTimers();
  server.version = () => version;
  vi.mocked(data.loadList).mockResolvedValue([entry("a"), entry("b")]);
  vi.mocked(data.loadGraph).mockImplementation((key) => Promise.resolve(graph(key)));
  stop = $effect.root(() => view.follow());
  flushSync();
  await settle();
});

afterEach(() => {
  stop();
  vi.useRealTimers();
});

/** Lets rests between questions pass. */
async function pass(): Promise<void> {
  flushSync();
  await vi.runAllTimersAsync();
  await settle();
}

test("the tree is built anew only for another graph or for what is drawn of it", () => {
  const { tree } = view;
  expect(tree?.graph.answer.run).toBe("a");
  view.color.value = "device";
  view.select(tree!.root.children[0]!);
  view.toggle(tree!.root.children[0]!);
  expect(view.tree).toBe(tree);
  view.everything.value = true;
  expect(view.tree).not.toBe(tree);
  view.everything.value = false;
});

test("what was opened in one graph says nothing of another", async () => {
  view.collapseAll();
  expect(view.expanded.size).toBe(0);
  view.choose(entry("b"));
  await pass();
  expect(view.tree?.graph.answer.run).toBe("b");
  expect(view.expanded.size).toBeGreaterThan(0);
});

test("a failed question leaves the graph, says since when, and is asked again at the next sign of life", async () => {
  const { tree } = view;
  vi.mocked(data.loadList).mockRejectedValue(new Error("the server cannot be reached"));
  version++;
  await pass();
  expect(view.tree).toBe(tree);
  expect(view.problem).toMatchObject({ message: "the server cannot be reached" });

  vi.mocked(data.loadList).mockResolvedValue([entry("a"), entry("b")]);
  version++;
  await pass();
  expect(view.problem).toBeNull();
  expect(view.tree).toBe(tree);
});

test("a graph that could not be had is asked for again; one that is there is not", async () => {
  vi.mocked(data.loadGraph).mockRejectedValueOnce(new Error("gone"));
  view.choose(entry("a"));
  await pass();
  view.choose(entry("b"));
  await pass();
  view.choose(entry("a"));
  vi.mocked(data.loadGraph).mockRejectedValueOnce(new Error("gone"));
  await pass();
  expect(view.problem?.message).toBe("gone");
  version++;
  await pass();
  expect(view.problem).toBeNull();
  expect(view.tree?.graph.answer.run).toBe("a");
  const asked = vi.mocked(data.loadGraph).mock.calls.length;
  version++;
  await pass();
  expect(vi.mocked(data.loadGraph).mock.calls.length).toBe(asked);
});

test("a graph that is still being loaded is given up when another one is chosen", async () => {
  const signals: AbortSignal[] = [];
  vi.mocked(data.loadGraph).mockImplementation((key, signal) => {
    signals.push(signal);
    return signals.length > 1
      ? Promise.resolve(graph(key))
      : new Promise((_, reject) =>
          signal.addEventListener("abort", () => reject(new DOMException("", "AbortError"))),
        );
  });
  view.choose(entry("b"));
  flushSync();
  await settle();
  view.choose(entry("a"));
  await pass();
  expect(signals.map((signal) => signal.aborted)).toEqual([true, false]);
  expect(view.tree?.graph.answer.run).toBe("a");
  expect(view.problem).toBeNull();
});

test("the graph that is shown stays when a run begins whose name sorts first", async () => {
  expect(view.entry?.run).toBe("a");
  vi.mocked(data.loadList).mockResolvedValue([entry("A first"), entry("a"), entry("b")]);
  version++;
  await pass();
  expect(view.entries).toHaveLength(3);
  expect(view.entry?.run).toBe("a");
});
