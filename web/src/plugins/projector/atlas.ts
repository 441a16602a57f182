/** The sprite sheet, loaded and looked at. */

import type { Atlas } from "./painter";

/** A sheet of more pixels is only loaded when somebody asks for it: a small file may unfold to gigabytes. */
export const maxPixels = 64 * 2 ** 20;

/**
 * @param tile width and height of one picture on the sheet, as the config says.
 * @throws Error if the file is no picture.
 */
export async function loadAtlas(
  address: string,
  tile: readonly [number, number],
  count: number,
): Promise<Atlas> {
  const image = new Image();
  image.src = address;
  await image.decode();
  const columns = Math.max(1, Math.floor(image.naturalWidth / tile[0]));
  return {
    image,
    columns,
    tileWidth: tile[0],
    tileHeight: tile[1],
    aspect: tile[0] / tile[1],
    ground: groundOf(sample(image, columns, tile, Math.min(count, 16))),
  };
}

/** Pixels of the first pictures, each drawn at 16×16: red, green, blue, alpha. */
function sample(
  image: HTMLImageElement,
  columns: number,
  [width, height]: readonly [number, number],
  count: number,
): Uint8ClampedArray {
  const canvas = document.createElement("canvas");
  canvas.width = 16;
  canvas.height = 16 * count;
  const context = canvas.getContext("2d", { willReadFrequently: true })!;
  for (let i = 0; i < count; i++) {
    const x = (i % columns) * width;
    const y = Math.floor(i / columns) * height;
    context.drawImage(image, x, y, width, height, 0, 16 * i, 16, 16);
  }
  return context.getImageData(0, 0, 16, Math.max(1, 16 * count)).data;
}

/**
 * The ground of grey drawings: the corners of the pictures are black, or white, and so is a good part of the rest, as with scanned digits.
 * Null for other pictures.
 *
 * @param pixels of pictures of 16×16, one below the other.
 */
export function groundOf(pixels: Uint8ClampedArray): "black" | "white" | null {
  const corners = { black: 0, white: 0, all: 0 };
  const whole = { black: 0, white: 0, all: 0 };
  for (let i = 0; i < pixels.length; i += 4) {
    const [r, g, b] = [pixels[i]!, pixels[i + 1]!, pixels[i + 2]!];
    if (Math.max(r, g, b) - Math.min(r, g, b) > 12 || pixels[i + 3]! < 250) return null;
    const x = (i / 4) % 16;
    const y = Math.floor(i / 64) % 16;
    for (const count of (x < 3 || x > 12) && (y < 3 || y > 12) ? [corners, whole] : [whole]) {
      count.all++;
      if (r < 50) count.black++;
      else if (r > 205) count.white++;
    }
  }
  for (const ground of ["black", "white"] as const) {
    if (corners[ground] > 0.85 * corners.all && whole[ground] > 0.3 * whole.all) return ground;
  }
  return null;
}
