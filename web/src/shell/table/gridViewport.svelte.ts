/** What part of the table is seen: of many rows and columns only those in sight are in the page. */

import type { GridPlace } from "./gridKeys";
import { layOut, seenColumns, seenRows, type Placed } from "./layout";
import { tableColumn, type TableColumn } from "./tableColumn.svelte";
import { tableNames } from "./tableNames.svelte";
import { tableRows } from "./tableRows.svelte";
import { tableView } from "./tableView.svelte";

export const rowHeight_px = 28;
export const headHeight_px = 34;
/** Name and pinned columns stay at the left edge while they leave so much for the others. */
const mostFixed = 0.7;

export interface GridColumn extends Placed {
  column: TableColumn;
  /** Place among all columns; the name's is 0. */
  index: number;
}

/** What every line needs to know of the columns. */
export interface GridColumns {
  nameWidth: number;
  /** Stay beside the name. */
  pinned: readonly GridColumn[];
  /** Of the others those that are near what is seen. */
  free: readonly GridColumn[];
}

export class GridViewport {
  /** Of the table's element, in px; and how far it is scrolled. */
  width = $state(0);
  height = $state(0);
  top = $state(0);
  left = $state(0);

  #nameWidth = $derived(tableNames.width(this.width));
  #layout = $derived.by(() => {
    const widthOf = (id: string): number => tableColumn(id)?.width ?? 0;
    const laid = layOut(tableRows.columns, (id) => tableView.isPinned(id), widthOf);
    const fits = this.#nameWidth + laid.pinnedWidth <= this.width * mostFixed;
    return fits ? laid : layOut(tableRows.columns, () => false, widthOf);
  });
  #room = $derived(this.width - this.#nameWidth - this.#layout.pinnedWidth);
  #seen = $derived(seenColumns(this.#layout.free, this.left, this.#room));
  // Numbers, so that what depends on them stands still while the table scrolls by less than a column.
  #firstColumn = $derived(this.#seen[0]);
  #endColumn = $derived(this.#seen[1]);

  #columns = $derived.by((): GridColumns => {
    const { pinned, free } = this.#layout;
    return {
      nameWidth: this.#nameWidth,
      pinned: withColumns(pinned, 1),
      free: withColumns(
        free.slice(this.#firstColumn, this.#endColumn),
        1 + pinned.length + this.#firstColumn,
      ),
    };
  });

  get columns(): GridColumns {
    return this.#columns;
  }

  /** Of all columns together, in px. */
  get fullWidth(): number {
    return this.#nameWidth + this.#layout.pinnedWidth + this.#layout.freeWidth;
  }

  get #lines_px(): number {
    return this.height - headHeight_px;
  }

  #rows = $derived(seenRows(this.top, this.#lines_px, rowHeight_px, tableRows.items.length));
  #firstRow = $derived(this.#rows[0]);
  #endRow = $derived(this.#rows[1]);

  /** The items that are in the page: from this one … */
  get firstRow(): number {
    return this.#firstRow;
  }

  /** … to before this one. */
  get endRow(): number {
    return this.#endRow;
  }

  /** Lines that a page key passes. */
  get page(): number {
    return Math.max(1, Math.floor(this.#lines_px / rowHeight_px) - 1);
  }

  widthOf(column: number): number {
    return column === 0 ? this.#nameWidth : (tableColumn(tableRows.ids[column]!)?.width ?? 0);
  }

  /** Whether a cell is in the page. */
  isMade({ row, column }: GridPlace): boolean {
    const free = column - 1 - this.#layout.pinned.length;
    const rowIs = row === 0 || (row > this.#firstRow && row <= this.#endRow);
    return rowIs && (free < 0 || (free >= this.#firstColumn && free < this.#endColumn));
  }

  /** Scrolls no further than it must for a cell to be seen. Who shows the table scrolls its element there. */
  reveal({ row, column }: GridPlace): void {
    const start = (row - 1) * rowHeight_px;
    if (row > 0) this.top = within(this.top, start + rowHeight_px - this.#lines_px, start);
    const place = this.#layout.free[column - 1 - this.#layout.pinned.length];
    if (place) this.left = within(this.left, place.left + place.width - this.#room, place.left);
  }
}

function within(now: number, least: number, most: number): number {
  return Math.min(Math.max(now, least), most);
}

function withColumns(placed: readonly Placed[], from: number): GridColumn[] {
  return placed.flatMap((place, index) => {
    const column = tableColumn(place.id);
    return column ? { ...place, column, index: from + index } : [];
  });
}
