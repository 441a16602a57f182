/** A column of the table: how its cells read, how wide they are and what colour lies behind them. */

import { detached } from "../../base/detached.svelte";
import { formatCell } from "../../base/formatCell";
import type { Cell, ColumnKind } from "../../base/runColumn";
import { SiblingNames } from "../../base/siblingNames";
import { catalog } from "../../state/catalog.svelte";
import { runColumns, type RunColumn } from "../../state/runColumns.svelte";
import { runs } from "../../state/runs.svelte";
import { settings } from "../../state/settings.svelte";
import { textWidth } from "../../widgets/textWidth";
import { touch } from "../screen";
import { stateWord } from "../runs/runState";
import { distinctFormat } from "./distinctFormat";
import { heatColors, type HeatMode } from "./heat";
import { tableView } from "./tableView.svelte";

const cellFont = "13px";
const headFont = "600 12px";
const padding_px = 18;
/** Beside the words of a heading: padding, the mark of its order, and its menu, which stands there always where no pointer hovers. */
const headMarks_px = (): number => (touch.current ? 64 : 40);
const limits = { low: 64, cell: 360, head: 190 };
/** Rows that are measured: evenly spread, since all rows of a long table take a while. */
const measured = 200;

let family = "";

class TableColumn {
  readonly id: string;
  #column: RunColumn;
  #numbers: readonly number[];
  #format: (value: number) => string;
  #heat: ((value: number) => string | null) | null;
  #usualWidth: number;
  #isNumeric: boolean;
  #texts: SiblingNames;

  constructor(column: RunColumn) {
    this.id = column.id;
    this.#column = column;
    this.#numbers = $derived(this.#column.cells.filter((cell) => typeof cell === "number"));
    this.#format = $derived(distinctFormat(this.#numbers));
    this.#heat = $derived(heatColors(this.#shownNumbers(), this.heatMode, settings.dark));
    this.#usualWidth = $derived(this.#measure());
    this.#texts = $derived(
      new SiblingNames([...new Set(this.cells.filter((cell) => typeof cell === "string"))]),
    );
    this.#isNumeric = $derived(
      this.kind !== "text" ||
        (this.#numbers.length > 0 && this.cells.every((cell) => cell === null || typeof cell === "number")),
    );
  }

  get title(): string {
    return this.#column.title;
  }

  get kind(): ColumnKind {
    return this.#column.kind;
  }

  get reference(): string {
    return this.#column.reference;
  }

  get cells(): readonly Cell[] {
    return this.#column.cells;
  }

  /** Whether its cells have come. */
  get loaded(): boolean {
    return this.#column.loaded;
  }

  /** What it is a figure of, `last` or `at=1000`; null where its source has no statistics. */
  get statistic(): string | null {
    return this.#column.statistic ?? null;
  }

  /** The same thing's column by another statistic; null where there is none. */
  variant(statistic: string): string | null {
    return this.#column.source.variant?.(this.id, statistic) ?? null;
  }

  get statistics(): readonly string[] {
    return this.#column.source.statistics ?? [];
  }

  /** Whether its cells are numbers, which stand at the right. */
  get isNumeric(): boolean {
    return this.#isNumeric;
  }

  /** Whether the mean of its numbers tells something: of a size or a number, and not of a time. */
  get isAveraged(): boolean {
    return this.kind !== "time" && this.kind !== "text";
  }

  get heatMode(): HeatMode {
    return tableView.heat(this.id, this.kind === "number" ? "auto" : "off");
  }

  /** Width in px: what a person chose, else what its cells need. */
  get width(): number {
    return tableView.width(this.id) ?? this.#usualWidth;
  }

  /** A cell as it is read; empty where there is nothing, an ellipsis while cells are on their way. */
  text(cell: Cell): string {
    if (!this.loaded) return "…";
    const plain = this.kind === "number" || this.kind === "text";
    return typeof cell === "number" && plain ? this.#format(cell) : formatCell(cell, this.kind);
  }

  /** The different texts of its cells, where one is too long for its cell; null for what is none of them. */
  textsFor(cell: Cell, text: string): SiblingNames | null {
    if (cell !== text || textWidth(text, bodyFont(cellFont)) <= this.width - padding_px) return null;
    return this.#texts.all.includes(text) ? this.#texts : null;
  }

  /** A cell with all of its digits. */
  whole(cell: Cell): string {
    return typeof cell === "number" && this.kind !== "time" && this.kind !== "duration"
      ? String(cell)
      : this.text(cell);
  }

  /** The colour behind a cell; null for none. */
  color(cell: Cell): string | null {
    return typeof cell === "number" ? (this.#heat?.(cell) ?? null) : null;
  }

  *#shownNumbers(): Generator<number> {
    for (const { run } of runs.matching) {
      const cell = this.#column.of(run);
      if (typeof cell === "number") yield cell;
    }
  }

  #measure(): number {
    const { cells } = this;
    const textOf = (row: number): string =>
      this.id === "run:state" ? stateWord(catalog.runs[row]!) : this.text(cells[row]!);
    const step = Math.max(1, Math.floor(cells.length / measured));
    let widest = 0;
    for (let row = 0; row < cells.length; row += step)
      widest = Math.max(widest, textWidth(textOf(row), bodyFont(cellFont)));
    const head = textWidth(this.title, bodyFont(headFont)) + headMarks_px();
    const wanted = Math.max(
      limits.low,
      Math.min(head, limits.head),
      Math.min(widest + padding_px, limits.cell),
    );
    // In steps, so that columns do not tremble while numbers grow.
    return Math.ceil(wanted / 8) * 8;
  }
}

function bodyFont(font: string): string {
  family ||= getComputedStyle(document.body).fontFamily;
  return `${font} ${family}`;
}

const columns = new Map<RunColumn, TableColumn>();

/** Reactive; null where no source has the column. */
export function tableColumn(id: string): TableColumn | null {
  const column = runColumns.get(id);
  if (!column) return null;
  let made = columns.get(column);
  if (!made) columns.set(column, (made = detached(() => new TableColumn(column))));
  return made;
}

export type { TableColumn };
