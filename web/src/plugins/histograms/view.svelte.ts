/** How the room looks: all of it in the page's address but the cursor. */

import { SvelteMap } from "svelte/reactivity";
import type { Interval } from "../../charts/scale";
import { xAxisParam } from "../../dashboard/xAxis";
import { flag, param, url, word, type Codec } from "../../state/url.svelte";
import { reaches, sharedExtent, sharings, type Reach, type Sharing } from "./data";

export const modes = ["heatmap", "ridgeline", "overlay"] as const;
export type Mode = (typeof modes)[number];

const interval: Codec<Interval | null> = {
  encode: (ends) => ends?.join("~") ?? "",
  decode(text) {
    const [low = NaN, high = NaN] = text.split("~").map(Number);
    return Number.isFinite(low) && Number.isFinite(high) && low < high ? [low, high] : null;
  },
};

export const mode = param<Mode>("view", "heatmap", word(modes));
export const log = param("log", false, flag);
/** What the value axis holds; see `axisExtent`. */
export const reach = param<Reach>("values", "auto", word(reaches));
export const sharing = param<Sharing>("axis", "auto", word(sharings));
/** Ends of the axis that all cards show; null: each its own. */
export const range = param<Interval | null>("range", null, interval);
/** Another axis has other numbers, so the zoom ends. */
export const xAxis = xAxisParam(() => {
  range.value = null;
  view.cursor = null;
});

/** More chosen steps than this can not be told apart in one overlay. */
const mostSteps = 6;

class HistogramsView {
  /** Where the cursor of all heat maps stands on the axis; null: at the newest. */
  cursor = $state<number | null>(null);
  /** Ends of the values of each (run, tag) that was loaded: runs of a tag may share an axis. */
  #extents = new SvelteMap<string, SvelteMap<string, Interval>>();

  /** Steps that the overlay shows, in the order in which they were chosen. */
  get steps(): number[] {
    return url.all("step").map(Number).filter(Number.isFinite);
  }

  /** Chooses a step, or forgets it if it was chosen; of too many the oldest choice goes. */
  toggleStep(step: number): void {
    const others = this.steps.filter((other) => other !== step);
    const next = others.length < this.steps.length ? others : [...others, step].slice(-mostSteps);
    url.set({ step: next.map(String) });
  }

  clearSteps(): void {
    url.set({ step: null });
  }

  setExtent(tag: string, run: string, extent: Interval | null): void {
    let runs = this.#extents.get(tag);
    if (!runs) this.#extents.set(tag, (runs = new SvelteMap()));
    const old = runs.get(run);
    if (extent === null) runs.delete(run);
    else if (old?.[0] !== extent[0] || old[1] !== extent[1]) runs.set(run, extent);
  }

  /** Ends of a card's value axis: its own, or those of all runs of the tag that are drawn. Null before its values are known. */
  extent(tag: string, run: string, isVisible: (run: string) => boolean): Interval | null {
    const known = this.#extents.get(tag);
    const own = known?.get(run);
    if (!known || !own) return null;
    const drawn = [...known].filter(([other]) => other === run || isVisible(other)).map(([, ends]) => ends);
    return sharedExtent(own, drawn, sharing.value);
  }
}

export const view = new HistogramsView();
