/** Which part of the diagram the window shows when. */

import { centered, type Size, type Transform } from "../../widgets/panZoom";

export const scaleLimits = [0.02, 4] as const;

/** Smallest scale at which a diagram opens: below, titles could not be read, so it opens at its top instead. */
const readable = 0.62;
const margin = 28;

/** The whole diagram in the window, hardly larger than its own size. */
export function fitAll(diagram: Size, window: Size): Transform {
  const scale = Math.min(
    1.15,
    (window.width - 2 * margin) / Math.max(diagram.width, 1),
    (window.height - 2 * margin) / Math.max(diagram.height, 1),
  );
  return fromTop(diagram, window, Math.max(scale, scaleLimits[0]));
}

/** The whole diagram if it can be read like that, else its top. */
export function opening(diagram: Size, window: Size): Transform {
  const whole = fitAll(diagram, window);
  if (whole.scale >= readable) return whole;
  const byWidth = (window.width - 2 * margin) / Math.max(diagram.width, 1);
  const scale = Math.min(1, Math.max(readable, byWidth));
  return { ...centered(diagram, window, scale), y: margin };
}

/** In the middle; what is taller than the window starts at its top. */
function fromTop(diagram: Size, window: Size, scale: number): Transform {
  const middle = centered(diagram, window, scale);
  return { ...middle, y: Math.max(middle.y, margin * Math.min(1, scale)) };
}

/** A box brought to the middle, at a scale at which it can be read and seen whole. */
export function showBox(now: Transform, box: Size & { x: number; y: number }, window: Size): Transform {
  const fits = Math.min((window.width * 0.8) / box.width, (window.height * 0.8) / box.height);
  const scale = Math.max(Math.min(Math.max(now.scale, 0.8), fits, 1.4), Math.min(fits, 0.3));
  const { x, y } = centered(box, window, scale);
  return { x: x - box.x * scale, y: y - box.y * scale, scale };
}

/** Whether enough of a box is in the window to know it. */
export function isInView(now: Transform, box: Size & { x: number; y: number }, window: Size): boolean {
  const room = 40;
  const x = now.x + box.x * now.scale;
  const y = now.y + box.y * now.scale;
  return (
    x > room &&
    y > room &&
    x + Math.min(box.width * now.scale, 200) < window.width - room &&
    y + Math.min(box.height * now.scale, 60) < window.height - room
  );
}

/** Whether hardly anything of the diagram is in the window: it shrank, or was moved away. */
export function isLost(now: Transform, diagram: Size, window: Size): boolean {
  const least = 60;
  const right = now.x + diagram.width * now.scale;
  const bottom = now.y + diagram.height * now.scale;
  return right < least || bottom < least || now.x > window.width - least || now.y > window.height - least;
}
