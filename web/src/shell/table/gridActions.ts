/** What keys do at a cell of the table, beside going to another. */

import { runOrder } from "../../state/runOrder.svelte";
import { runs } from "../../state/runs.svelte";
import { runSelection } from "../../state/runSelection.svelte";
import { runTree } from "../../state/runTree.svelte";
import type { TableItem } from "./tableItems";
import { runsOfItem, tableRows } from "./tableRows.svelte";
import { nameColumn, tableView } from "./tableView.svelte";

const widthStep_px = 16;

export function sortBy(column: string, also: boolean): void {
  if (also) runOrder.toggleAlso(column);
  else runOrder.toggle(column);
}

/** Chooses runs, or no longer if all of them are. */
export function toggleChosen(names: readonly string[]): void {
  runTree.chooseRuns(names, !names.every((run) => runTree.isRunChosen(run)));
}

/** Shows runs, or hides them if all of them are shown. */
export function toggleShown(names: readonly string[]): void {
  runSelection.selectEach(new Set(names), !names.every((run) => runs.isSelected(run)));
}

/**
 * @param width_px of the column now.
 * @returns whether the key meant something at a heading.
 */
export function pressHeading(
  column: string,
  width_px: number,
  { key, shiftKey, altKey }: KeyboardEvent,
): boolean {
  const by = key === "ArrowRight" ? 1 : key === "ArrowLeft" ? -1 : 0;
  if (key === "Enter") sortBy(column, shiftKey);
  else if (by && shiftKey) tableView.setWidth(column, width_px + by * widthStep_px);
  else if (column === nameColumn) return false;
  else if (by && altKey) tableRows.shift(column, by);
  else if (key === "Delete") tableView.show([column], false);
  else return false;
  return true;
}

/** @returns whether the key meant something at a line. */
export function pressLine(item: TableItem, { key, ctrlKey, metaKey }: KeyboardEvent): boolean {
  const names = runsOfItem(item);
  if (ctrlKey || metaKey) {
    if (key === "a") runTree.chooseRuns(tableRows.items.flatMap(runsOfItem), true);
    else if (key === " ") toggleChosen(names);
    else return false;
  } else if (key === " ") toggleShown(names);
  else if (key === "Enter" && item.type === "group") tableRows.toggleGroup(item.group.id);
  else if (key === "Enter") runs.selectOnly(names[0]!);
  else if (key === "Escape" && runTree.chosen.length > 0) runTree.chooseNone();
  else return false;
  return true;
}
