/** What the images room asks of the server beside its steps and points (docs/http_api.md). */

import { url } from "../../api/client";
import type { Point } from "../../dashboard/routes";

export interface Sample {
  media_type: string;
  bytes: number;
  /** Width and height in pixels, from the picture's header. */
  size: [number, number] | null;
  /** What is wrong with the file: it was cut, say. */
  damaged?: string;
}

export interface ImagePoint extends Point {
  samples?: Sample[];
}

/** A picture of more pixels than this is shown only on request: decoding it takes over 256 MB. */
export const askAbove_px = 64_000_000;

/** The address of a sample's bytes, the same for ever. */
export function imageUrl(key: string, sample: number): string {
  return url("api/images/image", { key, ...(sample ? { sample } : {}) });
}

/** What a copy's longer side may measure (docs/http_api.md). */
const copySizes_px = [256, 512, 1024, 2048];
/** A file of fewer bytes is not worth a copy. */
const copyAbove_bytes = 100_000;

/** The address of what a card shows: the sample's bytes, or the copy that the server makes of it. */
export function cardUrl(key: string, index: number, sample: Sample, shown_px: number): string {
  const longest = copySize(sample, shown_px);
  if (longest === null) return imageUrl(key, index);
  return url("api/images/thumbnail", { key, ...(index ? { sample: index } : {}), longest });
}

/**
 * The longer side of the copy that is as good as the picture; null if the picture has less than twice its pixels.
 *
 * @param shown_px what the card gives the picture's longer side, in pixels of the screen.
 */
export function copySize(sample: Sample, shown_px: number): number | null {
  const longest = copySizes_px.find((size) => size >= shown_px);
  if (longest === undefined || !isImage(sample) || sample.size === null) return null;
  return sample.bytes > copyAbove_bytes && Math.max(...sample.size) >= 2 * longest ? longest : null;
}

/** The address of all pictures of a series, in one file. */
export function archiveUrl(run: string, tag: string): string {
  return url("api/images/archive", { run, tag });
}

export function isImage(sample: Sample): boolean {
  return sample.media_type.startsWith("image/");
}

/** `add_video` may put a real video where others put an animated GIF. */
export function isVideo(sample: Sample): boolean {
  return sample.media_type.startsWith("video/");
}
