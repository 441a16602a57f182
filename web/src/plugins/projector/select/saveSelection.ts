/** Has the browser save the selected points, or the metadata as it was edited. */

import { fileName, saveFile } from "../../../base/save";
import { postRows } from "../data";
import type { Projector } from "../state/projector.svelte";
import { bitsOf, csvOf, metadataTsv, npyOf } from "./export";
import type { SelectionFile } from "./files";

const tsv = "text/tab-separated-values";

export async function saveSelection(p: Projector, form: SelectionFile): Promise<void> {
  const { loaded, fields, columns, pointCount } = p.data;
  const { selected } = p.selection;
  if (!loaded) return;
  const name = fileName(loaded.entry.run, loaded.entry.name, "selection");
  const { positions, flat } = p.appearance;
  switch (form) {
    case "csv":
      return saveFile(`${name}.csv`, csvOf(selected, fields, positions, flat.value ? 2 : 3), "text/csv");
    case "npy":
      return saveFile(`${name}.npy`, npyOf(selected), "application/octet-stream");
    case "vectors":
      return saveFile(`${name}_tensors.tsv`, await postRows(loaded.entry, bitsOf(selected, pointCount)), tsv);
    case "metadata":
      return saveFile(`${name}_metadata.tsv`, metadataTsv(selected, columns.metadata, pointCount), tsv);
  }
}

export function saveBookmarks(p: Projector): void {
  saveFile("bookmarks.json", JSON.stringify(p.bookmarks.list), "application/json");
}

/** The whole file, under the name that configs use. */
export function saveMetadata(p: Projector): void {
  const { columns, pointCount } = p.data;
  saveFile("metadata.tsv", metadataTsv(null, columns.metadata, pointCount), tsv);
  columns.unsaved = false;
}
