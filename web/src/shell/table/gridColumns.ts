/** What every line of the grid needs to know of its columns. */

import type { Placed } from "./layout";
import type { TableColumn } from "./tableColumn.svelte";

export interface GridColumn extends Placed {
  column: TableColumn;
  /** Place among all columns; the name's is 0. */
  index: number;
}

export interface GridColumns {
  nameWidth: number;
  /** Stay beside the name. */
  pinned: readonly GridColumn[];
  pinnedWidth: number;
  /** Of the others those that are near what is seen. */
  free: readonly GridColumn[];
}
