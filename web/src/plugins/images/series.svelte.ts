/** One (run, tag): the point that is chosen, and the picture that is ready to be shown. */

import { paced } from "../../base/paced";
import { PointSeries } from "../../dashboard/points.svelte";
import { askAbove_px, imageUrl, isImage, isVideo, type ImagePoint, type Sample } from "./data";

/** What stands on the card now. */
export interface Picture {
  point: ImagePoint;
  step: number;
  wall_time: number;
  /** Which sample of the batch, and what is known of it. */
  index: number;
  sample: Sample | null;
  /** Null where there is nothing to draw, or the person must be asked first. */
  source: string | null;
  /** The browser could not decode the bytes. */
  broken: boolean;
}

export class ImageSeries extends PointSeries<ImagePoint> {
  picture = $state.raw<Picture | null>(null);
  /** Large pictures that the person asked for, by address. */
  #allowed = new Set<string>();

  constructor(run: string, tag: string) {
    super("images", run, tag);
  }

  override get ready(): boolean {
    return this.picture !== null;
  }

  override follow(): void {
    super.follow();
    if (this.shown) this.#show({ point: this.shown, wanted: this.sample });
  }

  /** Shows a picture although it is large. */
  allow(): void {
    if (!this.picture) return;
    this.#allowed.add(imageUrl(this.run, this.tag, this.picture.point.key, this.picture.index));
    this.#show({ point: this.picture.point, wanted: this.sample });
  }

  /** The old picture stays until the new one is decoded, so nothing flickers. */
  #show = paced(
    async ({ point, wanted }: { point: ImagePoint; wanted: number }) => {
      const place = this.at(point.key);
      if (!place) return;
      const index = Math.min(wanted, Math.max(0, (point.samples?.length ?? 0) - 1));
      const sample = point.samples?.[index] ?? null;
      const source = this.#source(point, index);
      const broken = source !== null && sample !== null && isImage(sample) && !(await decodes(source));
      this.picture = { point, ...place, index, sample, source: broken ? null : source, broken };
      this.#prefetch(index);
    },
    () => 0,
  );

  /** The address of a sample, unless it is no picture or nobody was asked yet whether to show one so large. */
  #source(point: ImagePoint, index: number): string | null {
    const sample = point.samples?.[index];
    if (!sample || !(isImage(sample) || isVideo(sample))) return null;
    const source = imageUrl(this.run, this.tag, point.key, index);
    const pixels = sample.size ? sample.size[0] * sample.size[1] : 0;
    return pixels > askAbove_px && !this.#allowed.has(source) ? null : source;
  }

  /** Loads the neighbours, so that a step in either direction is there at once. */
  #prefetch(index: number): void {
    for (const key of this.wanted().slice(1)) {
      const point = this.point(key);
      const sample = point?.samples?.[index];
      const source = point && sample && isImage(sample) ? this.#source(point, index) : null;
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
