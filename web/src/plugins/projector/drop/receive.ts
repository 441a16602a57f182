/** Sends a file, and shows what the server found in it: a matrix as points, a table's columns as columns of the points that are shown. */

import { isAbort } from "../../../api/client";
import { formatBytes, formatStep } from "../../../base/format";
import type { Projector } from "../state/projector.svelte";
import { dropWords } from "./dropWords";
import { matchColumns } from "./match";
import { closeFile, getFileColumns, upload, type Opened } from "./upload";

/** Sends a file and shows it; what fails is said in the room's notes. */
export async function receive(p: Projector, file: File, signal: AbortSignal): Promise<void> {
  const t = dropWords();
  const say = (bytes: number) => {
    const all = bytes >= file.size;
    p.drops.status = all
      ? t.reading(file.name)
      : t.sending(file.name, formatBytes(bytes), formatBytes(file.size));
  };
  say(0);
  try {
    const opened = await upload(file, say, signal);
    if (opened.left_out.length > 0)
      p.drops.say({ text: t.leftOut(file.name, opened.left_out.join("; ")), bad: true });
    if (!(opened.is_table && (await addColumns(p, file.name, opened)))) await show(p, opened);
  } catch (error) {
    if (!isAbort(error)) p.drops.say({ text: (error as Error).message, bad: true });
  }
}

/** Forgets a dropped file; another embedding is shown then. */
export async function close(p: Projector, run: string): Promise<void> {
  await closeFile(run);
  await refresh(p);
  const other = p.choice.groups[0];
  if (other) p.choice.showGroup(other.run, other.tag);
}

/** Gives the points that are shown a table's columns. @returns false if it is a matrix of its own. */
async function addColumns(p: Projector, name: string, opened: Opened): Promise<boolean> {
  const t = dropWords();
  const { data, appearance, choice } = p;
  const isOwn = choice.group?.run === opened.run;
  const columns = data.loaded && !isOwn ? await getFileColumns(opened.run, data.pointCount) : [];
  const matched = matchColumns(columns, data.fields, data.pointCount);
  if (!matched) {
    if (opened.embeddings.length > 0) return false;
    const rows = formatStep(opened.rows);
    const text = data.loaded ? t.noMatch(name, rows, formatStep(data.pointCount)) : t.noPoints(name);
    p.drops.say({ text, bad: true });
    await closeFile(opened.run);
    return true;
  }
  matched.fields.forEach((field) => data.columns.add(field));
  appearance.color.value = (matched.fields.find((field) => field.numeric) ?? matched.fields[0]!).name;
  const names = matched.fields.map((field) => field.name).join(", ");
  const text = matched.key ? t.addedByKey(names, name, matched.key) : t.addedByOrder(names, name);
  if (opened.embeddings.length > 0) p.drops.say({ text, bad: false, showMatrix: () => void show(p, opened) });
  else {
    p.drops.say({ text, bad: false });
    await closeFile(opened.run); // nothing of it is needed any more
  }
  return true;
}

async function show(p: Projector, opened: Opened): Promise<void> {
  await refresh(p);
  const first = opened.embeddings[0];
  if (first) p.choice.showGroup(opened.run, first.tag);
}

const refresh = (p: Projector): Promise<void> => p.choice.refresh(new AbortController().signal);
