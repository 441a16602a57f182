// @vitest-environment jsdom
import { createRawSnippet, flushSync, mount, unmount } from "svelte";
import { afterAll, afterEach, beforeEach, expect, test, vi } from "vitest";
import { catalog } from "../state/catalog.svelte";
import { sidebar } from "../state/sidebar.svelte";
import { url } from "../state/url.svelte";
import type { CardProps } from "./card";
import CardDashboard from "./CardDashboard.svelte";

let room: Record<string, unknown> | undefined;

beforeEach(() => {
  vi.stubGlobal(
    "IntersectionObserver",
    class {
      observe() {}
      unobserve() {}
    },
  );
  url.set({ tags: null, closed: null, open: null, pin: null });
});

afterEach(async () => {
  if (room) await unmount(room);
  vi.unstubAllGlobals();
});

// The address is written a moment after it was set, which must not be after the page is gone.
afterAll(() => new Promise((resolve) => setTimeout(resolve, 300)));

/** Lets the server answer with runs `a`, `b` and one series a tag; a tag that ends with `*` is in both runs. */
async function serve(tags: string[], loading = false): Promise<void> {
  const series = tags.map((tag) => ({
    tag: tag.replace("*", ""),
    display_name: "",
    description: "",
    runs: tag.endsWith("*") ? [0, 1] : [0],
  }));
  const runs = ["a", "b"].map((run) => ({ run, start_wall_time: 0, files: 1, bytes: 1, damage: [] }));
  const answer = JSON.stringify({ cursor: 0, loading, runs, series: { audio: series } });
  vi.stubGlobal("fetch", async () => new Response(answer));
  catalog.refresh();
  await vi.waitFor(() => expect(catalog.loading).toBe(loading));
  await vi.waitFor(() =>
    expect(catalog.series("audio").map((entry) => entry.tag)).toEqual(series.map((s) => s.tag)),
  );
}

const card = createRawSnippet<[CardProps]>((item) => {
  if (item().tag === "broken") throw new Error("a card's fault");
  return { render: () => `<p>${item().tag} of ${item().run}</p>` };
});

function open(): HTMLElement {
  document.body.replaceChildren();
  room = mount(CardDashboard, {
    target: document.body,
    props: { plugin: "audio", none: "No audio", card },
  });
  flushSync();
  return document.body;
}

const headings = (page: HTMLElement) =>
  [...page.querySelectorAll<HTMLElement>("[data-group]")].map((group) => group.dataset["group"]);
const cards = (page: HTMLElement) => [...page.querySelectorAll("[data-place] p")].map((p) => p.textContent);

test("a place for each card while nothing is known, words where there is nothing", async () => {
  await serve([], true);
  expect(open().querySelector("[aria-busy]")?.children.length).toBe(6);
  await unmount(room!);
  await serve([]);
  expect(open().textContent).toContain("No audio");
});

test("a card's error stays in its card, and is tried again", async () => {
  const said = vi.spyOn(console, "error").mockImplementation(() => {});
  await serve(["x/a", "broken", "x/b"]);
  const page = open();
  expect(cards(page)).toEqual(["x/a of a", "x/b of a"]);
  expect(page.querySelector("[data-card=broken]")?.textContent).toContain("This card failed: a card's fault");
  expect(said).toHaveBeenCalledTimes(1);
  page.querySelector<HTMLElement>("[data-card=broken] button")!.click();
  flushSync();
  expect(said).toHaveBeenCalledTimes(2);
});

test("groups of one stand together, a closed group is in the address", async () => {
  await serve(["one/x", "two/x", "two/y", "both/z*"]);
  const page = open();
  expect(headings(page)).toEqual(["Ungrouped", "two", "both"]);
  expect(cards(page)).toEqual(["one/x of a", "two/x of a", "two/y of a", "both/z of a", "both/z of b"]);
  page.querySelector<HTMLElement>("[data-group=two] button")!.click();
  flushSync();
  expect(url.all("closed")).toEqual(["two"]);
  expect(cards(page)).toEqual(["one/x of a", "both/z of a", "both/z of b"]);
});

test("the filter, the pinned group and the controls", async () => {
  await serve(["x/a", "x/b", "y/c"]);
  url.set({ tags: "^x", pin: '["a","x/b"]' });
  const page = open();
  expect(headings(page)).toEqual(["Pinned", "x"]);
  expect(cards(page)).toEqual(["x/b of a", "x/a of a", "x/b of a"]);
  expect(sidebar.controls).not.toBeNull();
  url.set({ tags: "nothing" });
  flushSync();
  expect(page.textContent).toContain("No tag matches the filter");
});
