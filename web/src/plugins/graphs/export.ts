/** The diagram as a file. */

import { CanvasSurface } from "../../charts/canvasSurface";
import { SvgSurface } from "../../charts/svgSurface";
import type { Diagram } from "./draw/diagram";
import { drawGraph } from "./draw/drawGraph";
import type { GraphStyle } from "./draw/style";

const margin = 24;
/** Browsers refuse larger canvases, some in one side and some in area. */
const longest_px = 16_000;
const largest_px2 = 120_000_000;
/** Pixels of a PNG per pixel of the diagram, where it does not grow too large by that. */
const pngScale = 2;

function sizeOf(diagram: Diagram): { width: number; height: number } {
  return { width: diagram.width + 2 * margin, height: diagram.height + 2 * margin };
}

/** Without what belongs to the moment. */
function lasting(style: GraphStyle): GraphStyle {
  return { ...style, selected: null, hovered: null, found: null };
}

/** @returns the text of an SVG file. */
export function svgFile(diagram: Diagram, style: GraphStyle): string {
  const { width, height } = sizeOf(diagram);
  const surface = new SvgSurface(width, height, style.theme.font, style.theme.background);
  drawGraph(surface, diagram, lasting(style), { x: margin, y: margin, scale: 1 });
  return surface.document();
}

/**
 * @returns the file, and whether it had to be made smaller than `pngScale`.
 * @throws Error if the browser makes no PNG of that size.
 */
export async function pngFile(
  diagram: Diagram,
  style: GraphStyle,
): Promise<{ file: Blob; reduced: boolean }> {
  const { width, height } = sizeOf(diagram);
  const scale = Math.min(
    pngScale,
    longest_px / width,
    longest_px / height,
    Math.sqrt(largest_px2 / (width * height)),
  );
  const canvas = document.createElement("canvas");
  const surface = new CanvasSurface(canvas, width * scale, height * scale, style.theme.font, 1);
  surface.rect(0, 0, surface.width, surface.height, style.theme.background);
  drawGraph(surface, diagram, lasting(style), { x: margin * scale, y: margin * scale, scale });
  const file = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (!file) throw new Error(`the browser could not make a PNG of ${canvas.width} × ${canvas.height} px`);
  return { file, reduced: scale < pngScale };
}
