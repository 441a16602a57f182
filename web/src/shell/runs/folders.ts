/** What is done to all runs of a folder of the list. */

import type { RunEntry } from "../../api/types";
import type { FolderRow } from "../../base/runTree";
import { catalog } from "../../state/catalog.svelte";
import { runSelection } from "../../state/runSelection.svelte";
import { runs } from "../../state/runs.svelte";

/** All runs below it, and the one that is called as it is; those too that the filter does not let through. */
function membersOf({ path }: FolderRow<RunEntry>): Set<string> {
  const itself = path.slice(0, -1);
  return new Set(catalog.runs.map(({ run }) => run).filter((run) => run.startsWith(path) || run === itself));
}

/** Ticks or unticks what the list has of it: with a filter, only what that lets through. */
export function showFolder(row: FolderRow<RunEntry>, shown: boolean): void {
  const members = membersOf(row);
  if (members.size === row.runs.length) runSelection.selectFolder(row.path, members, shown);
  else runSelection.selectEach(new Set(row.runs.map(({ run }) => run)), shown);
}

/** Ticks it alone; again, to tick all. */
export function onlyFolder(row: FolderRow<RunEntry>): void {
  const members = membersOf(row);
  const alone =
    runs.visible.length > 0 && catalog.runs.every(({ run }) => runs.isSelected(run) === members.has(run));
  if (alone) runSelection.selectAll();
  else runSelection.selectOnlyFolder(row.path, members);
}
