/** What the room shows: which graph, what is open, selected, searched and traced. All of it lives in the address. */

import { isAbort } from "../../api/client";
import { catalog } from "../../state/catalog.svelte";
import { live } from "../../state/live.svelte";
import { flag, param, text, url, word } from "../../state/url.svelte";
import { Graph, loadGraph, loadList, type GraphEntry } from "./data";
import { colorings, type Coloring } from "./draw/colors";
import { allExpanded, defaultExpanded, expandedKeys, reveal } from "./model/expand";
import { search } from "./model/search";
import { shownTrace, traceFrom, traces, type Trace } from "./model/trace";
import { buildTree, type Tree, type Unit } from "./model/tree";

/** Stands for "every scope" in the address. */
const all = "*";
/** Keys that an address can hold before it is too long to be passed on. */
const longestAddress = 6000;

export function entryKey(entry: { run: string; tag: string; index: number }): string {
  return JSON.stringify([entry.run, entry.tag, entry.index]);
}

class GraphView {
  #entries = $state.raw<readonly GraphEntry[] | null>(null);
  #graph = $state.raw<Graph | null>(null);
  #error = $state.raw<string | null>(null);
  #open = $state.raw<ReadonlySet<Unit> | null>(null);
  #chosen = param<string>("graph", "", text);
  #select = param<string>("node", "", text);
  #color = param<Coloring>("color", "kind", word(colorings));
  #trace = param<Trace>("trace", "none", word(traces));
  #everything = param<boolean>("all", false, flag);
  #table = param<boolean>("table", false, flag);
  query = $state("");

  /** All graphs there are; null until the first answer. */
  get entries(): readonly GraphEntry[] | null {
    return this.#entries;
  }

  get error(): string | null {
    return this.#error;
  }

  /** The graph that is shown: the one of the address, else the newest of the first run. */
  entry = $derived.by((): GraphEntry | null => {
    const entries = this.#entries ?? [];
    const chosen = entries.find((entry) => entryKey(entry) === this.#chosen.value);
    if (chosen) return chosen;
    const first = entries[0];
    return entries.findLast((entry) => entry.run === first?.run && entry.kind === "op") ?? first ?? null;
  });

  choose(key: string): void {
    url.set({ graph: key, node: null, open: null });
  }

  // A value of its own: a tree is built anew only when this changes, not with every change of the address.
  #drawAll = $derived(this.#everything.value);

  tree = $derived.by((): Tree | null => (this.#graph ? buildTree(this.#graph, this.#drawAll) : null));

  // As one text, so that other changes of the address do not count as one of this.
  #openKeys = $derived(url.all("open").length ? url.all("open").join("\n") : null);

  /** Open scopes. */
  expanded = $derived.by((): ReadonlySet<Unit> => {
    const { tree } = this;
    if (!tree) return new Set();
    // What was opened last is kept as it is, since a long list is not written into the address.
    if (this.#open && [...this.#open].every((unit) => tree.byKey.get(unit.key) === unit)) return this.#open;
    if (this.#openKeys === null) return defaultExpanded(tree);
    const keys = this.#openKeys.split("\n");
    if (keys.includes(all)) return allExpanded(tree);
    return new Set(keys.flatMap((key) => tree.byKey.get(key) ?? []));
  });

  get selected(): Unit | null {
    return (this.#select.value && this.tree?.byKey.get(this.#select.value)) || null;
  }

  select(unit: Unit | null): void {
    this.#select.value = unit?.key ?? "";
  }

  /** Selects a unit and opens what it lies in. */
  go(unit: Unit): void {
    this.#setExpanded(reveal(this.expanded, unit));
    this.select(unit);
  }

  toggle(unit: Unit): void {
    if (!unit.children.length) return;
    const next = new Set(this.expanded);
    if (!next.delete(unit)) {
      next.add(unit);
      // A scope that holds one scope only would ask for a second click at once.
      for (let only = unit; only.children.length === 1 && only.children[0]!.children.length;)
        next.add((only = only.children[0]!));
    }
    this.#setExpanded(next);
  }

  expandAll(): void {
    if (this.tree) this.#setExpanded(allExpanded(this.tree), [all]);
  }

  collapseAll(): void {
    this.#setExpanded(new Set());
    this.select(null);
  }

  #setExpanded(expanded: ReadonlySet<Unit>, keys = expandedKeys(this.tree!, expanded)): void {
    this.#open = expanded;
    const length = keys.reduce((sum, key) => sum + key.length + 8, 0);
    // An address that names no scope means the default; one that closes everything names the empty one.
    url.set({ open: length > longestAddress ? null : keys.length ? keys : [""] });
  }

  get color(): Coloring {
    return this.#color.value;
  }

  set color(color: Coloring) {
    this.#color.value = color;
  }

  get trace(): Trace {
    return this.#trace.value;
  }

  set trace(trace: Trace) {
    this.#trace.value = trace;
  }

  get everything(): boolean {
    return this.#everything.value;
  }

  set everything(everything: boolean) {
    this.#everything.value = everything;
  }

  get table(): boolean {
    return this.#table.value;
  }

  set table(table: boolean) {
    this.#table.value = table;
  }

  found = $derived(this.tree ? search(this.tree, this.query) : []);

  /** Shown units on the traced paths; null if nothing is traced. */
  traced = $derived.by((): ReadonlySet<Unit> | null => {
    const { tree, selected } = this;
    if (!tree || !selected || this.trace === "none") return null;
    return shownTrace(traceFrom(tree, selected, this.trace), this.expanded);
  });

  /** Keeps the list and the graph as the server has them; call in a component. */
  follow(): void {
    const series = $derived(catalog.series("graphs"));
    const version = $derived(series.map((entry) => live.version("graphs", entry.tag)).join());
    $effect(() => {
      void series;
      void version;
      const abort = new AbortController();
      loadList(abort.signal).then(
        (entries) => {
          this.#entries = entries;
          this.#error = null;
        },
        (error: unknown) => this.#fail(error),
      );
      return () => abort.abort();
    });
    const key = $derived(this.entry ? entryKey(this.entry) : "");
    $effect(() => {
      const entry = key ? this.entry : null;
      if (!entry) return;
      const shown = this.#graph?.answer;
      if (shown && entryKey(shown) === key) return;
      const abort = new AbortController();
      loadGraph(entry, abort.signal).then(
        (graph) => {
          this.#open = null;
          this.#graph = graph;
          this.#error = null;
        },
        (error: unknown) => this.#fail(error),
      );
      return () => abort.abort();
    });
  }

  #fail(error: unknown): void {
    if (!isAbort(error)) this.#error = error instanceof Error ? error.message : String(error);
  }
}

export const view = new GraphView();
