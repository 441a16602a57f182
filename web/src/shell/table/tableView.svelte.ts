/** What the run table shows, as the address says: which columns, in which order, how wide, pinned, and with which colours. */

import { lowerIsBetter } from "../../base/lowerIsBetter";
import { metric } from "../../state/metric.svelte";
import { groupColumnId, groups } from "../../state/groups.svelte";
import { runColumns } from "../../state/runColumns.svelte";
import { flag, param, url } from "../../state/url.svelte";
import type { HeatMode } from "./heat";

/** Stands first, always. */
export const nameColumn = "run:name";

/** Where nobody has chosen columns a log with few tags shows all of them, one with many its metric. */
const fewTags = 6;
const mostHparams = 16;

/** Whether columns in which all shown runs are equal are left out. */
export const onlyDiffering = param("differ", false, flag);
/** Whether grouped runs stand below one another without headings, in one order. */
export const ungrouped = param("ungrouped", false, flag);

class TableView {
  #columns = $derived.by(() => {
    const written = url.all("column");
    const ids = written.length === 0 ? defaults() : written;
    const known = new Set(ids.filter((id) => id !== nameColumn && runColumns.get(id) !== null));
    const pinned = this.#pinned;
    return [...known].sort((a, b) => Number(pinned.has(b)) - Number(pinned.has(a)));
  });

  #pinned = $derived.by(() => {
    const written = url.all("pinned");
    return new Set(written.length === 0 ? [metric.id ?? ""] : written);
  });

  /** Ids of the columns beside the name, the pinned ones first. Reactive, as all is here. */
  get columns(): readonly string[] {
    return this.#columns;
  }

  /** Pinned columns stay in sight while the others scroll. */
  isPinned(id: string): boolean {
    return id === nameColumn || this.#pinned.has(id);
  }

  has(id: string): boolean {
    return this.#columns.includes(id);
  }

  /** Puts columns behind all others, or takes them away. */
  show(ids: readonly string[], shown: boolean): void {
    const meant = new Set(ids);
    const others = this.#columns.filter((id) => !meant.has(id));
    url.set(this.#written(shown ? [...this.#columns, ...ids.filter((id) => !this.has(id))] : others));
  }

  /** Puts one column in the place of another. */
  replace(id: string, next: string): void {
    if (this.has(next)) return this.show([id], false);
    const swap = (other: string): string => (other === id ? next : other);
    const pinned = this.#pinned.has(id) ? this.#writtenPins([...this.#pinned].map(swap)) : {};
    url.set({ ...this.#written(this.#columns.map(swap)), ...pinned });
  }

  /** The columns that stand where nobody has chosen any. */
  reset(): void {
    url.set({ column: null, pinned: null, width: null, heat: null });
  }

  /** Puts a column before another; null: last. Between pinned columns it becomes one of them, and between the others it ends to be. */
  move(id: string, before: string | null): void {
    if (id === before || !this.has(id)) return;
    const others = this.#columns.filter((other) => other !== id);
    const place = before === null ? others.length : others.indexOf(before);
    if (place < 0) return;
    const lastPinned = others.findLastIndex((other) => this.#pinned.has(other));
    const pinned = place <= lastPinned || (place === lastPinned + 1 && this.#pinned.has(id));
    const pins = pinned === this.#pinned.has(id) ? {} : this.#writtenPins(this.#pinsWith(id, pinned));
    url.set({ ...this.#written(others.toSpliced(place, 0, id)), ...pins });
  }

  pin(id: string, pinned: boolean): void {
    url.set(this.#writtenPins(this.#pinsWith(id, pinned)));
  }

  #pinsWith(id: string, pinned: boolean): string[] {
    const others = [...this.#pinned].filter((other) => other !== id);
    return pinned ? [...others, id] : others;
  }

  /** As they stand in the address. What was chosen and is unknown now may come again, as a hyperparameter of a run that is being read. */
  #written(columns: readonly string[]): { column: string[] } {
    const unknown = url.all("column").filter((id) => id !== "" && runColumns.get(id) === null);
    const named = [...columns, ...unknown];
    return { column: named.length > 0 ? named : [""] };
  }

  #writtenPins(pinned: readonly string[]): { pinned: string[] } {
    const named = pinned.filter(Boolean);
    return { pinned: named.length > 0 ? named : [""] };
  }

  #widths = $derived(
    new Map(
      url
        .all("width")
        .map(keyed)
        .map(([px, id]) => [id, Number(px)]),
    ),
  );

  /** The width that a person gave a column, in px; null if it has its usual one. */
  width(id: string): number | null {
    const width = this.#widths.get(id);
    return width !== undefined && Number.isFinite(width) ? clampWidth(width) : null;
  }

  /** Null: back to its usual width. */
  setWidth(id: string, width: number | null): void {
    const widths = new Map(this.#widths);
    if (width === null) widths.delete(id);
    else widths.set(id, Math.round(clampWidth(width)));
    url.set({ width: [...widths].map(([other, px]) => `${px}.${other}`) });
  }

  #heat = $derived(
    new Map(
      url
        .all("heat")
        .map(keyed)
        .map(([mode, id]) => [id, mode]),
    ),
  );

  /** Whether columns have colours unless they say otherwise. */
  get colored(): boolean {
    return this.#heat.get("") !== "off";
  }

  set colored(colored: boolean) {
    url.set({ heat: colored ? null : ["off."] });
  }

  /** @param usual what holds where nobody has chosen. */
  heat(id: string, usual: HeatMode): HeatMode {
    const mode = this.#heat.get(id);
    if (mode === "auto" || mode === "linear" || mode === "log" || mode === "off") return mode;
    return this.colored ? usual : "off";
  }

  setHeat(id: string, mode: HeatMode): void {
    url.set({ heat: [...new Map(this.#heat).set(id, mode)].map(([other, chosen]) => `${chosen}.${other}`) });
  }
}

/** Of two parts with a point between, the second of which may hold points. */
function keyed(text: string): [string, string] {
  const dot = text.indexOf(".");
  return [text.slice(0, dot), text.slice(dot + 1)];
}

const widths = { low: 40, high: 2000 };

function clampWidth(px: number): number {
  return Math.min(widths.high, Math.max(widths.low, px));
}

/** How runs went first, then what they were given, then when they ran. Of hyperparameters all that may tell them apart, where that is asked. */
function defaults(): string[] {
  const of = (source: string) =>
    runColumns.offered.filter(({ id }) => id.startsWith(`${source}:`)).map(({ id }) => id);
  const tags = of("scalars");
  const chosen = metric.id === null ? [] : [metric.id];
  return [
    ...(groups.active && ungrouped.value ? [groupColumnId] : []),
    ...chosen,
    ...chosen.flatMap((id) => best(id) ?? []),
    ...(tags.length <= fewTags ? tags : []),
    ...of("hparams").slice(0, onlyDiffering.value ? Infinity : mostHparams),
    ...["run:state", "run:start", "run:duration", "run:seen", "run:points"],
  ];
}

/** The smallest or largest value of a tag whose last one is a column. */
function best(id: string): string | null {
  const column = runColumns.get(id);
  if (column?.statistic !== "last") return null;
  return column.source.variant?.(id, lowerIsBetter(column.title) ? "min" : "max") ?? null;
}

export const tableView = new TableView();
