// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { KeptViews, ViewsChange } from "../api/views";

let stored: KeptViews;
let sent: ViewsChange[];
let answer: (change: ViewsChange) => Response;

const json = (body: unknown, status = 200): Response => new Response(JSON.stringify(body), { status });

beforeEach(() => {
  vi.useFakeTimers();
  vi.resetModules();
  localStorage.clear();
  stored = { last: null, named: {}, settings: {}, problems: [] };
  sent = [];
  answer = () => json(stored);
  vi.stubGlobal("fetch", (_: string, init: RequestInit) => {
    if (init.method !== "PATCH") return Promise.resolve(json(stored));
    sent.push(JSON.parse(init.body as string) as ViewsChange);
    return Promise.resolve(answer(sent.at(-1)!));
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function start(hash: string) {
  history.replaceState(null, "", hash || location.pathname);
  const { views } = await import("./views.svelte");
  const { url } = await import("./url.svelte");
  const { kept } = await import("./kept.svelte");
  await views.load();
  return { views, url, kept };
}

test("a bare address opens the last view", async () => {
  stored.last = { hash: "#scalars?filter=lr", others: ["#images?size=2"] };
  const { views, url } = await start("");
  expect(url.hash).toBe("#scalars?filter=lr");
  expect(views.restored).toBe(true);
  url.open("images");
  expect(url.hash).toBe("#images?filter=lr&size=2");
});

test("an address that says something wins", async () => {
  stored.last = { hash: "#scalars?filter=lr" };
  const { views, url } = await start("#text");
  expect(url.hash).toBe("#text");
  expect(views.restored).toBe(false);
});

test("a room alone is opened without a word", async () => {
  stored.last = { hash: "#images" };
  const { views, url } = await start("");
  expect(url.room).toBe("images");
  expect(views.restored).toBe(false);
});

test("what the page changes is kept, once it stands still; what an address brought is not", async () => {
  const { views, url } = await start("#scalars?filter=a");
  views.follow();
  await vi.advanceTimersByTimeAsync(5000);
  expect(sent).toEqual([]);
  url.set({ filter: "b" });
  views.follow();
  url.set({ filter: "bc" });
  views.follow();
  await vi.advanceTimersByTimeAsync(5000);
  expect(sent).toEqual([{ last: { hash: "#scalars?filter=bc", others: [] } }]);
});

test("dismissed, the room stands as at first; undone, the view is back", async () => {
  stored.last = { hash: "#scalars?filter=lr", others: ["#images?size=2"] };
  const { views, url } = await start("");
  views.reset();
  expect(url.view).toEqual({ hash: "#scalars", others: [] });
  const { undo } = await import("./undo.svelte");
  undo.undo();
  expect(url.view).toEqual({ hash: "#scalars?filter=lr", others: ["#images?size=2"] });
});

test("views are saved, renamed, removed and brought back", async () => {
  const { views, url } = await start("#scalars?filter=a");
  views.save("__proto__");
  views.save("b10");
  views.save("b9");
  expect(views.names).toEqual(["__proto__", "b9", "b10"]);
  expect(views.shown).toBe("__proto__");
  url.set({ filter: "x" });
  expect(views.shown).toBeNull();
  views.open("b9");
  expect(url.hash).toBe("#scalars?filter=a");
  views.rename("b9", "c");
  expect(views.names).toEqual(["__proto__", "b10", "c"]);
  const restore = views.remove("c");
  expect(views.names).toEqual(["__proto__", "b10"]);
  restore();
  expect(views.names).toEqual(["__proto__", "b10", "c"]);
});

test("a change that does not arrive is sent again, with what came later; one that is refused is said", async () => {
  const { kept } = await start("#scalars");
  answer = () => {
    throw new TypeError("network");
  };
  vi.stubGlobal("fetch", (_: string, init: RequestInit) => {
    sent.push(JSON.parse(init.body as string) as ViewsChange);
    return sent.length === 1 ? Promise.reject(new TypeError("away")) : Promise.resolve(json(stored));
  });
  kept.change({ settings: { theme: "dark" } });
  await vi.advanceTimersByTimeAsync(1000);
  kept.change({ settings: { language: "en" } });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(sent.at(-1)).toEqual({ settings: { theme: "dark", language: "en" } });
  vi.stubGlobal("fetch", () => Promise.resolve(json({ error: "too long" }, 413)));
  kept.change({ last: { hash: "#x" } });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(kept.refusal).toBe("too long");
});

test("preferences come from the server, from the browser until then", async () => {
  localStorage.setItem("cupola.theme", '"dark"');
  stored.settings = { theme: "light", smoothing: "nonsense" };
  const { preference } = await import("./preference.svelte");
  const text = (value: unknown) => (typeof value === "string" ? value : null);
  const theme = preference("theme", "system", text);
  const smoothing = preference("smoothing", 0.6, (value) => (typeof value === "number" ? value : null));
  expect(theme.value).toBe("dark");
  await start("#scalars");
  expect(theme.value).toBe("light");
  expect(smoothing.value).toBe(0.6);
  smoothing.value = 0.9;
  expect(smoothing.value).toBe(0.9);
  expect(localStorage.getItem("cupola.smoothing")).toBe("0.9");
  await vi.advanceTimersByTimeAsync(5000);
  expect(sent).toEqual([{ settings: { smoothing: 0.9 } }]);
});

test("a server without an answer leaves it open; one that refuses settles it", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("away")));
  const { views } = await start("");
  expect(views.settled).toBe(false);
  vi.stubGlobal("fetch", () => Promise.resolve(json({ error: "no" }, 404)));
  await views.load();
  expect(views.settled).toBe(true);
});
