// @vitest-environment jsdom
import { flushSync } from "svelte";
import { afterAll, afterEach, beforeEach, expect, test, vi } from "vitest";
import { linked } from "../../dashboard/points.svelte";
import { url } from "../../state/url.svelte";
import { TextSeries } from "./series.svelte";
import { mode, search } from "./view";

const count = 300;
const keys = Array.from({ length: count }, (_, i) => `k${i}`);

/** Every question but those for steps is written down. */
let asked: { path: string; body: { keys?: string[]; query?: string } }[] = [];

function answer(path: string, body: { keys?: string[]; query?: string }): unknown {
  if (path.endsWith("search")) return { series: [{ run: "run", key: ["k7", "k17", "k290"] }] };
  const points = body.keys!.slice(0, 8).map((key) => ({ key, shape: [], strings: [`text of ${key}`] }));
  return { points, next: null };
}

beforeEach(() => {
  url.set({ q: null, view: null, at: null, link: null });
  asked = [];
  vi.stubGlobal("fetch", async (address: string, init: RequestInit) => {
    const path = new URL(address, "http://localhost").pathname;
    if (path.endsWith("steps")) return new Response(stepsAnswer());
    const body = JSON.parse(init.body as string) as { keys?: string[] };
    asked.push({ path, body });
    return new Response(JSON.stringify(answer(path, body)));
  });
});

afterEach(() => vi.unstubAllGlobals());
// The address is written a moment after it was set, which must not be after the page is gone.
afterAll(() => new Promise((resolve) => setTimeout(resolve, 300)));

/** Steps 0, 10, 20 … as the server answers them, without columns. */
function stepsAnswer(): ArrayBuffer {
  const places = keys.map((_, i) => 10 * i);
  const document = JSON.stringify({ series: [{ run: "run", step: places, wall_time: places, key: keys }] });
  const text = new TextEncoder().encode(document);
  const answer = new ArrayBuffer(4 + text.length);
  new DataView(answer).setUint32(0, text.length, true);
  new Uint8Array(answer).set(text, 4);
  return answer;
}

/** Follows a series, as its card does, until `done`. */
async function follow(series: TextSeries, done: () => boolean): Promise<void> {
  const stop = $effect.root(() => {
    $effect(() => series.follow());
  });
  try {
    await vi.waitFor(() => {
      flushSync();
      expect([series.problem?.message, done()]).toEqual([undefined, true]);
    });
  } finally {
    stop();
  }
}

test("one step and its neighbours are read", async () => {
  const series = new TextSeries("run", "one");
  await follow(series, () => series.shown !== null);
  expect(series.shown).toMatchObject({ key: "k299", strings: ["text of k299"], step: 2990 });
  expect(asked.map(({ body }) => body.keys)).toEqual([["k299", "k298"]]);
  series.place = 5;
  await follow(series, () => series.shown?.key === "k5");
  expect(asked.at(-1)!.body.keys).toEqual(["k5", "k6", "k4"]);
});

test("searched words leave the steps that hold them", async () => {
  const series = new TextSeries("run", "search");
  await follow(series, () => series.ready);
  search.value = " words ";
  await follow(series, () => series.shown?.key === "k290");
  expect(asked.find(({ path }) => path.endsWith("search"))!.body.query).toBe("words");
  expect(series.indices).toEqual([7, 17, 290]);
  series.move(-1);
  expect([series.index, series.place]).toEqual([17, 1]);
  series.place = 0;
  expect(series.index).toBe(7);
  series.move(-1);
  expect(series.index).toBe(7);
  series.place = 2;
  expect(series.index).toBe(290);
  search.value = "";
  // The last of those that were found meant the newest.
  expect(series.index).toBe(299);
});

test("the list of all steps is read in parts, the newest first", async () => {
  mode.value = "all";
  const series = new TextSeries("run", "all");
  await follow(series, () => series.ready && series.visible.every((index) => series.point(keys[index]!)));
  expect(series.visible).toEqual(Array.from({ length: 20 }, (_, i) => 299 - i));
  expect(asked.map(({ body }) => body.keys!.length)).toEqual([20, 12, 4]);
});

test("linked cards show the same step", async () => {
  linked.value = true;
  const [one, other] = [new TextSeries("run", "a"), new TextSeries("run", "b")];
  await follow(one, () => one.ready);
  await follow(other, () => other.ready);
  one.place = 3;
  expect(other.index).toBe(3);
});
