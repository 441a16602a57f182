/** What the room shows: which graph, what is open, selected, searched and traced. All of it lives in the address. */

import { untrack } from "svelte";
import { Query, type Problem } from "../../dashboard/query.svelte";
import { catalog } from "../../state/catalog.svelte";
import { live } from "../../state/live.svelte";
import { flag, param, text, url, word } from "../../state/url.svelte";
import { addressOf, findGraph } from "./address";
import { loadGraph, loadList, type GraphEntry } from "./data";
import { colorings, type Coloring } from "./draw/colors";
import { allExpanded, defaultExpanded, expandedKeys, reveal } from "./model/expand";
import { search } from "./model/search";
import { shownTrace, traceFrom, traces, type Trace } from "./model/trace";
import { buildTree, type Tree, type Unit } from "./model/tree";

/** Stands for "every scope" in the address. */
const all = "*";
/** Keys that an address can hold before it is too long to be passed on. */
const longestAddress = 6000;

/** What is open in one tree, as it was opened last. */
interface Opened {
  /** What the address was told of it. */
  written: readonly string[];
  tree: Tree;
  units: ReadonlySet<Unit>;
}

class GraphView {
  readonly color = param<Coloring>("color_by", "kind", word(colorings));
  readonly trace = param<Trace>("trace", "none", word(traces));
  /** Whether parameters, constants and lists are drawn too. */
  readonly everything = param<boolean>("all", false, flag);
  readonly table = param<boolean>("listing", false, flag);
  query = $state("");

  #chosen = param<string>("graph", "", text);
  #select = param<string>("node", "", text);
  #opened = $state.raw<Opened | null>(null);
  #list = new Query(() => loadList());
  /** Gives the graph that is being loaded up, when another one is wanted. */
  #loading = new AbortController();
  #wanted = "";
  #graph = new Query((key: string) => loadGraph(key, this.#loading.signal));

  /** All graphs there are; null until the first answer. */
  get entries(): readonly GraphEntry[] | null {
    return this.#list.answer;
  }

  /** Why what is shown may be old, or missing. */
  get problem(): Problem | null {
    return this.#graph.problem ?? this.#list.problem;
  }

  /** Asks again what failed. */
  retry = (): void => {
    if (this.#list.problem) this.#list.retry();
    if (this.#graph.problem) this.#graph.retry();
  };

  /** What was shown first where the address names no graph: it stays, whatever other runs begin meanwhile. */
  #held = $state("");
  /** The graph that is shown. */
  entry = $derived(findGraph(this.entries ?? [], this.#chosen.value || this.#held));

  /** Writes what is shown into the address: called at the first touch, so that a copied address names its graph. */
  hold(): void {
    if (this.entry && !this.#chosen.value) this.#chosen.value = addressOf(this.entry);
  }

  choose(entry: GraphEntry): void {
    url.set({ graph: addressOf(entry), node: null, open: null });
  }

  tree = $derived.by((): Tree | null =>
    this.#graph.answer ? buildTree(this.#graph.answer, this.everything.value) : null,
  );

  /** Open scopes. */
  expanded = $derived.by((): ReadonlySet<Unit> => {
    const { tree } = this;
    if (!tree) return new Set();
    // What was opened last is kept as it is, since a long list is not written into the address.
    const keys = url.all("open");
    // Unless the address has changed since: somebody undid it, or opened a view.
    if (this.#opened?.tree === tree && sameTexts(this.#opened.written, keys)) return this.#opened.units;
    if (!keys.length) return defaultExpanded(tree);
    if (keys.includes(all)) return allExpanded(tree);
    return new Set(keys.flatMap((key) => tree.byKey.get(key) ?? []));
  });

  /** Whether the address says which scopes are open: a long list is not written into it. */
  get isInAddress(): boolean {
    return this.#opened === null || this.#opened.tree !== this.tree || this.#opened.written.length > 0;
  }

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

  #setExpanded(units: ReadonlySet<Unit>, keys = expandedKeys(this.tree!, units)): void {
    const length = keys.reduce((sum, key) => sum + key.length + 8, 0);
    // An address that names no scope means the default; one that closes everything names the empty one.
    const written = length > longestAddress ? [] : keys.length ? keys : [""];
    this.#opened = { tree: this.tree!, units, written };
    url.set({ open: written });
  }

  found = $derived(this.tree ? search(this.tree, this.query) : []);

  /** Shown units on the traced paths; null if nothing is traced. */
  traced = $derived.by((): ReadonlySet<Unit> | null => {
    const { tree, selected } = this;
    if (!tree || !selected || this.trace.value === "none") return null;
    return shownTrace(traceFrom(tree, selected, this.trace.value), this.expanded);
  });

  /** Keeps the list and the graph as the server has them; call in a component. */
  follow(): void {
    const series = $derived(catalog.series("graphs"));
    const version = $derived(series.reduce((sum, { tag }) => sum + live.version("graphs", tag), 0));
    $effect(() => this.#list.ask(series, version));
    const key = $derived(this.entry?.key);
    $effect(() => {
      if (key === undefined) return;
      untrack(() => {
        this.#held = addressOf(this.entry!);
        this.#load(key);
      });
    });
    // A graph that is there does not change; one that could not be had is asked for at the next sign of life.
    $effect(() => {
      void version;
      untrack(() => this.#graph.problem && this.#graph.retry());
    });
  }

  #load(key: string): void {
    if (key !== this.#wanted) {
      this.#loading.abort();
      this.#loading = new AbortController();
      this.#wanted = key;
    }
    this.#graph.ask(key);
  }
}

export const view = new GraphView();

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, index) => text === b[index]);
}
