/** One (run, tag): the point that is chosen, and the picture that is ready to be shown. */

import { SvelteSet } from "svelte/reactivity";
import { reach } from "../../api/client";
import { PointSeries, type Placed } from "../../dashboard/points.svelte";
import { Query, type Problem } from "../../dashboard/query.svelte";
import { askAbove_px, cardUrl, imageUrl, isImage, isVideo, type ImagePoint, type Sample } from "./data";
import { shown_px } from "./view";

/** What stands on the card now. */
export interface Picture {
  point: Placed<ImagePoint>;
  /** Which sample of the batch, and what is known of it. */
  index: number;
  sample: Sample | null;
  /** What a card shows. Null where there is nothing to draw, or the person must be asked first. */
  source: string | null;
  /** The bytes as they were logged, of which `source` may be a smaller copy. */
  full: string | null;
  /** The browser could not decode the bytes. */
  broken: boolean;
}

interface Wanted {
  point: Placed<ImagePoint>;
  sample: number;
  /** The person asked for it although it is large. */
  allowed: boolean;
  /** What a card gives its longer side, in pixels of the screen. */
  shown_px: number;
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
    if (!point) return;
    const allowed = this.#allowed.has(point.key);
    this.#picture.ask({ point, sample: this.sample, allowed, shown_px: shown_px() });
  }

  /** Shows a picture although it is large. */
  allow(): void {
    if (this.picture) this.#allowed.add(this.picture.point.key);
  }

  async #load({ point, sample: wanted, allowed, shown_px }: Wanted): Promise<Picture> {
    const index = Math.min(wanted, Math.max(0, (point.samples?.length ?? 0) - 1));
    const sample = point.samples?.[index] ?? null;
    const shown = mayShow(sample, allowed);
    const source = shown ? cardUrl(point.key, index, sample, shown_px) : null;
    const broken = shown && isImage(sample) && !(await decodes(source!));
    this.#prefetch(index, shown_px);
    const full = shown ? imageUrl(point.key, index) : null;
    return { point, index, sample, source: broken ? null : source, full: broken ? null : full, broken };
  }

  /** Loads the neighbours, so that a step in either direction is there at once. */
  #prefetch(index: number, shown_px: number): void {
    for (const key of this.wanted().slice(1)) {
      const point = this.point(key);
      const sample = point?.samples?.[index] ?? null;
      if (!mayShow(sample, false) || !isImage(sample)) continue;
      new Image().src = cardUrl(key, index, sample, shown_px);
    }
  }
}

/** Whether a sample is a picture or video, and no larger than what is shown without asking. */
function mayShow(sample: Sample | null, allowed: boolean): sample is Sample {
  if (!sample || !(isImage(sample) || isVideo(sample))) return false;
  const pixels = sample.size ? sample.size[0] * sample.size[1] : 0;
  return pixels <= askAbove_px || allowed;
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
