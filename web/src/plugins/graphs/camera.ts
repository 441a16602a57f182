/** Where the picture stands on the screen. */

export interface Camera {
  /** Screen px of the picture's origin. */
  x: number;
  y: number;
  /** Screen px per picture px. */
  scale: number;
}

export const limits = { least: 0.02, most: 4 } as const;

/** Smallest scale at which a picture opens: below, titles could not be read, so it opens at its top instead. */
const readable = 0.62;
const margin = 28;

interface Size {
  width: number;
  height: number;
}

/** The whole picture in the window, no larger than its own size. */
export function fitAll(picture: Size, window: Size): Camera {
  const scale = Math.min(
    1.15,
    (window.width - 2 * margin) / Math.max(picture.width, 1),
    (window.height - 2 * margin) / Math.max(picture.height, 1),
  );
  return centered(picture, window, Math.max(scale, limits.least));
}

/** The whole picture if it can be read like that, else its top. */
export function opening(picture: Size, window: Size): Camera {
  const whole = fitAll(picture, window);
  if (whole.scale >= readable) return whole;
  const byWidth = (window.width - 2 * margin) / Math.max(picture.width, 1);
  const scale = Math.min(1, Math.max(readable, byWidth));
  return { ...centered(picture, window, scale), y: margin };
}

function centered(picture: Size, window: Size, scale: number): Camera {
  return {
    x: (window.width - picture.width * scale) / 2,
    y: Math.max((window.height - picture.height * scale) / 2, margin * Math.min(1, scale)),
    scale,
  };
}

/** Zoomed by a factor about a point of the screen. */
export function zoomAt(camera: Camera, factor: number, x: number, y: number): Camera {
  const scale = Math.min(limits.most, Math.max(limits.least, camera.scale * factor));
  const real = scale / camera.scale;
  return { x: x - (x - camera.x) * real, y: y - (y - camera.y) * real, scale };
}

/** A box brought to the middle, at a scale at which it can be read and seen whole. */
export function showBox(camera: Camera, box: Size & { x: number; y: number }, window: Size): Camera {
  const fits = Math.min((window.width * 0.8) / box.width, (window.height * 0.8) / box.height);
  const scale = Math.max(Math.min(Math.max(camera.scale, 0.8), fits, 1.4), Math.min(fits, 0.3));
  return {
    x: window.width / 2 - (box.x + box.width / 2) * scale,
    y: window.height / 2 - (box.y + box.height / 2) * scale,
    scale,
  };
}
