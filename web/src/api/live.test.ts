// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openLive, type LiveState } from "./live";
import type { Change } from "./types";

class FakeSource {
  static opened: FakeSource[] = [];
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  closed = false;
  #listeners = new Map<string, (event: { data: string }) => void>();

  constructor(readonly address: string) {
    FakeSource.opened.push(this);
  }
  addEventListener(name: string, listener: (event: { data: string }) => void): void {
    this.#listeners.set(name, listener);
  }
  push(change: Change): void {
    this.#listeners.get("change")!({ data: JSON.stringify(change) });
  }
  hello(): void {
    this.#listeners.get("hello")!({ data: "{}" });
  }
  close(): void {
    this.closed = true;
  }
}

const change = (cursor: number): Change => ({ cursor, catalog: false, series: { scalars: ["loss"] } });
let states: LiveState[];
let changes: Change[];
let close: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("EventSource", FakeSource);
  FakeSource.opened = [];
  [states, changes] = [[], []];
  close = openLive(7, { state: (state) => states.push(state), change: (found) => changes.push(found) });
});

const answering = () => vi.stubGlobal("fetch", () => Promise.resolve(new Response("{}")));

test("a stream that is silent though the server answers is held back: it asks for short ones", async () => {
  answering();
  expect(last().address).not.toContain("once");
  await vi.advanceTimersByTimeAsync(6100);
  expect(FakeSource.opened).toHaveLength(2);
  expect(FakeSource.opened[0]!.closed).toBe(true);
  expect(last().address).toContain("cursor=7&hello=1&once=1");
  for (const cursor of [8, 9]) {
    last().onopen!();
    last().push(change(cursor));
    last().onerror!(); // the server ends it
    await vi.advanceTimersByTimeAsync(60);
    expect(last().address).toContain(`cursor=${cursor}&hello=1&once=1`);
  }
  last().onopen!();
  last().hello(); // nothing new for a while
  last().onerror!();
  expect(new Set(states)).toEqual(new Set(["held"]));
  expect(changes).toEqual([change(8), change(9)]);
  await vi.advanceTimersByTimeAsync(60);
  last().onerror!();
  expect(states.at(-1)).toBe("lost");
});

test("a silent stream of a server that does not answer either is not held back", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(FakeSource.opened).toHaveLength(1);
});

test("a stream that said hello is left alone", async () => {
  answering();
  last().onopen!();
  last().hello();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(FakeSource.opened).toHaveLength(1);
  expect(states).toEqual(["live"]);
});

afterEach(() => {
  close();
  vi.useRealTimers();
});

const last = () => FakeSource.opened.at(-1)!;

test("it begins at the catalog's cursor and hands on what comes", () => {
  expect(last().address).toContain("api/live?cursor=7");
  last().onopen!();
  last().push(change(8));
  expect(states).toEqual(["live"]);
  expect(changes).toEqual([change(8)]);
});

test("after a loss everything may have changed, from the last cursor on", () => {
  last().onopen!();
  last().push(change(8));
  last().onerror!();
  expect(states.at(-1)).toBe("lost");
  vi.advanceTimersByTime(300);
  expect(FakeSource.opened).toHaveLength(2);
  expect(last().address).toContain("cursor=8");
  last().onopen!();
  expect(states.at(-1)).toBe("live");
  expect(changes.at(-1)).toMatchObject({ catalog: true, series: null });
});

test("it goes on trying", () => {
  for (let i = 0; i < 6; i++) {
    last().onerror!();
    vi.advanceTimersByTime(6000);
  }
  expect(states.at(-1)).toBe("lost");
  expect(FakeSource.opened).toHaveLength(7);
  expect(FakeSource.opened.slice(0, -1).every((source) => source.closed)).toBe(true);
  globalThis.dispatchEvent(new Event("online"));
  expect(FakeSource.opened).toHaveLength(8);
});

test("a hidden tab lets go of the connection, and goes on from its cursor when it is seen again", () => {
  last().onopen!();
  last().push(change(8));
  const hidden = vi.spyOn(document, "hidden", "get").mockReturnValue(true);
  document.dispatchEvent(new Event("visibilitychange"));
  expect(last().closed).toBe(true);
  vi.advanceTimersByTime(600_000);
  expect(FakeSource.opened).toHaveLength(1);
  hidden.mockReturnValue(false);
  document.dispatchEvent(new Event("visibilitychange"));
  expect(FakeSource.opened).toHaveLength(2);
  expect(last().address).toContain("cursor=8");
  last().onopen!();
  expect(changes).toEqual([change(8)]);
});

test("a tab that is hidden while it waits for a lost server waits no more", () => {
  last().onerror!();
  const hidden = vi.spyOn(document, "hidden", "get").mockReturnValue(true);
  document.dispatchEvent(new Event("visibilitychange"));
  vi.advanceTimersByTime(600_000);
  expect(FakeSource.opened).toHaveLength(1);
  hidden.mockReturnValue(false);
  document.dispatchEvent(new Event("visibilitychange"));
  expect(states).toEqual(["lost"]);
  last().onopen!();
  expect(changes.at(-1)).toMatchObject({ catalog: true, series: null });
});

test("a server that was started again with another token is told apart from one that is gone", async () => {
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(null, { status: 401 })));
  last().onopen!();
  last().onerror!();
  await vi.advanceTimersByTimeAsync(0);
  expect(states).toEqual(["live", "lost", "refused"]);
  await vi.advanceTimersByTimeAsync(300);
  last().onerror!(); // no other word between two attempts
  await vi.advanceTimersByTimeAsync(0);
  expect(new Set(states.slice(2))).toEqual(new Set(["refused"]));
  await vi.advanceTimersByTimeAsync(1100);
  last().onopen!(); // somebody opened the printed address in another tab
  expect(states.at(-1)).toBe("live");
});
