/** Where a picture lies in a window; its scale is how large one of its pixels is, in CSS px. */

import { centered, type ScaleLimits, type Size, type Transform } from "../../widgets/panZoom";

export type Pair = readonly [number, number];

export const scaleLimits: ScaleLimits = [0.01, 128];

/** The whole picture, in the middle, as large as it goes; small pictures grow by whole factors so that their pixels stay equal. */
export function fitted(size: Pair, area: Pair): Transform {
  const fit = Math.min(area[0] / Math.max(1, size[0]), area[1] / Math.max(1, size[1]));
  return centered(sized(size), sized(area), fit > 2 ? Math.floor(fit) : fit);
}

/** One picture pixel on one CSS pixel. */
export function actual(size: Pair, area: Pair): Transform {
  return centered(sized(size), sized(area), 1);
}

function sized([width, height]: Pair): Size {
  return { width, height };
}
