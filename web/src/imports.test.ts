/** ARCHITECTURE.md's import table for TypeScript: base ← api ← state ← charts, widgets ← dashboard ← plugins ← shell ← App. */

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { expect, test } from "vitest";

const source = import.meta.dirname;

/** What each folder may import beside itself and packages. */
const allowed: Record<string, readonly string[]> = {
  base: [],
  api: ["base"],
  state: ["base", "api"],
  charts: ["base"],
  widgets: ["base"],
  dashboard: ["base", "api", "state", "charts", "widgets"],
  plugins: ["base", "api", "state", "charts", "widgets", "dashboard"],
  shell: ["base", "api", "state", "charts", "widgets"],
  "App.svelte": ["shell"],
  // A chart of its own, of the room's parts that know no page around them.
  notebook: ["base", "charts", "widgets", "dashboard", "plugins", "theme.css"],
  "main.ts": ["App.svelte", "state", "theme.css"],
};

/** Packages that only one folder may use, so that the first page stays small. */
const heavy: Record<string, readonly string[]> = {
  three: ["plugins/projector", "plugins/mesh"],
  "@dagrejs/dagre": ["plugins/graphs"],
  marked: ["plugins/text", "plugins/audio"],
  dompurify: ["plugins/text", "plugins/audio"],
};

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return files(path);
    return /\.(ts|svelte)$/.test(entry.name) && !/\.test\.ts$/.test(entry.name) ? [path] : [];
  });
}

/** The first part of a path below src, `/` between parts. */
function place(path: string): string[] {
  return relative(source, path).split(sep);
}

function importsOf(path: string): string[] {
  const text = readFileSync(path, "utf8");
  const found = text.matchAll(
    /(?:^|\s)(?:import|export)\s[^;'"`]*?from\s*["']([^"']+)["']|import\(\s*["']([^"']+)["']|^\s*import\s+["']([^"']+)["']/gm,
  );
  return [...found].map((match) => (match[1] ?? match[2] ?? match[3])!);
}

/** What is wrong with one import; null if nothing is. Exported as a function so that the table itself is tested below. */
function complaint(from: string[], specifier: string, target: string[]): string | null {
  const [folder, room] = from as [string, string | undefined];
  if (!specifier.startsWith(".")) {
    const rooms =
      heavy[specifier] ??
      heavy[
        specifier
          .split("/")
          .slice(0, specifier.startsWith("@") ? 2 : 1)
          .join("/")
      ];
    if (rooms && !rooms.includes(`${folder}/${room}`))
      return `${from.join("/")} imports ${specifier}, which belongs to ${rooms.join(", ")}`;
    return null;
  }
  const [to, toRoom] = target as [string, string | undefined];
  if (to === folder && (folder !== "plugins" || room === toRoom)) return null;
  if (to === "plugins" && folder === "plugins")
    return `the room ${room} imports the room ${toRoom}: ${from.join("/")}`;
  if (allowed[folder]?.includes(to)) return null;
  return `${from.join("/")} imports ${target.join("/")}; ${folder} may import ${allowed[folder]?.join(", ") || "nothing else"}`;
}

test("every import follows the table", () => {
  const found = files(source);
  expect(found.length).toBeGreaterThan(50);
  const complaints = found.flatMap((path) =>
    importsOf(path).map((specifier) =>
      complaint(place(path), specifier, place(resolve(dirname(path), specifier.split("?")[0]!))),
    ),
  );
  expect(complaints.filter(Boolean)).toEqual([]);
});

test("the table refuses what it should", () => {
  expect(
    complaint(["charts", "line", "x.ts"], "../../state/runs.svelte", ["state", "runs.svelte"]),
  ).toContain("may import base");
  expect(
    complaint(["plugins", "images", "x.ts"], "../scalars/data", ["plugins", "scalars", "data"]),
  ).toContain("imports the room scalars");
  expect(complaint(["widgets", "x.svelte"], "../dashboard/save", ["dashboard", "save"])).toContain(
    "widgets may import base",
  );
  expect(complaint(["shell", "x.ts"], "three", [])).toContain("belongs to plugins/projector");
  expect(complaint(["plugins", "scalars", "x.ts"], "./data", ["plugins", "scalars", "data"])).toBeNull();
  expect(complaint(["widgets", "x.svelte"], "svelte", [])).toBeNull();
});

test("imports are found in every form", () => {
  const path = join(source, "shell", "rooms.ts");
  expect(importsOf(path)).toContain("../base/room");
  expect(importsOf(join(source, "plugins", "scalars", "index.ts"))).toContain("./ScalarsRoom.svelte");
  expect(importsOf(join(source, "main.ts"))).toContain("./theme.css");
});
