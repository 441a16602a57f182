import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

interface Package {
  name: string;
  version: string;
  license: string;
  text: string;
}

/** The package that a module belongs to; undefined for our own. */
function packageOf(id: string): Package | undefined {
  const path = id.replaceAll("\\", "/").replace(/^\0/, "").replace(/\?.*$/, "");
  const inside = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)(?:\/|$)/.exec(path);
  if (inside === null) return undefined;
  const folder = inside[1]!;
  const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Partial<Package>;
  const file = readdirSync(folder).find((name) => /^(licen[cs]e|copying)(\.\w+)?$/i.test(name));
  if (
    about.name === undefined ||
    about.version === undefined ||
    about.license === undefined ||
    file === undefined
  )
    throw new Error(
      `${folder} does not say its licence: name, version, licence and a file LICENSE are wanted`,
    );
  const text = readFileSync(join(folder, file), "utf8").trim();
  return { name: about.name, version: about.version, license: about.license, text };
}

/**
 * Writes which packages the page is bundled of and their licences. Vite's own `build.license` leaves out what only workers use.
 *
 * @returns one plugin for the page, and one for its workers, whose bundles are made first.
 */
export function licenses(fileName: string): { page: Plugin; worker: () => Plugin } {
  const found = new Map<string, Package>();
  const collect = (modules: string[]): void => {
    for (const id of modules) {
      const used = packageOf(id);
      if (used !== undefined) found.set(`${used.name} ${used.version}`, used);
    }
  };
  const generateBundle: Plugin["generateBundle"] = (_, bundle) => {
    for (const chunk of Object.values(bundle))
      if (chunk.type === "chunk") collect(Object.keys(chunk.modules));
  };
  return {
    worker: () => ({ name: "cupola-licenses-worker", generateBundle }),
    page: {
      name: "cupola-licenses",
      generateBundle(options, bundle, isWrite) {
        generateBundle.call(this, options, bundle, isWrite);
        const names = [...found.keys()].sort();
        const parts = names.map(
          (name) => `${name} (${found.get(name)!.license})\n\n${found.get(name)!.text}`,
        );
        const source = `The page is bundled of these packages.\n\n${parts.join(`\n\n${"-".repeat(80)}\n\n`)}\n`;
        this.emitFile({ type: "asset", fileName, source });
      },
    },
  };
}
