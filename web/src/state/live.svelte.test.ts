// @vitest-environment jsdom
import { expect, test, vi } from "vitest";
import type { LiveListener } from "../api/live";
import type { Change } from "../api/types";

let listener: LiveListener;
vi.mock("../api/live", () => ({ openLive: (_: number, given: LiveListener) => void (listener = given) }));
const refresh = vi.fn();
vi.mock("./catalog.svelte", () => ({ catalog: { cursor: 0, refresh: () => void refresh() } }));

const { live } = await import("./live.svelte");
live.start();

const change = (series: Change["series"], catalog = false): void =>
  listener.change({ cursor: 1, catalog, series });

test("a frozen page takes nothing in, and all of it when it goes on", () => {
  live.setPaused(true);
  for (let i = 0; i < 1000; i++) change({ scalars: ["loss"] }, i === 3);
  change({ scalars: ["acc"], images: ["x"] });
  expect(live.version("scalars", "loss") + live.version("images", "x")).toBe(0);
  expect(refresh).not.toHaveBeenCalled();
  expect(live.lastChange_ms).toBeGreaterThan(0);
  live.setPaused(false);
  for (const [plugin, tag] of [
    ["scalars", "loss"],
    ["scalars", "acc"],
    ["images", "x"],
  ] as const)
    expect(live.version(plugin, tag)).toBe(1);
  expect(live.version("scalars", "other")).toBe(0);
  expect(refresh).toHaveBeenCalledTimes(1);
});

test("a reconnection while frozen asks for everything afterwards", () => {
  const before = live.version("scalars", "loss");
  live.setPaused(true);
  change({ scalars: ["loss"] });
  change(null);
  change({ scalars: ["loss"] });
  live.setPaused(false);
  expect(live.version("scalars", "loss")).toBeGreaterThan(before);
  expect(live.version("text", "never named")).toBe(1);
});

test("going on without having been frozen does nothing", () => {
  const before = live.version("scalars", "loss");
  live.setPaused(false);
  expect(live.version("scalars", "loss")).toBe(before);
});
