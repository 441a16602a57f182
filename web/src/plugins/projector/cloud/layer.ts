/** The 2-D canvases behind and before the points, and what is drawn on them. */

import type { ChartTheme } from "../../../charts/theme";
import type { Frame } from "./painter";

/** A frame, and the page's colours and font in force. */
export interface LayerFrame extends Frame {
  theme: ChartTheme;
}

/** The canvas' context, cleared, in CSS pixels. */
export function clearLayer(canvas: HTMLCanvasElement, frame: Frame): CanvasRenderingContext2D {
  const ratio = globalThis.devicePixelRatio || 1;
  const [width, height] = [Math.round(frame.width * ratio), Math.round(frame.height * ratio)];
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext("2d")!;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, frame.width, frame.height);
  // Chromium without a GPU goes on showing what was there before a canvas that is empty: a pixel that nobody sees makes it look.
  context.globalAlpha = 0.01;
  context.fillRect(0, 0, 1, 1);
  context.globalAlpha = 1;
  return context;
}
