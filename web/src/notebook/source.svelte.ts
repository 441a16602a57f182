/** What the kernel sends (cupola/notebook/widget.py), as lines to draw. */

import { assignSlots, slotColor, slotDash } from "../base/runColors";
import { fitted, type Viewport } from "../charts/line/model";
import type { ReadLine } from "../plugins/scalars/reading";

/** Of an anywidget's model, what is used. */
export interface ChartModel {
  get<Name extends keyof Traits>(name: Name): Traits[Name];
  set<Name extends keyof Traits>(name: Name, value: Traits[Name]): void;
  save_changes(): void;
  on(event: `change:${keyof Traits}`, changed: () => void): void;
  off(event: `change:${keyof Traits}`, changed: () => void): void;
}

interface Traits {
  /** Names the elements of the page in which it stands; empty: none, it is shown as a widget. */
  place: string;
  tag: string;
  /** All runs of the log: colours are given by their order. */
  runs: string[];
  series: Series[];
  width: number;
  height: number;
  /** What is looked at: the kernel answers with that part's points. */
  view: { x: readonly [number, number] | null; width: number };
}

interface Series {
  run: string;
  /** Each float64, little-endian. */
  x: DataView;
  value: DataView;
  smoothed: DataView | null;
}

export class Source {
  readonly tag: string;
  readonly width: number;
  readonly height: number;
  dark = $state(false);
  view = $state.raw<Viewport>(fitted);
  #series = $state.raw<Series[]>([]);
  readonly #slots: Map<string, number>;
  readonly #model: ChartModel;
  readonly lines = $derived(this.#series.map((series) => this.#line(series)));

  constructor(model: ChartModel) {
    this.#model = model;
    this.tag = model.get("tag");
    this.width = model.get("width");
    this.height = model.get("height");
    this.#slots = assignSlots(model.get("runs"), new Map());
    this.#take();
    model.on("change:series", this.#take);
  }

  /** Shows another part, at once of the points that are here, and of all that the kernel has once it answers. */
  look(view: Viewport, width_px: number): void {
    const asksFor = view.x?.join() !== this.view.x?.join();
    this.view = view;
    if (!asksFor) return;
    this.#model.set("view", { x: view.x, width: Math.max(64, Math.round(width_px)) });
    this.#model.save_changes();
  }

  stop(): void {
    this.#model.off("change:series", this.#take);
  }

  readonly #take = (): void => {
    this.#series = this.#model.get("series");
  };

  #line({ run, x, value, smoothed }: Series): ReadLine {
    const slot = this.#slots.get(run) ?? 0;
    const steps = float64(x);
    return {
      name: run,
      color: slotColor(slot, this.dark),
      dash: slotDash(slot),
      x: steps,
      value: float64(value),
      smoothed: smoothed && float64(smoothed),
      series: { x: steps, step: steps, wall_time: steps, start_wall_time: null },
    };
  }
}

/** A part of a message need not begin where numbers may. */
function float64({ buffer, byteOffset, byteLength }: DataView): Float64Array {
  return new Float64Array(buffer.slice(byteOffset, byteOffset + byteLength));
}
