import { expect, test } from "vitest";
import { flag, number, param, url, word } from "./url.svelte";

const settle = () => new Promise((resolve) => setTimeout(resolve, 300));

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
