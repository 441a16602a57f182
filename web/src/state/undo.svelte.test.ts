// @vitest-environment jsdom
import { afterAll, afterEach, beforeEach, expect, test, vi } from "vitest";
import { undo } from "./undo.svelte";
import { url } from "./url.svelte";

beforeEach(() => {
  vi.useFakeTimers();
  go("#scalars");
});
afterEach(later);
afterAll(() => vi.useRealTimers());

function go(hash: string): void {
  location.hash = hash;
  window.dispatchEvent(new HashChangeEvent("hashchange"));
}

function later(): void {
  vi.advanceTimersByTime(2000);
}

test("changes are undone one by one, and done again", () => {
  url.set({ filter: "lr" });
  later();
  url.set({ smoothing: "0.9" });
  later();
  undo.undo();
  expect(url.hash).toBe("#scalars?filter=lr");
  undo.undo();
  expect(url.hash).toBe("#scalars");
  undo.redo();
  undo.redo();
  expect(url.hash).toBe("#scalars?filter=lr&smoothing=0.9");
  expect(undo.canRedo).toBe(false);
});

test("a slider that is dragged is one change", () => {
  for (let step = 0; step < 50; step++) {
    url.set({ smoothing: String(step / 50) });
    vi.advanceTimersByTime(100);
  }
  undo.undo();
  expect(url.hash).toBe("#scalars");
});

test("a new change ends what could be done again", () => {
  url.set({ filter: "a" });
  later();
  undo.undo();
  url.set({ filter: "b" });
  expect(undo.canRedo).toBe(false);
});

test("what another room holds comes back with its room", () => {
  url.set({ x: "wall" });
  later();
  url.open("images");
  url.set({ size: "3" });
  later();
  undo.undo();
  expect(url.hash).toBe("#images");
  undo.undo();
  expect(url.hash).toBe("#scalars");
});

test("nothing to undo does nothing, and the past is bounded", () => {
  for (let change = 0; change < 300; change++) {
    url.set({ filter: String(change) });
    later();
  }
  let steps = 0;
  for (; undo.canUndo; steps++) undo.undo();
  expect(steps).toBe(100);
  undo.undo();
  expect(url.hash).toBe("#scalars?filter=199");
});
