/** The run list as lines: folders and runs, folded as the address says; and the runs that were chosen in it to do something with. */

import { SvelteSet } from "svelte/reactivity";
import type { RunEntry } from "../api/types";
import { flatRows, sharedFolder, treeRows, type TreeRow } from "../base/runTree";
import { catalog } from "./catalog.svelte";
import { runOrder } from "./runOrder.svelte";
import { runSelection } from "./runSelection.svelte";
import { flag, param, url } from "./url.svelte";

export type ListRow = TreeRow<RunEntry>;

/** Whether runs stand without folders: sorted by a number, the best of all comes first. */
const flat = param("flat", false, flag);

/** Stands for all folders; paths end in `/`. */
const everyFolder = "*";

class RunTree {
  #folded = $derived(new Set(url.all("fold")));
  #unfolded = $derived(new Set(url.all("unfold")));
  /** While runs are filtered all folders are open, until somebody folds one: what matches is to be seen. */
  #foldedFor: { filter: string; paths: ReadonlySet<string> } = $state.raw({ filter: "", paths: new Set() });
  #chosen = new SvelteSet<string>();

  get flat(): boolean {
    return flat.value;
  }

  set flat(is: boolean) {
    flat.value = is;
  }

  #root = $derived(sharedFolder(catalog.runs.map((entry) => entry.run)));

  /** The folder that all runs lie in, with its `/`; empty if there is none. Reactive, as all is here. */
  get root(): string {
    return this.#root;
  }

  #sorted = $derived.by(() => {
    const matching = new Set(runSelection.matching);
    return Array.from(runOrder.rows, (row) => catalog.runs[row]!).filter((entry) => matching.has(entry));
  });

  #rows: ListRow[] = $derived.by(() => {
    const nameOf = (entry: RunEntry): string => entry.run;
    if (flat.value) return flatRows(this.#sorted, nameOf, this.#root);
    return treeRows(this.#sorted, nameOf, this.#root, (path) => this.isOpen(path));
  });

  /** The lines of the list, from the top. */
  get rows(): readonly ListRow[] {
    return this.#rows;
  }

  #hasFolders = $derived(!flat.value && this.#rows.some((row) => row.type === "folder"));

  get hasFolders(): boolean {
    return this.#hasFolders;
  }

  /** Whether the runs of a folder are listed. */
  isOpen(path: string): boolean {
    const filter = runSelection.text;
    if (filter !== "") return this.#foldedFor.filter !== filter || !this.#foldedFor.paths.has(path);
    return this.#folded.has(everyFolder) ? this.#unfolded.has(path) : !this.#folded.has(path);
  }

  setOpen(path: string, open: boolean): void {
    const filter = runSelection.text;
    if (filter !== "") {
      const paths = new Set(this.#foldedFor.filter === filter ? this.#foldedFor.paths : []);
      if (open) paths.delete(path);
      else paths.add(path);
      this.#foldedFor = { filter, paths };
      return;
    }
    const key = this.#folded.has(everyFolder) ? "unfold" : "fold";
    const named = url.all(key).filter((other) => other !== path);
    const add = (key === "unfold") === open;
    url.set({ [key]: add ? [...named, path] : named });
  }

  /** Lists the runs of every folder, or of none. */
  setAllOpen(open: boolean): void {
    if (runSelection.text === "") url.set({ fold: open ? null : everyFolder, unfold: null });
    else for (const row of [...this.#rows]) if (row.type === "folder") this.setOpen(row.path, open);
  }

  #chosenNow = $derived(catalog.runs.map((entry) => entry.run).filter((run) => this.#chosen.has(run)));

  /** Names of the chosen runs that there are, in natural order. */
  get chosen(): readonly string[] {
    return this.#chosenNow;
  }

  /** Whether all runs of a line are chosen. */
  isChosen(row: ListRow): boolean {
    return this.#chosen.size > 0 && runsOf(row).every((run) => this.#chosen.has(run));
  }

  isRunChosen(run: string): boolean {
    return this.#chosen.has(run);
  }

  choose(rows: readonly ListRow[], chosen = true): void {
    this.chooseRuns(rows.flatMap(runsOf), chosen);
  }

  /** The same by the runs' names. */
  chooseRuns(names: Iterable<string>, chosen: boolean): void {
    for (const run of names) {
      if (chosen) this.#chosen.add(run);
      else this.#chosen.delete(run);
    }
  }

  chooseNone(): void {
    this.#chosen.clear();
  }
}

/** Names of a line's runs. */
export function runsOf(row: ListRow): string[] {
  return row.type === "run" ? [row.run.run] : row.runs.map((entry) => entry.run);
}

export const runTree = new RunTree();
