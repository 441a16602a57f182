/**
 * Columns of runs by their ids, from every source there is: loaded when somebody demands them, kept up to date by the live stream. Rows are
 * the catalog's runs, in its order.
 *
 * @example
 * $effect(() => runColumns.demand(() => ["scalars:val/acc:last"])); // for as long as the component lives
 * const column = $derived(runColumns.get("scalars:val/acc:last"));
 * column?.of("run a") // 0.93; null while it is not loaded, or if the run has no such value
 */

import { SvelteSet } from "svelte/reactivity";
import { untrack } from "svelte";
import { detached } from "../base/detached.svelte";
import { paced, type Paced } from "../base/paced";
import type { Cell, ColumnInfo, ColumnKind, ColumnSource, LoadedColumn } from "../base/runColumn";
import { runFacts } from "./runFacts";
import { catalog } from "./catalog.svelte";

/** While runs grow all the time columns follow at this pace. */
const pause_ms = 1000;

type Demand = () => Iterable<string>;

class RunColumns {
  #sources: readonly ColumnSource[] = $state.raw([runFacts]);
  #columns = new Map<string, RunColumn>();
  #demands = new SvelteSet<Demand>();
  #asks = new Map<ColumnSource, Paced<void>>();
  #rows = $derived(new Map(catalog.runs.map((entry, row) => [entry.run, row])));
  #wanted = $derived(new Set([...this.#demands].flatMap((demand) => [...demand()])));

  /** Takes a plugin's columns; the shell does so for every `plugins/<name>/columns.ts`. */
  add(source: ColumnSource): void {
    this.#sources = [...this.#sources.filter((other) => other.name !== source.name), source].sort(
      (a, b) => a.order - b.order,
    );
  }

  /** In the order in which names are looked up. Reactive. */
  get sources(): readonly ColumnSource[] {
    return this.#sources;
  }

  /** Whether every source knows what it has: until then an unknown name may still come. Reactive. */
  get ready(): boolean {
    return this.#sources.every((source) => source.ready());
  }

  /** What there is to choose from. Reactive. */
  get offered(): readonly ColumnInfo[] {
    return this.#sources.flatMap((source) => source.list());
  }

  /** The column to show where nobody has chosen one; null if there is none. Reactive. */
  get favourite(): string | null {
    for (const source of this.#sources) {
      const id = source.favourite?.() ?? null;
      if (id !== null) return id;
    }
    return null;
  }

  /** The row of a run; undefined if the catalog has no such run. Reactive. */
  row(run: string): number | undefined {
    return this.#rows.get(run);
  }

  /** A column by its id; null if no source has it. Its cells come once somebody demands it. Reactive. */
  get(id: string): RunColumn | null {
    const source = this.#sourceOf(id);
    const info = source?.info(id);
    if (!source || !info) return null;
    let column = this.#columns.get(id);
    if (!column) {
      column = detached(() => new RunColumn(source, id));
      this.#columns.set(id, column);
    }
    return column;
  }

  /**
   * The id of what a person calls a name: an id, or a name that a source knows; null if none does. Reactive.
   *
   * @param statistic what stands before the parenthesis in `min(val/acc)`; empty for a bare name.
   */
  resolve(name: string, statistic = ""): string | null {
    if (statistic === "" && this.#sourceOf(name)?.info(name)) return name;
    for (const source of this.#sources) {
      const id = source.resolve(name, statistic);
      if (id !== null) return id;
    }
    return null;
  }

  /** Keeps the columns that `demand` names loaded and up to date until the returned function is called. `demand` may be reactive. */
  demand(demand: Demand): () => void {
    untrack(() => this.#demands.add(demand));
    return () => untrack(() => this.#demands.delete(demand));
  }

  /** Asks for what is demanded and not up to date; call inside an effect that lives as long as the page. */
  follow(): void {
    for (const source of this.#sources) {
      source.follow?.();
      const stale = this.#stale(source);
      if (stale.length === 0) continue;
      let ask = this.#asks.get(source);
      if (!ask) {
        ask = paced(
          () => this.#load(source),
          () => pause_ms,
        );
        this.#asks.set(source, ask);
      }
      if (stale.some((column) => !untrack(() => column.loaded))) ask.now();
      else ask();
    }
  }

  #sourceOf(id: string): ColumnSource | undefined {
    return this.#sources.find((source) => id.startsWith(`${source.name}:`));
  }

  #stale(source: ColumnSource): RunColumn[] {
    const { cells } = source;
    if (typeof cells === "function") return [];
    const columns: RunColumn[] = [];
    for (const id of this.#wanted) {
      const column = this.#sourceOf(id) === source ? this.get(id) : null;
      // The versions of all are read, so that the effect runs again whichever grows.
      if (column && column.asked !== cells.version(id)) columns.push(column);
    }
    return columns;
  }

  async #load(source: ColumnSource): Promise<void> {
    const { cells } = source;
    if (typeof cells === "function") return;
    const stale = untrack(() =>
      this.#stale(source).map((column) => ({ column, version: cells.version(column.id) })),
    );
    if (stale.length === 0) return;
    try {
      const loaded = await cells.load(stale.map(({ column }) => column.id));
      const byId = new Map(loaded.map((column) => [column.id, column]));
      for (const { column, version } of stale) {
        column.take(byId.get(column.id) ?? { id: column.id, runs: [], cells: [] }, version);
      }
    } catch {
      // Columns stay as they are; the live mark says that the server is away, and versions grow when it is back.
    }
  }
}

/** A column with its cells. */
export class RunColumn {
  /** The source's version of what was loaded last. Plain: only the asking compares it. */
  asked = -1;
  readonly source: ColumnSource;
  readonly id: string;
  #loaded: LoadedColumn | null = $state.raw(null);
  #info: ColumnInfo;
  #cells: readonly Cell[];

  constructor(source: ColumnSource, id: string) {
    this.source = source;
    this.id = id;
    const { cells } = source;
    this.#info = $derived(source.info(id) ?? { id, title: id, kind: "text", reference: id });
    this.#cells = $derived(typeof cells === "function" ? cells(id) : align(this.#loaded));
  }

  get title(): string {
    return this.#info.title;
  }

  get kind(): ColumnKind {
    return this.#info.kind;
  }

  get reference(): string {
    return this.#info.reference;
  }

  get statistic(): string | undefined {
    return this.#info.statistic;
  }

  /** Whether its cells have come. Reactive. */
  get loaded(): boolean {
    return this.#loaded !== null || typeof this.source.cells === "function";
  }

  /** A cell for each of the catalog's runs. Reactive: the same array until a cell or the runs change. */
  get cells(): readonly Cell[] {
    return this.#cells;
  }

  /** A run's cell. Reactive. */
  of(run: string): Cell {
    const row = runColumns.row(run);
    return row === undefined ? null : (this.#cells[row] ?? null);
  }

  take(loaded: LoadedColumn, version: number): void {
    this.asked = version;
    this.#loaded = loaded;
  }
}

function align(loaded: LoadedColumn | null): readonly Cell[] {
  const cells = new Array<Cell>(catalog.runs.length).fill(null);
  loaded?.runs.forEach((run, index) => {
    const row = runColumns.row(run);
    if (row !== undefined) cells[row] = loaded.cells[index] ?? null;
  });
  return cells;
}

export const runColumns = new RunColumns();
