/** Which embedding is shown: run, tag and step of the address, out of those that the server lists. */

import { isAbort } from "../../../api/client";
import { live } from "../../../state/live.svelte";
import { param, text, url } from "../../../state/url.svelte";
import { getListing, groupEntries, type Entry, type Listing } from "../data";

const configTag = "projector_config.pbtxt";

export class EmbeddingChoice {
  listing = $state.raw<Listing | null>(null);
  error = $state.raw<Error | null>(null);

  readonly #run = param("run", "", text);
  readonly #tag = param("tag", "", text);
  /** The step's number, or the tensor's name where it has none; empty: the newest, also when a newer one comes. */
  readonly #step = param("step", "", text);

  /** Which version of the files the page has asked for. */
  readonly version = $derived(live.version("projector", configTag));
  readonly groups = $derived(groupEntries(this.listing?.embeddings ?? []));
  readonly group = $derived(
    this.groups.find((group) => group.run === this.#run.value && group.tag === this.#tag.value) ??
      this.groups.find((group) => group.run === this.#run.value) ??
      this.groups[0] ??
      null,
  );
  readonly entry = $derived(
    this.group?.entries.find((entry) => stepWord(entry) === this.#step.value) ??
      this.group?.entries.at(-1) ??
      null,
  );

  async refresh(signal: AbortSignal): Promise<void> {
    try {
      this.listing = await getListing(signal);
      this.error = null;
    } catch (error) {
      if (!isAbort(error)) this.error = error as Error;
    }
  }

  showGroup(run: string, tag: string): void {
    url.set({ run, tag, step: null });
  }

  /** Shows an embedding of the group; the newest one is followed. */
  showEntry(entry: Entry): void {
    this.#step.value = entry === this.group?.entries.at(-1) ? "" : stepWord(entry);
  }

  /** Steps through the embeddings of the tag. */
  moveStep(by: number): void {
    const entries = this.group?.entries ?? [];
    const at = entries.indexOf(this.entry!);
    const next = entries[Math.max(0, Math.min(entries.length - 1, at + by))];
    if (next) this.showEntry(next);
  }
}

/** How the address names an embedding within its group. */
function stepWord(entry: Entry): string {
  return entry.step === null ? entry.name : String(entry.step);
}
