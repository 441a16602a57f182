/** One (run, tag): where its images are, which one is chosen, and the one that is ready to be shown. */

import { latestOnly } from "../../base/latest";
import {
  askAbove_px,
  imageUrl,
  isFilm,
  isPicture,
  loadPoint,
  loadSteps,
  nearestStep,
  type Point,
  type Steps,
} from "./data";
import { linked, linkedStep, moveTo, position } from "./view.svelte";

/** What stands on the stage now. */
export interface Shown {
  point: Point;
  sample: number;
  /** Null where there is nothing to draw, or the person must be asked first. */
  source: string | null;
  /** The browser could not decode the bytes. */
  broken: boolean;
}

export class ImageSeries {
  steps = $state.raw<Steps | null>(null);
  shown = $state.raw<Shown | null>(null);
  problem = $state.raw<string | null>(null);
  playing = $state(false);
  /** Large pictures that the person asked for, by address. */
  #allowed = new Set<string>();

  constructor(
    readonly run: string,
    readonly tag: string,
  ) {}

  get count(): number {
    return this.steps?.step.length ?? 0;
  }

  /** Index of the chosen point: the linked step's, else where the card was moved, else the newest. */
  get index(): number {
    const last = this.count - 1;
    if (linked.value) {
      return linkedStep.value === null || !this.steps ? last : nearestStep(this.steps.step, linkedStep.value);
    }
    const at = position(this.run, this.tag).index;
    return at === null ? last : Math.min(at, last);
  }

  set index(next: number) {
    const newest = next >= this.count - 1;
    if (linked.value) linkedStep.value = newest ? null : (this.steps?.step[next] ?? null);
    else moveTo(this.run, this.tag, { ...position(this.run, this.tag), index: newest ? null : next });
  }

  get sample(): number {
    return position(this.run, this.tag).sample;
  }

  set sample(next: number) {
    moveTo(this.run, this.tag, { ...position(this.run, this.tag), sample: next });
  }

  /** One step on (or back), round from the last to the first. */
  advance(move: number): void {
    if (this.count) this.index = (this.index + move + this.count) % this.count;
  }

  /** Asks where the images are; again whenever the series grew. */
  refresh = latestOnly(async (_: void) => {
    try {
      this.steps = await loadSteps(this.run, this.tag);
      this.problem = null;
    } catch (error) {
      this.problem = String(error instanceof Error ? error.message : error);
    }
  });

  /** Brings a point onto the stage. The old one stays there until the new one is decoded, so nothing flickers. */
  show = latestOnly(async ({ index, sample }: { index: number; sample: number }) => {
    const steps = this.steps;
    if (!steps || index < 0 || index >= steps.step.length) return;
    try {
      const point = await loadPoint(this.run, this.tag, steps, index);
      if (!point) return this.refresh();
      const shown = Math.min(sample, Math.max(0, (point.samples?.length ?? 0) - 1));
      const source = this.#source(point, shown);
      const film = point.samples?.[shown] !== undefined && isFilm(point.samples[shown]);
      const broken = source !== null && !film && !(await decodes(source));
      this.shown = { point, sample: shown, source: broken ? null : source, broken };
      this.problem = null;
      void this.#prefetch(steps, index, shown);
    } catch (error) {
      this.problem = String(error instanceof Error ? error.message : error);
    }
  });

  /** Shows a picture although it is large. */
  allow(): void {
    if (!this.shown) return;
    this.#allowed.add(imageUrl(this.run, this.tag, this.shown.point, this.shown.sample));
    this.show({ index: this.index, sample: this.sample });
  }

  /** The address of a sample, unless it is no picture or nobody was asked yet whether to show one so large. */
  #source(point: Point, sample: number): string | null {
    const found = point.samples?.[sample];
    if (!found || !(isPicture(found) || isFilm(found))) return null;
    const source = imageUrl(this.run, this.tag, point, sample);
    const pixels = found.size ? found.size[0] * found.size[1] : 0;
    return pixels > askAbove_px && !this.#allowed.has(source) ? null : source;
  }

  /** Loads the neighbours, so that a step in either direction is there at once. */
  async #prefetch(steps: Steps, index: number, sample: number): Promise<void> {
    for (const next of [index + 1, index - 1]) {
      if (next < 0 || next >= steps.step.length) continue;
      const point = await loadPoint(this.run, this.tag, steps, next).catch(() => null);
      const source =
        point?.samples?.[sample] && isPicture(point.samples[sample]) && this.#source(point, sample);
      if (source) new Image().src = source;
    }
  }
}

async function decodes(source: string): Promise<boolean> {
  const image = new Image();
  image.src = source;
  return image.decode().then(
    () => true,
    () => false,
  );
}
