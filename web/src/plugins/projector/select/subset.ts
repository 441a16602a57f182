/** Makes the selected points an embedding of their own, to which PCA and layouts are fitted, and shows it. */

import { postJson } from "../../../api/client";
import { named, type Entry } from "../data";
import type { Projector } from "../state/projector.svelte";
import { bitsOf } from "./export";

export async function showSubset(p: Projector): Promise<void> {
  const { loaded, pointCount } = p.data;
  if (!loaded) return;
  const points = bitsOf(p.selection.selected, pointCount);
  const entry = await postJson<Entry>("api/projector/subsets", { ...named(loaded.entry), points });
  await p.choice.refresh(new AbortController().signal);
  p.choice.showGroup(entry.run, entry.tag);
}
