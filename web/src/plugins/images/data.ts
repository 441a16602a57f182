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

export function isImage(sample: Sample): boolean {
  return sample.media_type.startsWith("image/");
}

/** `add_video` may put a real video where others put an animated GIF. */
export function isVideo(sample: Sample): boolean {
  return sample.media_type.startsWith("video/");
}
