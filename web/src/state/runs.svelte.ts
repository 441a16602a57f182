/** Which runs are shown, and how each is drawn. One colour a run, in every room. */

import { sharedPrefixLength } from "../base/names";
import type { RunEntry, SeriesEntry } from "../api/types";
import { catalog } from "./catalog.svelte";
import { runColors } from "./runColors.svelte";
import { runSelection } from "./runSelection.svelte";
import { url } from "./url.svelte";

const hoverDelay_ms = 80;

class Runs {
  #hovered = $state<string | null>(null);
  #hoverTimer: ReturnType<typeof setTimeout> | undefined;
  /** All runs in natural order. */
  get all(): readonly RunEntry[] {
    return catalog.runs;
  }

  /** Runs that the filter lets through, in natural order. */
  get matching(): readonly RunEntry[] {
    return runSelection.matching;
  }

  /** Whether a run is ticked. */
  isSelected(run: string): boolean {
    return runSelection.isSelected(run);
  }

  /** Names of the runs to draw: ticked, and let through by the filter. Natural order. */
  get visible(): readonly string[] {
    return runSelection.visible;
  }

  #prefix = $derived(sharedPrefixLength(this.all.map((entry) => entry.run)));

  /** The name without what all runs' names begin with. */
  shortName(run: string): string {
    return run.slice(this.#prefix) || run;
  }

  #startTimes = $derived(new Map(this.all.map((entry) => [entry.run, entry.start_wall_time])));

  /** Whether there is such a run. */
  has(run: string): boolean {
    return this.#startTimes.has(run);
  }

  /** Wall time of a run's first event; null if it has none yet. */
  startTime(run: string): number | null {
    return this.#startTimes.get(run) ?? null;
  }

  #visibleSet = $derived(new Set(this.visible));

  isVisible(run: string): boolean {
    return this.#visibleSet.has(run);
  }

  /** Each visible run of each tag of a plugin: what a room with a card for both shows, in the catalog's order. */
  visibleSeries(plugin: string): { run: string; tag: string; entry: SeriesEntry }[] {
    return catalog.series(plugin).flatMap((entry) =>
      catalog
        .runNames(entry)
        .filter((run) => this.isVisible(run))
        .map((run) => ({ run, tag: entry.tag, entry })),
    );
  }

  select(run: string, selected: boolean): void {
    runSelection.select(run, selected);
  }

  /** Ticks this run alone; again, to tick all. */
  selectOnly(run: string): void {
    const alone = this.visible.length === 1 && this.visible[0] === run;
    if (alone) runSelection.selectAll();
    else runSelection.selectOnly([run]);
  }

  /** Ticks or unticks every run that the filter lets through. */
  selectMatching(selected: boolean): void {
    runSelection.selectMatching(selected);
  }

  /** The run that stands out everywhere: the one under the pointer, else the one that was clicked. */
  get focused(): string | null {
    // A run may vanish, or be unticked, while it stands out: then all others must not stay dimmed for it.
    return [this.#hovered, this.pinned].find((run) => run !== null && this.isVisible(run)) ?? null;
  }

  get pinned(): string | null {
    return url.get("focus");
  }

  set pinned(run: string | null) {
    url.set({ focus: run });
  }

  /** The pointer is over a run's name; null: over none. It stands out after a moment, not while the pointer only passes. */
  hover(run: string | null): void {
    clearTimeout(this.#hoverTimer);
    this.#hoverTimer = setTimeout(() => (this.#hovered = run), hoverDelay_ms);
  }

  color(run: string): string {
    return runColors.color(run);
  }

  /** Lengths of dash and gap; empty for a whole line. */
  dash(run: string): readonly number[] {
    return runColors.dash(run);
  }
}

export const runs = new Runs();
