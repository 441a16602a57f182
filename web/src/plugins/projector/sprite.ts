/** The sprite: one image file with the images of all points. The page never has the whole of it: it asks for the images that it draws. */

import { postBlob } from "../../api/client";
import { imageUrl, named, type Entry, type SpriteInfo } from "./data";

/** Images side by side in an answer, and how many one may hold. */
export const sheetColumns = 128;
export const mostTiles = 1 << 14;

export interface Sprite {
  /** Images that have room on it. */
  held: number;
  /** Pixels of one image. */
  tileWidth: number;
  tileHeight: number;
  /** Width over height of an image. */
  aspect: number;
  /** Of grey drawings, which can be drawn as ink in the point's colour; null for other images. */
  background: "black" | "white" | null;
  /** The address of one point's image. */
  addressOf: (index: number) => string;
  /** Images of points, the longer side at most `size_px`: on one sheet, `sheetColumns` in a row. */
  tiles: (indices: readonly number[], size_px: number, signal: AbortSignal) => Promise<ImageBitmap>;
}

/**
 * Asks for the first images, which tell whether the sprite can be read and what kind of images it has.
 *
 * @param info what is said of the file; null if there is none where the config names one.
 * @throws ApiError if it is not there, no image, damaged, too large for the server, or smaller than one image.
 */
export async function loadSprite(
  entry: Entry,
  info: SpriteInfo | null,
  signal: AbortSignal,
): Promise<Sprite> {
  const tiles = async (
    indices: readonly number[],
    size_px: number,
    stop: AbortSignal,
  ): Promise<ImageBitmap> => {
    const sheet = await postBlob(
      "api/projector/sprite/tiles",
      { ...named(entry), indices, size: size_px },
      stop,
    );
    return createImageBitmap(sheet, { premultiplyAlpha: "none" });
  };
  const asked = Array.from({ length: sampled }, (_, index) => index);
  const first = await tiles(asked, sampleSide_px, signal);
  const [tileWidth, tileHeight] = entry.tile!;
  const [width, height] = info?.size ?? [Infinity, Infinity];
  const held = Math.floor(width / tileWidth) * Math.floor(height / tileHeight);
  return {
    held,
    tileWidth,
    tileHeight,
    aspect: tileWidth / tileHeight,
    background: backgroundOf(sample(first, Math.min(held, sampled))),
    addressOf: (index) => imageUrl(entry, index, info?.version ?? ""),
    tiles,
  };
}

const sampled = 16;
const sampleSide_px = 16;

/** Pixels of the first images of a sheet, each drawn at 16×16: red, green, blue, alpha. */
function sample(sheet: ImageBitmap, count: number): Uint8ClampedArray {
  const canvas = document.createElement("canvas");
  canvas.width = 16;
  canvas.height = 16 * Math.max(1, count);
  const context = canvas.getContext("2d", { willReadFrequently: true })!;
  const width = sheet.width / sampled;
  for (let i = 0; i < count; i++)
    context.drawImage(sheet, i * width, 0, width, sheet.height, 0, 16 * i, 16, 16);
  return context.getImageData(0, 0, 16, canvas.height).data;
}
/**
 * The background of grey drawings: the corners of the images are black, or white, and so is a good part of the rest, as with scanned digits.
 * Null for other images.
 *
 * @param pixels of images of 16×16, one below the other.
 */
export function backgroundOf(pixels: Uint8ClampedArray): "black" | "white" | null {
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
  for (const background of ["black", "white"] as const) {
    if (corners[background] > 0.85 * corners.all && whole[background] > 0.3 * whole.all) return background;
  }
  return null;
}
