/** How the room looks: all of it in the page's address but the cursor. */

import { SvelteMap } from "svelte/reactivity";
import type { Interval } from "../../charts/scale";
import { flag, param, text, url, word } from "../../state/url.svelte";
import { reaches, xAxes, type Reach, type XAxis } from "./data";

export const modes = ["heatmap", "ridgeline", "overlay"] as const;
export type Mode = (typeof modes)[number];

export const filter = param("tags", "", text);
export const mode = param<Mode>("view", "heatmap", word(modes));
export const log = param("log", false, flag);
/** What the value axis holds; see `axisExtent`. */
export const reach = param<Reach>("values", "auto", word(reaches));

const xAxis = param<XAxis>("x", "step", word(xAxes));

class HistogramsView {
  /** Where the cursor of all heat maps stands on the axis; null: at the newest. */
  cursor = $state<number | null>(null);
  /** Ends of the values of each (run, tag) that was loaded: runs of a tag share an axis. */
  #extents = new SvelteMap<string, SvelteMap<string, Interval>>();

  get xAxis(): XAxis {
    return xAxis.value;
  }

  /** Another axis has other numbers, so the zoom ends. */
  set xAxis(next: XAxis) {
    xAxis.value = next;
    this.range = null;
    this.cursor = null;
  }

  /** Ends of the axis that all cards show; null: each its own. */
  get range(): Interval | null {
    const ends = (url.get("range") ?? "").split("~").map(Number);
    return ends.length === 2 && ends.every(Number.isFinite) && ends[0]! < ends[1]!
      ? [ends[0]!, ends[1]!]
      : null;
  }

  set range(next: Interval | null) {
    url.set({ range: next && next.join("~") });
  }

  /** Steps that the overlay shows, rising. */
  get steps(): number[] {
    return url.all("step").map(Number).filter(Number.isFinite);
  }

  /** Chooses a step, or forgets it if it was chosen; of more than six the oldest choice goes. */
  toggleStep(step: number): void {
    const steps = this.steps;
    const next = steps.includes(step) ? steps.filter((other) => other !== step) : [...steps, step].slice(-6);
    url.set({ step: next.length ? next.map(String) : null });
  }

  clearSteps(): void {
    url.set({ step: null });
  }

  /** Cards over the whole width. */
  get wide(): ReadonlySet<string> {
    return new Set(url.all("wide"));
  }

  toggleWide(card: string): void {
    const wide = new Set(this.wide);
    if (!wide.delete(card)) wide.add(card);
    url.set({ wide: [...wide] });
  }

  setExtent(tag: string, run: string, extent: Interval | null): void {
    let runs = this.#extents.get(tag);
    if (!runs) this.#extents.set(tag, (runs = new SvelteMap()));
    const old = runs.get(run);
    if (extent === null) runs.delete(run);
    else if (old?.[0] !== extent[0] || old[1] !== extent[1]) runs.set(run, extent);
  }

  /** Ends of a tag's values over the runs that are drawn. */
  extent(tag: string, isVisible: (run: string) => boolean): Interval | null {
    let [low, high] = [Infinity, -Infinity];
    for (const [run, ends] of this.#extents.get(tag) ?? []) {
      if (!isVisible(run)) continue;
      low = Math.min(low, ends[0]);
      high = Math.max(high, ends[1]);
    }
    return low <= high ? [low, high] : null;
  }
}

export const view = new HistogramsView();
