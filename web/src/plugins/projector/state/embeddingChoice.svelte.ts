/**
 * Which embedding is shown: run, tag and step of the address, out of those that the server lists. What is shown once stays shown, whatever
 * other runs begin meanwhile; the newest step of its tag is followed where the address names none.
 */

import { isAbort } from "../../../api/client";
import { live } from "../../../state/live.svelte";
import { param, text, url } from "../../../state/url.svelte";
import { getListing, groupEntries, type Entry, type Group, type Listing } from "../data";

const configTag = "projector_config.pbtxt";

export class EmbeddingChoice {
  listing = $state.raw<Listing | null>(null);
  error = $state.raw<Error | null>(null);
  readonly #keys: { run: string; tag: string; step: string };
  readonly #run;
  readonly #tag;
  /** The step's number, or the tensor's name where it has none; empty: the newest, also when a newer one comes. */
  readonly #step;
  /** What was shown first where the address names nothing, and what there was then. */
  #held = $state.raw<{ run: string; tag: string; runs: ReadonlySet<string> } | null>(null);

  /** @param prefix of the address' parameters. */
  constructor(prefix = "") {
    this.#keys = { run: `${prefix}run`, tag: `${prefix}tag`, step: `${prefix}step` };
    this.#run = param(this.#keys.run, "", text);
    this.#tag = param(this.#keys.tag, "", text);
    this.#step = param(this.#keys.step, "", text);
  }

  /** Which version of the files the page has asked for. */
  readonly version = $derived(live.version("projector", configTag));
  readonly groups = $derived(groupEntries(this.listing?.embeddings ?? []));
  readonly group = $derived.by(() => {
    const run = this.#run.value || this.#held?.run;
    const tag = this.#run.value ? this.#tag.value : this.#tag.value || this.#held?.tag;
    const ofRun = this.groups.filter((group) => group.run === run);
    return ofRun.find((group) => group.tag === tag) ?? ofRun[0] ?? this.groups[0] ?? null;
  });
  readonly entry = $derived(
    this.group?.entries.find((entry) => stepWord(entry) === this.#step.value) ??
      this.group?.entries.at(-1) ??
      null,
  );

  /** Runs whose embeddings came after the first look. */
  readonly newRuns = $derived.by(() => {
    const names = [...new Set(this.groups.map(({ run }) => run))];
    return names.filter((run) => this.#held && !this.#held.runs.has(run) && run !== this.group?.run);
  });
  /** What is wrong with the config of the run that is shown, or of all where none can be shown. */
  readonly problems = $derived(
    (this.listing?.problems ?? []).filter(({ run }) => !this.group || run === this.group.run),
  );
  /** What is wrong with the configs of other runs. */
  readonly otherProblems = $derived(
    (this.listing?.problems ?? []).filter(({ run }) => this.group && run !== this.group.run),
  );

  async refresh(signal: AbortSignal): Promise<void> {
    try {
      this.listing = await getListing(signal);
      this.error = null;
      const { group } = this;
      if (!this.#held && group)
        this.#held = { run: group.run, tag: group.tag, runs: new Set(this.groups.map(({ run }) => run)) };
    } catch (error) {
      if (!isAbort(error)) this.error = error as Error;
    }
  }

  /** Whether the address says which embedding is shown. */
  get isNamed(): boolean {
    return this.#run.value !== "";
  }

  /** Writes what is shown into the address: called at the first touch, so that a copied address names its embedding. */
  hold(): void {
    const { group } = this;
    if (!group || (this.#run.value === group.run && this.#tag.value === group.tag)) return;
    if (this.#run.value && this.#run.value !== group.run) return; // it may be there again after a moment
    this.#set(group.run, group.tag);
  }

  /** Takes note of the runs that have come. */
  dismissNews(): void {
    if (this.#held) this.#held = { ...this.#held, runs: new Set(this.groups.map(({ run }) => run)) };
  }

  showGroup(run: string, tag: string): void {
    this.#set(run, tag, null);
  }

  /** Shows a run's embedding, of the same tag where it has one. */
  showRun(run: string): void {
    const ofRun: Group[] = this.groups.filter((group) => group.run === run);
    const same = ofRun.find((group) => group.tag === this.group?.tag) ?? ofRun[0];
    if (same) this.showGroup(run, same.tag);
    this.dismissNews();
  }

  /** Shows an embedding of the group; the newest one is followed. */
  showEntry(entry: Entry): void {
    this.#step.value = entry === this.group?.entries.at(-1) ? "" : stepWord(entry);
  }

  /** Shows the embedding of a tensor of the group. */
  showName(name: string): void {
    const entry = this.group?.entries.find((other) => other.name === name);
    if (entry) this.showEntry(entry);
  }

  /** Steps through the embeddings of the tag. */
  moveStep(by: number): void {
    const entries = this.group?.entries ?? [];
    const at = entries.indexOf(this.entry!);
    const next = entries[Math.max(0, Math.min(entries.length - 1, at + by))];
    if (next) this.showEntry(next);
  }

  #set(run: string, tag: string, step?: null): void {
    const keys = this.#keys;
    url.set({ [keys.run]: run, [keys.tag]: tag, ...(step === null && { [keys.step]: null }) });
  }
}

/** How the address names an embedding within its group. */
function stepWord(entry: Entry): string {
  return entry.step === null ? entry.name : String(entry.step);
}
