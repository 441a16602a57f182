// @vitest-environment jsdom
import { beforeEach, expect, test, vi } from "vitest";
import type { CatalogAnswer } from "../api/types";
import { catalog } from "./catalog.svelte";
import { groups } from "./groups.svelte";
import { runColors } from "./runColors.svelte";
import { runs } from "./runs.svelte";
import { runSelection } from "./runSelection.svelte";
import { url } from "./url.svelte";

const names = ["__proto__", "sweep/a", "sweep/b", "sweep/c10"];

function answer(run: readonly string[]): CatalogAnswer {
  const entry = {
    start_wall_time: 0,
    files: 1,
    bytes: 1,
    damage: [],
    state: "growing" as const,
    last_wall_time: 2,
    last_growth: 2,
    points: 1,
    diverged: null,
  };
  return {
    cursor: 1,
    now: 1,
    loading: false,
    logdirs: [],
    runs: run.map((name) => ({ run: name, ...entry })),
    series: {},
  };
}

async function serve(run: readonly string[], location = "/logs"): Promise<void> {
  vi.stubGlobal("fetch", async (address: string) =>
    Response.json(address.endsWith("info") ? { location } : answer(run)),
  );
  catalog.refresh();
  await vi.waitFor(() => expect(catalog.runs.map((entry) => entry.run)).toEqual(run));
}

beforeEach(async () => {
  url.set({ show: null, hide: null, also: null, without: null, filter: null, focus: null });
  await serve(names);
});

test("all runs are drawn until somebody says otherwise", () => {
  expect(runs.visible).toEqual(names);
});

test("the address names the shorter list, so that new runs appear unless only some were wanted", async () => {
  runs.select("sweep/b", false);
  expect(url.all("hide")).toEqual(["sweep/b"]);
  await serve([...names, "sweep/new"]);
  expect(runs.visible).toContain("sweep/new");

  runs.selectOnly("sweep/a");
  expect(url.all("show")).toEqual(["sweep/a"]);
  expect(runs.visible).toEqual(["sweep/a"]);
  runs.selectOnly("sweep/a");
  expect(runs.visible).toHaveLength(5);
});

test("none can be drawn, and that is in the address too", () => {
  runs.selectMatching(false);
  expect(runs.visible).toEqual([]);
  expect(url.hash).toContain("show=");
  runs.selectMatching(true);
  expect(url.hash).not.toContain("show");
});

test("a filter hides what it does not match, and ticks change only what it does", () => {
  runSelection.text = "^SWEEP/[ab]$";
  expect(runs.visible).toEqual(["sweep/a", "sweep/b"]);
  runs.selectMatching(false);
  runSelection.text = "";
  expect(runs.visible).toEqual(["__proto__", "sweep/c10"]);
  runSelection.text = "c1(";
  // What is no expression changes nothing, and says what is wrong and where.
  expect(runSelection.filter.problem).toBe("“(” is never closed (character 3)");
  expect(runs.visible).toEqual(["__proto__", "sweep/c10"]);
  runSelection.text = "c1(0)";
  expect(runs.visible).toEqual(["sweep/c10"]);
  runSelection.text = "c1(";
  expect(runs.visible).toEqual(["sweep/c10"]);
});

test("a run keeps the colour that it was given or had", async () => {
  const before = names.map((name) => runs.color(name));
  expect(new Set(before).size).toBe(names.length);
  await serve(["aaa", ...names]);
  expect(names.map((name) => runs.color(name))).toEqual(before);
  runColors.setOwn("sweep/a", "#123456");
  expect(runs.color("sweep/a")).toBe("#123456");
  expect(url.all("own")).toEqual(["123456.sweep/a"]);
  runColors.setOwn("sweep/a", null);
  expect(runs.color("sweep/a")).toBe(before[1]);
});

