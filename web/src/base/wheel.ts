/** How the wheel zooms, alike in every chart, graph and image. */

/** Zoom of one pixel of wheel, as an exponent. A usual notch is 100 to 120 px: a fifth nearer. */
const perPixel = 0.002;
/** Browsers send a pinch on a touchpad as a wheel with ctrl, in far smaller steps. */
const pinchGain = 5;
/** A wheel that runs free, or ctrl with a mouse's wheel, sends so much at once that what was looked at would be gone. Three notches. */
const limit = 0.6;

const line_px = 16;
const page_px = 400;

/** How far a wheel turned, in px whatever the browser counts in. */
export function wheelPixels(event: WheelEvent): { x: number; y: number } {
  const unit = event.deltaMode === 1 ? line_px : event.deltaMode === 2 ? page_px : 1;
  return { x: event.deltaX * unit, y: event.deltaY * unit };
}

/** The factor by which a turn of the wheel enlarges: above 1 for a turn away from the person. */
export function wheelZoom(event: WheelEvent): number {
  const { x, y } = wheelPixels(event);
  // Where shift or alt is held, some systems turn the wheel sideways.
  const exponent = -(y || x) * perPixel * (event.ctrlKey ? pinchGain : 1);
  return Math.exp(Math.max(-limit, Math.min(limit, exponent)));
}
