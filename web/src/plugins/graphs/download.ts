/** The picture as a file. */

import { CanvasPen } from "./draw/canvas";
import { paint, type Look } from "./draw/paint";
import type { Picture } from "./draw/picture";
import { SvgPen } from "./draw/svg";

const margin = 24;
/** Browsers refuse larger canvases, some in one side and some in area. */
const longest_px = 16_000;
const largest_px2 = 120_000_000;

function plainLook(picture: Picture, look: Look): Look {
  return {
    ...look,
    selected: null,
    hovered: null,
    found: null,
    scale: 1,
    clip: [-margin, -margin, picture.width + margin, picture.height + margin],
  };
}

export function svgFile(picture: Picture, look: Look): Blob {
  const pen = new SvgPen();
  paint(pen, picture, plainLook(picture, look));
  const width = picture.width + 2 * margin;
  const height = picture.height + 2 * margin;
  return new Blob([pen.file(-margin, -margin, width, height, look.theme.background)], {
    type: "image/svg+xml",
  });
}

/** @returns the file, and whether it had to be made smaller than twice the picture. */
export async function pngFile(picture: Picture, look: Look): Promise<{ file: Blob; reduced: boolean }> {
  const width = picture.width + 2 * margin;
  const height = picture.height + 2 * margin;
  const scale = Math.min(
    2,
    longest_px / width,
    longest_px / height,
    Math.sqrt(largest_px2 / (width * height)),
  );
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil(width * scale);
  canvas.height = Math.ceil(height * scale);
  const context = canvas.getContext("2d")!;
  context.fillStyle = look.theme.background;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.setTransform(scale, 0, 0, scale, margin * scale, margin * scale);
  paint(new CanvasPen(context), picture, { ...plainLook(picture, look), scale });
  const file = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (!file) throw new Error(`the browser could not make a PNG of ${canvas.width} × ${canvas.height} px`);
  return { file, reduced: scale < 1.99 };
}

export function save(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
