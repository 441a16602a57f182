/** Runs' names as they stand in the table: whole, in a column as wide as the longest of them where there is room for it. */

import { printable } from "../../base/printable";
import { SiblingNames } from "../../base/siblingNames";
import { catalog } from "../../state/catalog.svelte";
import { textWidth } from "../../widgets/textWidth";
import { nameColumn, tableView } from "./tableView.svelte";

/** Tick, line and mark before the name, and the cell's padding. */
const marks_px = 84;
const least_px = 150;
/** Of the table's width: the numbers are what one came for. In a narrow table names would look alike in so little. */
const shareOf = (table_px: number): number => (table_px < 480 ? 0.6 : 0.45);

class TableNames {
  #printed = $derived(catalog.runs.map(({ run }) => printable(run)));
  #siblings = $derived(new SiblingNames(this.#printed));
  #longest_px = $derived(this.#printed.reduce((most, name) => Math.max(most, widthOf(name)), 0));

  /** The name of a row of the catalog's. Reactive, as all is here. */
  of(row: number): string {
    return this.#printed[row] ?? "";
  }

  get siblings(): SiblingNames {
    return this.#siblings;
  }

  /** Width of the column in px, in a table so wide. */
  width(table_px: number): number {
    const chosen = tableView.width(nameColumn);
    const whole = Math.max(least_px, Math.ceil(this.#longest_px) + marks_px);
    return chosen ?? Math.min(whole, Math.max(least_px, Math.floor(table_px * shareOf(table_px))));
  }

  /** Whether a name has room in a column so wide. */
  fits(name: string, width_px: number): boolean {
    return widthOf(name) <= width_px - marks_px;
  }
}

let font = "";

function widthOf(text: string): number {
  font ||= `13px ${getComputedStyle(document.body).fontFamily}`;
  return textWidth(text, font);
}

export const tableNames = new TableNames();
