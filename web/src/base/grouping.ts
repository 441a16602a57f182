/** Runs in groups, by rules: what a run's groups are called follows from its name and columns, so new runs join by themselves. */

import { naturalCompare } from "./natural";
import { compileCaptures } from "./regex/captures";
import { mostWork } from "./regex/match";
import type { Cell } from "./runColumn";

/** One of the rules by which runs are grouped. Several together make a group of each combination that occurs. */
export type GroupKey =
  | { by: "folder" }
  /** What the expression captures of the name; without parentheses, what it matches. */
  | { by: "regex"; source: string }
  /** A column of runs, by its id: `hparams:lr`. */
  | { by: "column"; id: string }
  /** A set made by hand: the runs in no set are the rest. */
  | { by: "set"; name: string; runs: readonly string[] };

/** One property of runs that tells groups apart. */
export interface Facet {
  /** Stands before the value; empty where the value says it all. */
  title: string;
  /** @param row the run's place among the catalog's. */
  of(run: string, row: number): Cell;
}

export interface RunGroup {
  /** Names the group for as long as its values are the same. */
  id: string;
  /** In words. No two groups have the same. */
  label: string;
  values: readonly Cell[];
  /** In the order in which they were given. */
  runs: readonly string[];
}

/** As it stands in the address. */
export function encodeKey(key: GroupKey): string {
  switch (key.by) {
    case "folder":
      return "folder";
    case "regex":
      return `regex:${key.source}`;
    case "column":
      return `column:${key.id}`;
    case "set":
      return `set:${JSON.stringify([key.name, ...key.runs])}`;
  }
}

/** Null for what is no key: an address can be cut anywhere. */
export function decodeKey(text: string): GroupKey | null {
  if (text === "folder") return { by: "folder" };
  const colon = text.indexOf(":");
  const rest = text.slice(colon + 1);
  if (rest === "") return null;
  if (text.startsWith("regex:")) return { by: "regex", source: rest };
  if (text.startsWith("column:")) return { by: "column", id: rest };
  return text.startsWith("set:") ? decodeSet(rest) : null;
}

function decodeSet(text: string): GroupKey | null {
  try {
    const parsed: unknown = JSON.parse(text);
    if (!Array.isArray(parsed) || !parsed.every((part) => typeof part === "string")) return null;
    const [name, ...runs] = parsed;
    return name ? { by: "set", name, runs } : null;
  } catch {
    return null;
  }
}

/** The folder that a run lies in; `.` for the log directory itself. */
export const folderFacet: Facet = {
  title: "",
  of: (run) => run.slice(0, Math.max(0, run.lastIndexOf("/"))) || ".",
};

/**
 * A facet for each pair of capturing parentheses, or one for the whole match where there are none.
 *
 * @param runs are matched at once, so that facets are at hand and never fail.
 * @throws RegexError where `source` is no expression, one that cannot be matched in bounded time, or takes too long over all these runs.
 */
export function regexFacets(source: string, runs: readonly string[]): Facet[] {
  const { names, match } = compileCaptures(source, { left: mostWork });
  const found = new Map(runs.map((run) => [run, match(run)]));
  const matched = (run: string): ReturnType<typeof match> => found.get(run) ?? null;
  if (names.length === 0) return [{ title: "", of: (run) => matched(run)?.[0] ?? null }];
  return names.map((name, index) => ({
    title: name ?? "",
    of: (run) => matched(run)?.[index + 1] ?? null,
  }));
}

/** The first of the sets that holds a run. */
export function setFacet(sets: readonly { name: string; runs: readonly string[] }[]): Facet {
  const names = new Map<string, string>();
  for (const { name, runs } of sets) for (const run of runs) if (!names.has(run)) names.set(run, name);
  return { title: "", of: (run) => names.get(run) ?? null };
}

export function columnFacet(title: string, cells: readonly Cell[]): Facet {
  return { title, of: (_, row) => cells[row] ?? null };
}

/** @returns groups in the order of their values: numbers by size, then texts in natural order, runs without a value last. */
export function groupRuns(runs: readonly string[], facets: readonly Facet[]): RunGroup[] {
  const found = new Map<string, { values: Cell[]; runs: string[] }>();
  runs.forEach((run, row) => {
    const values = facets.map((facet) => facet.of(run, row));
    const id = groupId(values);
    const group = found.get(id);
    if (group) group.runs.push(run);
    else found.set(id, { values, runs: [run] });
  });
  const groups = [...found].map(([id, group]) => ({ id, label: labelOf(group.values, facets), ...group }));
  return distinctLabels(groups).sort((a, b) => compareLists(a.values, b.values));
}

/** Of groups that would be called alike, as those of 1 and "1", the texts are put in quotes. */
function distinctLabels(groups: readonly RunGroup[]): RunGroup[] {
  const uses = new Map<string, number>();
  for (const { label } of groups) uses.set(label, (uses.get(label) ?? 0) + 1);
  return groups.map((group) => {
    const alike = uses.get(group.label)! > 1 && group.values.some((value) => typeof value === "string");
    return alike ? { ...group, label: `"${group.label}"` } : group;
  });
}

/** JSON has no NaN and no infinities, and a text may look like a number. */
function groupId(values: readonly Cell[]): string {
  return JSON.stringify(values.map((value) => (typeof value === "number" ? [String(value)] : value)));
}

function labelOf(values: readonly Cell[], facets: readonly Facet[]): string {
  return values
    .map((value, index) => {
      const { title } = facets[index]!;
      return title ? `${title} = ${cellText(value)}` : cellText(value);
    })
    .join(" · ");
}

/** A number and a text that reads as one are two values (hyperparameters of different kinds); `groupRuns` tells them apart. */
function cellText(value: Cell): string {
  return value === null ? "–" : value === "" ? '""' : String(value);
}

function compareLists(a: readonly Cell[], b: readonly Cell[]): number {
  for (let i = 0; i < a.length; i++) {
    const order = compareCells(a[i]!, b[i]!);
    if (order !== 0) return order;
  }
  return 0;
}

export function compareCells(a: Cell, b: Cell): number {
  const rank = (cell: Cell) => (cell === null ? 2 : typeof cell === "number" ? 0 : 1);
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  if (typeof a === "number" && typeof b === "number") {
    if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
    return a < b ? -1 : Number(a > b);
  }
  return naturalCompare(String(a), String(b));
}
