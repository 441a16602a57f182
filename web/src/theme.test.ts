/** theme.css is the page's only palette: nothing else names a colour, and its colours can be read by people and by canvases. */

import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { describe, expect, test } from "vitest";
import { contrast, parseColor } from "./base/color";

const source = import.meta.dirname;

/** Where colours that stand for data are made; and the tab's icon, which the browser draws where no variable of the page reaches. */
const palettes = [
  "shell/table/heat.ts",
  "base/runColors.ts",
  "plugins/histograms/heatmap/ramp.ts",
  "plugins/projector/colors.ts",
  "shell/favicon.ts",
];

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return files(path);
    return /\.(ts|svelte|css)$/.test(entry.name) && !/\.test\.ts$/.test(entry.name) ? [path] : [];
  });
}

/** The colours that a text names, but for those in comments and in templates that compute them. */
function colorsIn(text: string): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*|<!--[\s\S]*?-->/g, "");
  return code.match(/(?<=["'`:\s(,])#(?:[0-9a-f]{3}){1,2}\b|\b(?:rgba?|hsla?|oklch)\([\d\s.,%/]+\)/gi) ?? [];
}

/** Variables of each theme; the dark one has those of the light one that it does not set anew. */
function themes(): Record<"light" | "dark", Map<string, string>> {
  const text = readFileSync(join(source, "theme.css"), "utf8");
  const read = (selector: string) => {
    const block = text.slice(text.indexOf(`${selector} {`)).split("}")[0]!;
    return [...block.matchAll(/^ {2}(--[\w-]+):\s*([^;]+);/gm)].map(
      ([, name, value]) => [name!, value!] as const,
    );
  };
  const light = new Map(read(":root"));
  return { light, dark: new Map([...light, ...read(':root[data-theme="dark"]')]) };
}

test("no file but theme.css and the palettes of data names a colour", () => {
  const found = files(source).flatMap((path) => {
    const name = relative(source, path).split(sep).join("/");
    if (name === "theme.css" || palettes.includes(name)) return [];
    return colorsIn(readFileSync(path, "utf8")).map((color) => `${name}: ${color}`);
  });
  expect(found).toEqual([]);
});

test("colours are found in every form, and what only looks like one is not", () => {
  expect(colorsIn("a { color: #fff; background: rgb(0 0 0 / 0.35) }")).toEqual(["#fff", "rgb(0 0 0 / 0.35)"]);
  expect(colorsIn('const ink = "#1860d8";')).toEqual(["#1860d8"]);
  expect(colorsIn("hsl(20 30% 40%)")).toHaveLength(1);
  expect(colorsIn("/* #fff */ this.#add(1); // #abc")).toEqual([]);
  expect(colorsIn("`rgb(${red} 0 0)` href={`#${room}`}")).toEqual([]);
});

describe.each(Object.entries(themes()))("%s", (_, variables) => {
  const color = (name: string) => parseColor(variables.get(name)!);
  /** A word may stand in a row that is pointed at or chosen. */
  const grounds = ["--background", "--surface", "--panel", "--hover", "--active"];

  test("canvases can read every colour that they ask for", () => {
    const asked = files(source)
      .filter((path) => path.endsWith(".ts"))
      .flatMap((path) => [...readFileSync(path, "utf8").matchAll(/\bvariable\("(--[\w-]+)"\)/g)])
      .map(([, name]) => name!);
    expect(asked).toContain("--wire");
    for (const name of asked) color(name);
  });

  test("words can be read on every ground", () => {
    for (const ground of grounds) {
      expect([ground, contrast(color("--text"), color(ground)) > 7]).toEqual([ground, true]);
      for (const name of ["--text-dim", "--text-faint", "--accent", "--warn", "--bad"])
        expect([ground, name, contrast(color(name), color(ground)) > 4.5]).toEqual([ground, name, true]);
    }
    expect(contrast(color("--accent-text"), color("--accent"))).toBeGreaterThan(4.5);
    expect(contrast(color("--mark-text"), color("--mark"))).toBeGreaterThan(7);
  });

  test("the graph's words can be read on its scopes, its wires be seen", () => {
    expect(contrast(color("--text"), color("--scope"))).toBeGreaterThan(7);
    expect(contrast(color("--text-dim"), color("--scope"))).toBeGreaterThan(4);
    for (const wire of ["--incoming", "--outgoing"])
      expect(contrast(color(wire), color("--scope"))).toBeGreaterThan(3);
  });
});
