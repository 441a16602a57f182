/** Runs' names as they stand in the table: whole, in a column as wide as the longest of them where there is room for it. */

import { printable } from "../../base/printable";
import { SiblingNames } from "../../base/siblingNames";
import { catalog } from "../../state/catalog.svelte";
import { groups } from "../../state/groups.svelte";
import { textWidth } from "../../widgets/textWidth";
import { nameColumn, tableView } from "./tableView.svelte";

/** Tick, line and mark before the name, and the cell's padding. */
const marks_px = 84;
const least_px = 150;
/** The same before and behind the label of a group. */
export const headingMarks_px = 160;
/** Of the table's width: the numbers are what one came for. In a narrow table names would look alike in so little. */
const shareOf = (table_px: number): number => (table_px < 480 ? 0.6 : 0.45);

class TableNames {
  #printed = $derived(catalog.runs.map(({ run }) => printable(run)));
  #siblings = $derived(new SiblingNames(this.#printed));
  #longest_px = $derived(
    Math.max(
      longest(this.#printed, 400),
      longest(
        groups.all.map(({ label }) => label),
        600,
      ) +
        headingMarks_px -
        marks_px,
    ),
  );

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

  /** What a column so wide has for a name, in px. */
  room(width_px: number): number {
    return width_px - marks_px;
  }
}

let family = "";

/** Width of a text in the table's cells, in px. */
export function widthOf(text: string, weight: 400 | 600): number {
  family ||= getComputedStyle(document.body).fontFamily;
  return textWidth(text, `${weight} 13px ${family}`);
}

/** Of many names, which are too many for the arguments of a function. */
function longest(names: readonly string[], weight: 400 | 600): number {
  return names.reduce((most, name) => Math.max(most, widthOf(name, weight)), 0);
}

export const tableNames = new TableNames();