test("rules hide runs, new ones too, and ticks go against them", async () => {
  runSelection.hideRule("^sweep/[ab]$");
  expect(runs.visible).toEqual(["__proto__", "sweep/c10"]);
  runs.select("sweep/a", true);
  expect(runs.visible).toEqual(["__proto__", "sweep/a", "sweep/c10"]);
  expect(url.hash).toContain("also=sweep%2Fa");
  runs.select("sweep/a", false);
  expect(url.hash).not.toContain("also");
  runSelection.hideRule("name ~ new");
  await serve([...names, "new/1"]);
  expect(runs.visible).toEqual(["__proto__", "sweep/c10"]);
  runSelection.showRule("^sweep/[ab]$");
  expect(runs.visible).toEqual(names);
  runSelection.showRule("name ~ new");
  runSelection.invert();
  expect(runs.visible).toEqual([]);
});

test("an expression over what the catalog says is a filter, and its mistake keeps the list", () => {
  runSelection.text = "points > 0 and name ~ sweep";
  expect(runs.visible).toEqual(["sweep/a", "sweep/b", "sweep/c10"]);
  runSelection.text = "points > 0 and nam ~ sweep";
  expect(runSelection.filter.problem).toBe("There is no column “nam” (character 16)");
  expect(runSelection.filter.place).toMatchObject({ start: 15, end: 18 });
  expect(runs.visible).toEqual(["sweep/a", "sweep/b", "sweep/c10"]);
});

test("what the filter lets through is ticked by the filter itself, which runs to come follow", async () => {
  runSelection.text = "sweep/[ab]";
  runSelection.hideMatching();
  expect([runSelection.text, runs.visible]).toEqual(["", ["__proto__", "sweep/c10"]]);
  expect(url.all("without")).toEqual(['name ~ "sweep/[ab]"']);
  await serve([...names, "sweep/b2"]);
  expect(runs.visible).toEqual(["__proto__", "sweep/c10"]);
  runSelection.text = "b";
  runSelection.invert();
  expect(runs.visible).toEqual(["sweep/b", "sweep/b2"]);
  expect(url.all("show").concat(url.all("hide"), url.all("also"))).toEqual([]);
  runSelection.clear();
  expect(runs.visible).toHaveLength(5);
});

test("a folder is ticked by a rule, unless letters of the other case would come with it", async () => {
  const folder = new Set(["sweep/a", "sweep/b", "sweep/c10"]);
  runSelection.selectFolder("sweep/", folder, false);
  expect(runs.visible).toEqual(["__proto__"]);
  expect(url.all("without")).toEqual(['name ~ "^sweep/"']);
  runSelection.selectFolder("sweep/", folder, true);
  expect(url.all("without")).toEqual([]);
  runSelection.selectOnlyFolder("sweep/", folder);
  await serve([...names, "sweep/new", "other"]);
  expect(runs.visible).toEqual([...folder, "sweep/new"]);
  runSelection.clear();
  await serve([...names, "SWEEP/a"]);
  runSelection.selectFolder("sweep/", folder, false);
  expect(runs.visible).toEqual(["__proto__", "SWEEP/a"]);
});

test("a run that vanishes or is unticked stands out no longer, so the others are not dimmed for it", async () => {
  runs.pinned = "sweep/a";
  expect(runs.focused).toBe("sweep/a");
  runs.select("sweep/a", false);
  expect(runs.focused).toBeNull();
  runs.select("sweep/a", true);
  await serve(names.filter((name) => name !== "sweep/a"));
  expect(runs.focused).toBeNull();
  await serve(names);
  expect(runs.focused).toBe("sweep/a");
});

test("while a bad expression is typed, groups and colours stay those of the last good one, and its place is known", () => {
  groups.keys = [{ by: "regex", source: "sweep/([ab])" }];
  const before = groups.all.map(({ label, runs: members }) => [label, members]);
  groups.keys = [{ by: "regex", source: "sweep/([ab" }];
  expect(groups.all.map(({ label, runs: members }) => [label, members])).toEqual(before);
  expect(groups.place).toEqual({ start: 7, end: 10 });
  groups.keys = [];

  runColors.rule = { by: "regex", source: "([ab])$" };
  const colors = names.map((name) => runColors.color(name));
  expect(new Set(colors).size).toBeGreaterThan(1);
  runColors.rule = { by: "regex", source: "([ab]$" };
  expect(names.map((name) => runColors.color(name))).toEqual(colors);
  expect(runColors.place).toEqual({ start: 0, end: 6 });
  expect(runColors.problem).toContain("never closed");
  runColors.rule = null;
});
