/** Runs in groups, as the address says: by rules that runs join by themselves. The same groups in every room. */

import {
  columnFacet,
  decodeKey,
  encodeKey,
  folderFacet,
  groupRuns,
  regexFacets,
  setFacet,
  type Facet,
  type GroupKey,
  type RunGroup,
} from "../base/grouping";
import { describeRegexError } from "../base/pattern";
import { RegexError } from "../base/regex/parse";
import { catalog } from "./catalog.svelte";
import { runColumns } from "./runColumns.svelte";
import { param, url, word } from "./url.svelte";

/** Counterparts: cupola.plugins.scalars.groups.CENTERS and BANDS. */
export const centers = ["mean", "median"] as const;
export const bands = ["deviation", "error", "interval", "range", "none"] as const;
export type Center = (typeof centers)[number];
export type Band = (typeof bands)[number];

/** What stands for all members of a group at a place. */
export const center = param<Center>("center", "mean", word(centers));
export const band = param<Band>("band", "deviation", word(bands));

/** A rule with what it says of runs. */
interface Resolved {
  facets: Facet[];
  /** Why the rule cannot be used as it is; it stays what it was before. */
  problem: string | null;
  /** The letters of its expression at which that shows. */
  place: { start: number; end: number } | null;
  /** Whether its values have come. */
  ready: boolean;
}

/** The last expressions that were some, by the text in their place: while one is typed the groups stay. */
let lastGood: Facet[] = [];

const fine = { problem: null, place: null, ready: true } as const;

/** What a rule says of runs. Reactive. */
export function resolveKey(key: GroupKey): Resolved {
  switch (key.by) {
    case "folder":
      return { facets: [folderFacet], ...fine };
    case "set":
      return { facets: [setFacet([key])], ...fine };
    case "regex":
      try {
        const names = catalog.runs.map((entry) => entry.run);
        return { facets: regexFacets(key.source, names), ...fine };
      } catch (error) {
        if (!(error instanceof RegexError)) throw error;
        const place = { start: error.at, end: key.source.length };
        return { facets: [], problem: describeRegexError(error), place, ready: true };
      }
    case "column": {
      const column = runColumns.get(key.id);
      // What no source has is no property of any run, once all sources know what they have.
      if (!column) return { facets: [columnFacet(key.id, [])], ...fine, ready: runColumns.ready };
      return { facets: [columnFacet(column.title, column.cells)], ...fine, ready: column.loaded };
    }
  }
}

/** The column that says each run's group. Runs cannot be grouped by it. */
export const groupColumnId = "group:name";

class Groups {
  #keys = $derived(
    url
      .all("group")
      .flatMap((text) => decodeKey(text) ?? [])
      .filter((key) => key.by !== "column" || key.id !== groupColumnId),
  );

  /** The rules; empty while runs are not grouped. Reactive, as all is here. */
  get keys(): readonly GroupKey[] {
    return this.#keys;
  }

  set keys(keys: readonly GroupKey[]) {
    url.set({ group: keys.map(encodeKey), members: null });
  }

  #resolved = $derived.by(() => {
    const sets = this.#keys.filter((key) => key.by === "set");
    const rules = this.#keys.filter((key) => key.by !== "set").map(resolveKey);
    const found = rules.flatMap(({ facets }) => facets);
    if (sets.length) found.push(setFacet(sets));
    const wrong = rules.find((rule) => rule.problem !== null);
    if (!wrong) lastGood = found;
    return {
      facets: wrong ? lastGood : found,
      problem: wrong?.problem ?? null,
      place: wrong?.place ?? null,
      ready: rules.every((rule) => rule.ready),
    };
  });

  /** What is wrong with the expression, and where; null if nothing is. */
  get problem(): string | null {
    return this.#resolved.problem;
  }

  /** The letters at which that shows. */
  get place(): { start: number; end: number } | null {
    return this.#resolved.place;
  }

  /** Whether runs are grouped now. */
  get active(): boolean {
    return this.#keys.length > 0 && this.#resolved.ready && this.#resolved.facets.length > 0;
  }

  #all = $derived(
    this.active
      ? groupRuns(
          catalog.runs.map((entry) => entry.run),
          this.#resolved.facets,
        )
      : [],
  );

  /** All groups, in the order of their values; every run is in one. */
  get all(): readonly RunGroup[] {
    return this.#all;
  }

  #byId = $derived(new Map(this.#all.map((group) => [group.id, group])));
  #byRun = $derived(new Map(this.#all.flatMap((group) => group.runs.map((run) => [run, group] as const))));

  get(id: string): RunGroup | null {
    return this.#byId.get(id) ?? null;
  }

  /** A run's group; null while runs are not grouped. */
  of(run: string): RunGroup | null {
    return this.#byRun.get(run) ?? null;
  }

  /** The groups of some runs, with these runs only; those without any are left out. */
  among(isIn: (run: string) => boolean): RunGroup[] {
    return this.#all
      .map((group) => ({ ...group, runs: group.runs.filter(isIn) }))
      .filter((group) => group.runs.length > 0);
  }

  #opened = $derived(new Set(url.all("members")));

  /** Whether a group's members are shown one by one beside its line. */
  isOpen(id: string): boolean {
    return this.#opened.has(id);
  }

  toggleMembers(id: string): void {
    const others = url.all("members").filter((other) => other !== id);
    url.set({ members: this.isOpen(id) ? others : [...others, id] });
  }

  /** The group under the pointer, which stands out everywhere; null: none. */
  hovered: string | null = $state(null);
}

export const groups = new Groups();
runColumns.demand(() => groups.keys.flatMap((key) => (key.by === "column" ? [key.id] : [])));
