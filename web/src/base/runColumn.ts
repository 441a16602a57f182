/** Columns of runs: what lists, tables, filters, groups and colours read, whatever plugin it comes from. */

import type { Language } from "./i18n.svelte";

/** What a run has in a column; null: nothing. A logged NaN is NaN. */
export type Cell = number | string | boolean | null;

/** How cells are written, compared and typed: `time` is seconds since 1970 UTC, `duration` seconds, `step` and `count` whole numbers. */
export type ColumnKind = "number" | "step" | "count" | "bytes" | "time" | "duration" | "text";

export interface ColumnInfo {
  /** The source's name, a colon, and what the source makes of the rest: `run:start`, `scalars:val/acc:last`, `hparams:lr`. */
  id: string;
  /** In the page's language. */
  title: string;
  kind: ColumnKind;
  /** What a person writes in an expression for this column: `val/acc`, `min(val/acc)`. */
  reference: string;
  /** Of what it is a figure of: `last`, `min`, `at=1000`. Undefined where the source has no statistics. */
  statistic?: string;
}

/**
 * What `plugins/<name>/columns.ts` default-exports. It is loaded with the page and found by its folder. What it answers is
 * reactive.
 */
export interface ColumnSource {
  /** The plugin's name; with a colon it begins the ids of all its columns. */
  name: string;
  /** Heads its columns in menus. */
  title: Record<Language, string>;
  /** Of two sources that know a name the lower one is meant. */
  order: number;
  /** Whether `list` is complete. */
  ready(): boolean;
  /** Keeps `list` up to date: runs in an effect that lives as long as the page. */
  follow?(): void;
  /** What menus and completion offer. */
  list(): readonly ColumnInfo[];
  /** One of its columns, whether or not it is listed; null where the id is none. */
  info(id: string): ColumnInfo | null;
  /** The id of what a person calls `name`, or writes as `statistic(name)`; null where it is unknown. */
  resolve(name: string, statistic: string): string | null;
  /** What may stand before the parenthesis: `min`, `max`. */
  statistics?: readonly string[];
  /** The same thing's column by another statistic, which may stand with a step: `at=1000`. Null where the id or the statistic is none. */
  variant?(id: string, statistic: string): string | null;
  /** The column to show where nobody has chosen one; null if it has none that says how a run went. */
  favourite?(): string | null;
  /** Where its cells come from: asked for, or at hand. */
  cells: AskedCells | CellsAtHand;
}

/** Cells that the server is asked for when a column is demanded. */
export interface AskedCells {
  /** Grows when a column has new cells. Reactive. */
  version(id: string): number;
  /** Cells as they are now. */
  load(ids: readonly string[]): Promise<readonly LoadedColumn[]>;
}

/** Cells that the page has: one for each of the catalog's runs. Reactive. */
export type CellsAtHand = (id: string) => readonly Cell[];

/** Cells of some runs; all other runs have nothing there. */
export interface LoadedColumn {
  id: string;
  runs: readonly string[];
  cells: ArrayLike<Cell>;
}
