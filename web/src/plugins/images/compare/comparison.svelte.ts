/** The large view's second picture: another run's at the same step, or the same run's at another. */

import { detached } from "../../../base/detached.svelte";
import { nearestStep, wholeNumber } from "../../../dashboard/points.svelte";
import { catalog } from "../../../state/catalog.svelte";
import { number, param, text, word, type Codec } from "../../../state/url.svelte";
import { isImage } from "../data";
import { ImageSeries, type Picture } from "../series.svelte";

/** How two pictures are looked at: parted by a line, as the difference of their pixels, or in turn. */
export const comparisons = ["swipe", "difference", "blink"] as const;

/** The run whose picture stands beside the card's own; null: none. */
export const comparedRun = param<string | null>("compare", null, text as Codec<string | null>);
/** The step of the second picture, where both are of one run; null: the first. */
const comparedStep = param<number | null>("versus", null, wholeNumber);
export const comparisonKind = param("by", "swipe", word(comparisons));
/** What differences are multiplied by, so that small ones are seen. */
export const gain = param("gain", 1, number);

/** The runs that have pictures of a tag. Reactive. */
export function runsWith(tag: string): string[] {
  return catalog
    .series("images")
    .filter((entry) => entry.tag === tag)
    .flatMap((entry) => catalog.runNames(entry));
}

export class ComparedSeries extends ImageSeries {
  constructor(
    run: string,
    tag: string,
    readonly first: ImageSeries,
  ) {
    super(run, tag);
  }

  /** Whether the two pictures are steps of one run: then the second is chosen by itself. */
  get sameRun(): boolean {
    return this.run === this.first.run;
  }

  override get index(): number {
    const steps = this.steps?.step ?? [];
    if (!this.sameRun) return nearestStep(steps, this.first.shown?.step ?? 0);
    return comparedStep.value === null
      ? Math.min(0, steps.length - 1)
      : nearestStep(steps, comparedStep.value);
  }

  override set index(next: number) {
    comparedStep.value = this.steps?.step[next] ?? null;
  }

  override get sample(): number {
    return this.first.sample;
  }
}

/** Two pictures over each other: the large view's own, and the one that it is compared with. */
export class Comparison {
  /** Where the line stands that parts them, as a share of the window. */
  split = $state(0.5);
  /** Which of them is shown, where they are shown in turn. */
  flipped = $state(false);
  readonly #first: () => ImageSeries;
  readonly #second = $derived.by(() => {
    const run = comparedRun.value;
    const first = this.#first();
    if (run === null || !runsWith(first.tag).includes(run)) return null;
    return detached(() => new ComparedSeries(run, first.tag, first));
  });

  constructor(first: () => ImageSeries) {
    this.#first = first;
  }

  /** Null where nothing is compared. Reactive, as all of it. */
  get second(): ComparedSeries | null {
    return this.#second;
  }

  /** The second picture, once it is there. */
  get picture(): (Picture & { full: string }) | null {
    const picture = this.#second?.picture;
    return picture?.full && picture.sample && isImage(picture.sample)
      ? { ...picture, full: picture.full }
      : null;
  }

  /** How the two are looked at; null while there is one. */
  get by(): (typeof comparisons)[number] | null {
    return this.picture ? comparisonKind.value : null;
  }

  /** CSS of what holds the first picture. */
  get firstStyle(): string {
    if (this.by === "swipe") return `clip-path: inset(0 ${100 - this.split * 100}% 0 0)`;
    return this.by === "blink" && this.flipped ? "visibility: hidden" : "";
  }

  /** CSS of what holds the second. */
  get secondStyle(): string {
    if (this.by === "swipe") return `clip-path: inset(0 0 0 ${this.split * 100}%)`;
    if (this.by === "difference") return "mix-blend-mode: difference";
    return this.flipped ? "" : "visibility: hidden";
  }

  /** CSS of what holds both. */
  get style(): string {
    return this.by === "difference" ? `filter: brightness(${gain.value})` : "";
  }

  /** Shows them in turn where that is wanted; call in an effect. */
  follow(): (() => void) | undefined {
    this.second?.follow();
    if (this.by !== "blink" || matchMedia("(prefers-reduced-motion: reduce)").matches) return undefined;
    const timer = setInterval(() => (this.flipped = !this.flipped), blink_ms);
    return () => clearInterval(timer);
  }
}

const blink_ms = 600;
