// @vitest-environment jsdom
import { flushSync } from "svelte";
import { afterAll, expect, test, vi } from "vitest";
import { flag, number, param, sharedKeys, url, word } from "./url.svelte";

const settle = () => new Promise((resolve) => setTimeout(resolve, 300));

// What the last test set is still to be written, and a page that is gone has no address.
afterAll(settle);

function go(hash: string): void {
  location.hash = hash;
  window.dispatchEvent(new HashChangeEvent("hashchange"));
}

test("the address names the room and its state", () => {
  go("#scalars?smoothing=0.9&hide=a%2Fb&hide=__proto__");
  expect(url.room).toBe("scalars");
  expect(url.get("smoothing")).toBe("0.9");
  expect(url.all("hide")).toEqual(["a/b", "__proto__"]);
  expect(url.get("nothing")).toBeNull();
});

test("what is set is written a moment later, and the fallback not at all", async () => {
  go("#scalars");
  const smoothing = param("smoothing", 0.6, number);
  smoothing.value = 0.95;
  smoothing.value = 0.97;
  expect(smoothing.value).toBe(0.97);
  await settle();
  expect(location.hash).toBe("#scalars?smoothing=0.97");
  smoothing.value = 0.6;
  await settle();
  expect(location.hash).toBe("#scalars");
});

test("a reload within that moment finds what was set", async () => {
  go("#scalars");
  const smoothing = param("smoothing", 0.6, number);
  smoothing.value = 0.95;
  smoothing.value = 0.97;
  window.dispatchEvent(new Event("pagehide"));
  vi.resetModules();
  const { url: reloaded } = await import("./url.svelte");
  expect(reloaded.get("smoothing")).toBe("0.97");
  expect(location.hash).toBe("#scalars?smoothing=0.97");
  expect(sessionStorage.length).toBe(0);
});

test("each room keeps its own state, and runs are shared", async () => {
  go("#scalars?x=wall&filter=lr");
  url.open("images");
  expect(url.get("x")).toBeNull();
  expect(url.get("filter")).toBe("lr");
  expect(location.hash).toBe("#images?filter=lr");
  url.open("scalars");
  expect(url.get("x")).toBe("wall");
});

test("what an address says wrongly is as if it were not said", () => {
  go("#scalars?smoothing=abc&x=sideways&flag=1&%E0%A4%A");
  expect(param("smoothing", 0.6, number).value).toBe(0.6);
  expect(param("x", "step", word(["step", "wall"] as const)).value).toBe("step");
  expect(param("flag", false, flag).value).toBe(true);
});

test("setting one parameter runs only its readers", () => {
  go("#scalars?one=1&two=2&list=a&list=b");
  const ran = { one: 0, two: 0, list: 0, decode: 0 };
  const one = param("one", 0, number);
  const two = param(
    "two",
    { n: 0 },
    {
      encode: (value) => String(value.n),
      decode: (text) => (ran.decode++, { n: Number(text) }),
    },
  );
  const end = $effect.root(() => {
    $effect(() => void (one.value, ran.one++));
    $effect(() => void (two.value, ran.two++));
    $effect(() => void (url.all("list"), ran.list++));
  });
  flushSync();
  const object = two.value;
  for (const value of [5, 6, 7]) {
    one.value = value;
    flushSync();
  }
  url.set({ filter: "lr", list: ["a", "b"] });
  flushSync();
  go("#scalars?one=7&two=2&list=a&list=b");
  flushSync();
  expect(ran).toEqual({ one: 4, two: 1, list: 1, decode: 1 });
  expect(two.value).toBe(object);
  url.set({ list: "a" });
  url.open("images");
  flushSync();
  expect(ran).toEqual({ one: 5, two: 2, list: 2, decode: 1 });
  end();
});

test("a parameter outlives the effect in which it was made, and is tracked by it", () => {
  go("#scalars?late=1");
  let late!: { value: number };
  const seen: number[] = [];
  const end = $effect.root(() => {
    $effect(() => {
      late ??= param("late", 0, number);
      seen.push(late.value);
    });
  });
  flushSync();
  late.value = 2;
  flushSync();
  end();
  late.value = 3;
  expect(late.value).toBe(3);
  expect(seen).toEqual([1, 2]);
});

test("who changes the address in an effect does not depend on all of it", () => {
  go("#scalars?a=1");
  let ran = 0;
  expect(url.get("a")).toBe("1");
  const end = $effect.root(() => {
    $effect(() => {
      ran++;
      url.set({ b: "1" });
    });
  });
  flushSync();
  url.set({ a: "2" });
  flushSync();
  expect(ran).toBe(1);
  end();
});

test("a link that is followed stands against what was to be written, and what the other room had is kept", async () => {
  go("#scalars");
  await settle();
  location.hash = "#images"; // the browser tells of it in a moment
  param("smoothing", 0.6, number).value = 0.9;
  expect(location.hash).toBe("#images");
  await settle();
  expect([location.hash, url.room]).toEqual(["#images", "images"]);
  url.open("scalars");
  expect(url.get("smoothing")).toBe("0.9");
});

test("no room's parameter is called as one that all rooms share", () => {
  const sources = import.meta.glob<string>("../plugins/**/*.{ts,svelte}", {
    query: "?raw",
    import: "default",
    eager: true,
  });
  const named = Object.entries(sources).flatMap(([file, source]) =>
    [...source.matchAll(/\b(?:param|urlSet|urlPositions)(?:<[^(]*>)?\(\s*"([^"]+)"/g)].map(
      ([, name]) => [file, name!] as const,
    ),
  );
  expect(named.length).toBeGreaterThan(30);
  expect(named.filter(([, name]) => sharedKeys.has(name))).toEqual([]);
});
