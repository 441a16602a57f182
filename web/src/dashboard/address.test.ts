// @vitest-environment jsdom
import { beforeEach, expect, test } from "vitest";
import { url } from "../state/url.svelte";
import { cardKey, large, urlPositions, urlSet } from "./address.svelte";

const wide = urlSet("wide");
const positions = urlPositions("at");

beforeEach(() => url.set({ wide: null, at: null, large: null, open: null }));

test("a set of names", () => {
  wide.set("a", true);
  wide.toggle("b");
  expect([...wide.all]).toEqual(["a", "b"]);
  expect(url.all("wide")).toEqual(["a", "b"]);
  wide.toggle("a");
  expect(wide.has("a")).toBe(false);
  wide.set("b", false);
  expect(url.all("wide")).toEqual([]);
});

test("a position stands in the address until the card is back at the newest", () => {
  expect(positions.get("r", "t")).toEqual({ point: null, sample: 0 });
  positions.set("r", "t", { point: "k3", sample: 0 });
  positions.set("__proto__", "t", { point: null, sample: 2 });
  expect(url.all("at")).toEqual(['["r","t","k3"]', '["__proto__","t",null,2]']);
  expect(positions.get("__proto__", "t")).toEqual({ point: null, sample: 2 });
  positions.set("r", "t", { point: null, sample: 0 });
  expect(url.all("at")).toEqual(['["__proto__","t",null,2]']);
});

test("former addresses are understood and broken ones harm nothing", () => {
  url.set({ at: ['["r","t",7]', '["r","u",null,1]', '["r"', "7", "[1,2,3]"] });
  expect(positions.get("r", "t")).toEqual({ point: 7, sample: 0 });
  expect(positions.get("r", "u")).toEqual({ point: null, sample: 1 });
  url.set({ open: '["r","t"]' });
  expect(large.value).toBe(cardKey("r", "t"));
  large.value = null;
  expect(large.value).toBeNull();
  url.set({ open: ["train", "val"] });
  expect(large.value).toBeNull();
});
