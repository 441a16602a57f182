/** How a graph stands in the address: `graph=["run","tag","key"]`. */

import type { GraphEntry } from "./data";

/** The key says which graph it is; run and tag say what to show instead once the graph is gone, since a run was logged anew, say. */
export function addressOf({ run, tag, key }: GraphEntry): string {
  return JSON.stringify([run, tag, key]);
}

/** The graph of an address; without it the newest of the same tag, else of the same run, else of the first run. */
export function findGraph(entries: readonly GraphEntry[], address: string): GraphEntry | null {
  const [run, tag, key] = parse(address);
  return (
    entries.find((entry) => entry.key === key) ??
    entries.findLast((entry) => entry.run === run && entry.tag === tag) ??
    newest(entries, run) ??
    newest(entries, entries[0]?.run) ??
    null
  );
}

/** A run's newest graph of operations, or its first of another kind. */
function newest(entries: readonly GraphEntry[], run: unknown): GraphEntry | undefined {
  const own = entries.filter((entry) => entry.run === run);
  return own.findLast((entry) => entry.kind === "op") ?? own[0];
}

function parse(address: string): readonly unknown[] {
  try {
    const parts: unknown = JSON.parse(address);
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
}
