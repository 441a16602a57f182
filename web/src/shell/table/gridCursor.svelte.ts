/** The cell that the table's keys are at, and the lines that are chosen from it on. */

import { runs } from "../../state/runs.svelte";
import { runTree } from "../../state/runTree.svelte";
import type { GridPlace } from "./gridKeys";
import { itemId, runsOfItem, tableRows } from "./tableRows.svelte";
import { nameColumn } from "./tableView.svelte";

/** Of the headings' line. */
const head = "head";

export class GridCursor {
  #reveal: (place: GridPlace) => void;
  /** By the line's and the column's ids, and by where the line was, for when it vanishes. */
  #item = $state.raw("");
  #columnId = $state.raw(nameColumn);
  #lastRow = 1;
  /** Where a range of chosen lines begins. */
  #anchor = 1;

  /** @param reveal scrolls a cell into sight. */
  constructor(reveal: (place: GridPlace) => void) {
    this.#reveal = reveal;
  }

  #row = $derived.by(() => {
    if (this.#item === head) return 0;
    const found = tableRows.items.findIndex((item) => itemId(item) === this.#item);
    return found >= 0 ? found + 1 : Math.min(this.#lastRow, tableRows.items.length);
  });

  /** 0 is the headings' line. Reactive, as all is here. */
  get row(): number {
    return this.#row;
  }

  #column = $derived(Math.max(0, tableRows.ids.indexOf(this.#columnId)));

  /** 0 is the name's. */
  get column(): number {
    return this.#column;
  }

  /** Puts the keys at a cell. The run of its line stands out, as one that is pointed at does. */
  goTo(place: GridPlace): void {
    const { row } = place;
    const column = Math.min(place.column, tableRows.ids.length - 1);
    const item = tableRows.items[row - 1];
    this.#item = item ? itemId(item) : head;
    this.#columnId = tableRows.ids[column] ?? nameColumn;
    this.#lastRow = row;
    this.#reveal({ row, column });
    runs.hover(item?.type === "run" ? runsOfItem(item)[0]! : null);
  }

  /** The same, and a range of chosen lines will begin there. */
  startAt(place: GridPlace): void {
    this.#anchor = Math.max(1, place.row);
    this.goTo(place);
  }

  /** The same, and the lines from where a range begins are chosen. */
  chooseTo(place: GridPlace): void {
    this.goTo(place);
    if (place.row === 0) return;
    const range = tableRows.items.slice(
      Math.min(this.#anchor, place.row) - 1,
      Math.max(this.#anchor, place.row),
    );
    runTree.chooseRuns(range.flatMap(runsOfItem), true);
  }
}
