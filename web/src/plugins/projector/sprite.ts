/** The sprite: one image file with the images of all points, row by row. Loaded, and looked at. */

/** A sprite of more pixels is only loaded when somebody asks for it: a small file may unfold to gigabytes. */
export const maxPixels = 64 * 2 ** 20;

export interface Sprite {
  image: HTMLImageElement;
  columns: number;
  /** Pixels that a point's image takes. */
  tileWidth: number;
  tileHeight: number;
  /** Width over height of a tile. */
  aspect: number;
  /** Of grey drawings, which can be drawn as ink in the point's colour; null for other images. */
  background: "black" | "white" | null;
}

/**
 * @param tile width and height in pixels of one point's image, as the config says.
 * @throws Error if the file is no image that the browser can show.
 */
export async function loadSprite(
  address: string,
  tile: readonly [number, number],
  count: number,
): Promise<Sprite> {
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
    background: backgroundOf(sample(image, columns, tile, Math.min(count, 16))),
  };
}

/** Pixels of the first images, each drawn at 16×16: red, green, blue, alpha. */
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
