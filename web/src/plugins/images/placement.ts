/** Where a picture lies in a window: its upper left corner in px and how large one of its pixels is. */
export interface Placement {
  x: number;
  y: number;
  scale: number;
}

export type Pair = readonly [number, number];

const scales: Pair = [0.01, 128];

/** The whole picture, in the middle, as large as it goes; small pictures grow by whole factors so that their pixels stay equal. */
export function fitted(size: Pair, area: Pair): Placement {
  const fit = Math.min(area[0] / Math.max(1, size[0]), area[1] / Math.max(1, size[1]));
  return centred(size, area, fit > 2 ? Math.floor(fit) : fit);
}

/** One picture pixel on one CSS pixel. */
export function actual(size: Pair, area: Pair): Placement {
  return centred(size, area, 1);
}

/** Zoomed by a factor; what lies at `at` stays there. */
export function zoomed(place: Placement, factor: number, at: Pair): Placement {
  const scale = Math.min(scales[1], Math.max(scales[0], place.scale * factor));
  const grown = scale / place.scale;
  return { x: at[0] - (at[0] - place.x) * grown, y: at[1] - (at[1] - place.y) * grown, scale };
}

export function panned(place: Placement, dx: number, dy: number): Placement {
  return { ...place, x: place.x + dx, y: place.y + dy };
}

function centred(size: Pair, area: Pair, scale: number): Placement {
  return { x: (area[0] - size[0] * scale) / 2, y: (area[1] - size[1] * scale) / 2, scale };
}
