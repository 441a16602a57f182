/** Runs as a tree: their names are paths. */

import { printable } from "./printable";
import { SiblingNames } from "./siblingNames";

/** A line of the list: a folder, or a run. */
export type TreeRow<Run> = FolderRow<Run> | RunRow<Run>;

interface Place {
  /** Names the row for as long as its run or folder is there. */
  id: string;
  /** What is written, one of `siblings`. */
  label: string;
  siblings: SiblingNames;
  /** Path of the folder that it stands in. */
  parent: string;
  /** 0 for the outermost. */
  depth: number;
  /** Among its siblings, from 1 on. */
  position: number;
}

export interface FolderRow<Run> extends Place {
  type: "folder";
  /** Ends in `/`: the names of all its runs begin so, but for a run that is called as the folder is. */
  path: string;
  /** All runs below it, in the list's order. */
  runs: readonly Run[];
  open: boolean;
}

export interface RunRow<Run> extends Place {
  type: "run";
  run: Run;
}

interface Folder<Run> {
  path: string;
  /** By the next part of their names, in the order in which they were first met. A run stands for itself. */
  children: Map<string, { folder: Folder<Run> | null; run: Run | null }>;
  runs: Run[];
}

/** The folder that all names lie in, with its `/`; empty if there is none, or only one name. */
export function sharedFolder(names: readonly string[]): string {
  const [first] = names;
  if (first === undefined || names.length < 2) return "";
  let end = first.lastIndexOf("/") + 1;
  // A run that is called as a folder lies beside it, not in it.
  for (const name of names)
    while (end > 0 && !name.startsWith(first.slice(0, end))) end = first.lastIndexOf("/", end - 2) + 1;
  return first.slice(0, end);
}

/**
 * The lines of a list of runs. Folders stand where the first of their runs does, so in a list that is sorted by a number the best one comes
 * first. Folders in one another without anything beside them are one line, `a/b/`; a folder with one run in it is that run's.
 *
 * @param runs in the order in which they are to stand.
 * @param root the folder that the tree begins in; all names begin with it.
 * @param isOpen whether a folder's runs are listed, by its path.
 */
export function treeRows<Run>(
  runs: readonly Run[],
  nameOf: (run: Run) => string,
  root: string,
  isOpen: (path: string) => boolean,
): TreeRow<Run>[] {
  const rows: TreeRow<Run>[] = [];
  list(grow(runs, nameOf, root), 0);
  return rows;

  function list(folder: Folder<Run>, depth: number): void {
    const lines = linesOf(folder, nameOf);
    const siblings = new SiblingNames(lines.map(({ label }) => label));
    lines.forEach(({ label, folder: below, run }, index) => {
      const place = { label, siblings, parent: folder.path, depth, position: index + 1 };
      if (!below) {
        rows.push({ type: "run", id: `run:${nameOf(run!)}`, run: run!, ...place });
        return;
      }
      const open = isOpen(below.path);
      rows.push({
        type: "folder",
        id: `folder:${below.path}`,
        path: below.path,
        runs: below.runs,
        open,
        ...place,
      });
      if (open) list(below, depth + 1);
    });
  }
}

/** The same runs without folders. */
export function flatRows<Run>(
  runs: readonly Run[],
  nameOf: (run: Run) => string,
  root: string,
): RunRow<Run>[] {
  const labels = runs.map((run) => printable(nameOf(run).slice(root.length)));
  const siblings = new SiblingNames(labels);
  return runs.map((run, index) => ({
    type: "run",
    id: `run:${nameOf(run)}`,
    run,
    label: labels[index]!,
    siblings,
    parent: root,
    depth: 0,
    position: index + 1,
  }));
}

function grow<Run>(runs: readonly Run[], nameOf: (run: Run) => string, root: string): Folder<Run> {
  const top: Folder<Run> = { path: root, children: new Map(), runs: [] };
  for (const run of runs) {
    const name = nameOf(run);
    let folder = top;
    folder.runs.push(run);
    for (let at = root.length, slash = name.indexOf("/", at); ; slash = name.indexOf("/", at)) {
      const part = name.slice(at, slash < 0 ? undefined : slash);
      let child = folder.children.get(part);
      if (!child) folder.children.set(part, (child = { folder: null, run: null }));
      if (slash < 0) {
        child.run = run;
        // It stands among the runs below the folder of its name.
        child.folder?.runs.push(run);
        break;
      }
      at = slash + 1;
      if (!child.folder) {
        child.folder = {
          path: name.slice(0, at),
          children: new Map(),
          runs: child.run === null ? [] : [child.run],
        };
      }
      folder = child.folder;
      folder.runs.push(run);
    }
  }
  return top;
}

interface Line<Run> {
  label: string;
  /** Null for a run. */
  folder: Folder<Run> | null;
  run: Run | null;
}

/** What stands in a folder. */
function linesOf<Run>(parent: Folder<Run>, nameOf: (run: Run) => string): Line<Run>[] {
  const lines: Line<Run>[] = [];
  for (const { folder, run } of parent.children.values()) {
    if (!folder) lines.push({ label: below(nameOf(run!)), folder: null, run });
    else if (run === null) lines.push(compact(folder));
    else lines.push({ label: below(folder.path), folder: withItself(folder, run), run: null });
  }
  return lines;

  /** What of a path stands behind the folder's; of the run that is called as the folder is, nothing. */
  function below(path: string): string {
    return printable(path.slice(parent.path.length)) || ".";
  }

  function compact(from: Folder<Run>): Line<Run> {
    let folder = from;
    for (;;) {
      const only = folder.children.size === 1 ? [...folder.children.values()][0]! : null;
      if (only?.folder && only.run === null) folder = only.folder;
      else if (only && !only.folder) return { label: below(nameOf(only.run!)), folder: null, run: only.run };
      else return { label: below(folder.path), folder, run: null };
    }
  }
}

/** A folder that is a run as well has that run in it, as `.`. */
function withItself<Run>(folder: Folder<Run>, run: Run): Folder<Run> {
  const children = new Map([[".", { folder: null, run }], ...folder.children]);
  return { ...folder, children };
}
