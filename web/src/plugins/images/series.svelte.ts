/** One (run, tag): the point that is chosen, and the picture that is ready to be shown. */

import { SvelteSet } from "svelte/reactivity";
import { reach } from "../../api/client";
import { PointSeries, type Placed } from "../../dashboard/points.svelte";
import { Query, type Problem } from "../../dashboard/query.svelte";
import { askAbove_px, imageUrl, isImage, isVideo, type ImagePoint, type Sample } from "./data";

/** What stands on the card now. */
export interface Picture {
  point: Placed<ImagePoint>;
  /** Which sample of the batch, and what is known of it. */
  index: number;
  sample: Sample | null;
  /** Null where there is nothing to draw, or the person must be asked first. */
  source: string | null;
  /** The browser could not decode the bytes. */
  broken: boolean;
}

interface Wanted {
  point: Placed<ImagePoint>;
  sample: number;
  /** The person asked for it although it is large. */
  allowed: boolean;
}

export class ImageSeries extends PointSeries<ImagePoint> {
  /** Keys of the points whose large pictures the person asked for. */
  readonly #allowed = new SvelteSet<string>();
  /** The old picture stays until the new one is decoded, so nothing flickers. */
  readonly #picture = new Query(
    (wanted: Wanted) => this.#load(wanted),
    () => 0,
  );

  constructor(run: string, tag: string) {
    super("images", run, tag);
  }

  get picture(): Picture | null {
    return this.#picture.answer;
  }

  override get ready(): boolean {
    return this.#picture.ready;
  }

  override get problem(): Problem | null {
    return super.problem ?? this.#picture.problem;
  }

  override retry(): void {
    super.retry();
    this.#picture.retry();
  }

  override forget(): void {
    super.forget();
    this.#picture.forget();
  }

  override follow(): void {
    super.follow();
    const point = this.shown;
    if (point) this.#picture.ask({ point, sample: this.sample, allowed: this.#allowed.has(point.key) });
  }

  /** Shows a picture although it is large. */
  allow(): void {
    if (this.picture) this.#allowed.add(this.picture.point.key);
  }

  async #load({ point, sample: wanted, allowed }: Wanted): Promise<Picture> {
    const index = Math.min(wanted, Math.max(0, (point.samples?.length ?? 0) - 1));
    const sample = point.samples?.[index] ?? null;
    const source = sourceOf(point, index, allowed);
    const broken = source !== null && sample !== null && isImage(sample) && !(await decodes(source));
    this.#prefetch(index);
    return { point, index, sample, source: broken ? null : source, broken };
  }

  /** Loads the neighbours, so that a step in either direction is there at once. */
  #prefetch(index: number): void {
    for (const key of this.wanted().slice(1)) {
      const point = this.point(key);
      const sample = point?.samples?.[index];
      const source = point && sample && isImage(sample) ? sourceOf(point, index, false) : null;
      if (source) new Image().src = source;
    }
  }
}

/** The address of a sample, unless it is no picture or nobody was asked yet whether to show one so large. */
function sourceOf(point: ImagePoint, index: number, allowed: boolean): string | null {
  const sample = point.samples?.[index];
  if (!sample || !(isImage(sample) || isVideo(sample))) return null;
  const pixels = sample.size ? sample.size[0] * sample.size[1] : 0;
  return pixels > askAbove_px && !allowed ? null : imageUrl(point.key, index);
}

/**
 * Whether the browser can decode a picture.
 *
 * @throws ConnectionError if it could not even be loaded, which says nothing of the picture.
 */
async function decodes(source: string): Promise<boolean> {
  const image = new Image();
  image.src = source;
  try {
    await image.decode();
    return true;
  } catch {
    await reach(source);
    return false;
  }
}
