/** Pixels in memory onto which discs and images are painted, as the fragment shader does. */

import { MathUtils } from "three";
import type { Rgb } from "../../../base/color";

/** Images on an atlas, as pixels: red, green, blue and alpha. */
export interface Texels {
  data: Uint8ClampedArray;
  /** Pixels of the atlas' whole width. */
  stride: number;
  /** Images in a row, and the pixels of one. */
  columns: number;
  width: number;
  height: number;
}

/** A disc's opacity and darkening of its rim, pixel by pixel. */
interface Stamp {
  side: number;
  alphas: Float32Array;
  shades: Float32Array;
}

export class Raster {
  readonly data: ImageData;
  readonly #pixels: Uint8ClampedArray;
  readonly #words: Uint32Array;
  readonly #stamps = new Map<number, Stamp>();
  readonly #texel = new Float64Array(4);

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.data = new ImageData(width, height);
    this.#pixels = this.data.data;
    this.#words = new Uint32Array(this.#pixels.buffer);
  }

  clear(): void {
    this.#words.fill(0);
  }

  disc(x: number, y: number, size: number, red: number, green: number, blue: number): void {
    const stamp = this.#stampOf(size);
    const { side, alphas, shades } = stamp;
    const left = Math.round(x - side / 2);
    const top = Math.round(y - side / 2);
    if (left >= this.width || top >= this.height || left + side <= 0 || top + side <= 0) return;
    for (let row = Math.max(0, -top); row < Math.min(side, this.height - top); row++) {
      for (let column = Math.max(0, -left); column < Math.min(side, this.width - left); column++) {
        const alpha = alphas[row * side + column]!;
        if (alpha === 0) continue;
        const shade = shades[row * side + column]!;
        this.#blend(
          (top + row) * this.width + left + column,
          red * shade,
          green * shade,
          blue * shade,
          alpha,
        );
      }
    }
  }

  /** An image framed in a colour. @param kept how much of it is seen before the background. */
  image(
    x: number,
    y: number,
    size: number,
    texels: Texels,
    place: number,
    kept: number,
    background: Rgb,
    color: Rgb,
  ): void {
    // prettier-ignore
    const frame_px = MathUtils.clamp(size * 0.05, 1, 3);
    this.#each(x, y, size, texels, place, (at, u, v, texel) => {
      const edge = Math.min(u, v) * 0.5 * size;
      if (edge <= frame_px) return this.#blend(at, color[0], color[1], color[2], 1);
      const share = (texel[3]! / 255) * kept;
      const part = (i: 0 | 1 | 2): number =>
        MathUtils.lerp(MathUtils.lerp(background[i], texel[i]!, share), color[i], 0.12);
      this.#blend(at, part(0), part(1), part(2), 1);
    });
  }

  /** A grey drawing as ink of a colour. */
  ink(
    x: number,
    y: number,
    size: number,
    texels: Texels,
    place: number,
    onWhite: boolean,
    red: number,
    green: number,
    blue: number,
  ): void {
    // prettier-ignore
    this.#each(x, y, size, texels, place, (at, _u, _v, texel) => {
      const grey = texel[0]! / 255;
      const alpha = MathUtils.smoothstep(onWhite ? 1 - grey : grey, 0.22, 0.6);
      if (alpha >= 0.05) this.#blend(at, red, green, blue, alpha);
    });
  }

  /**
   * Calls `paint` for each pixel of an image that keeps its shape inside a square.
   *
   * @param paint gets the pixel, how far it is from the edges (0) to the middle (1) across and down, and the texel there.
   */
  #each(
    x: number,
    y: number,
    size: number,
    texels: Texels,
    place: number,
    paint: (at: number, u: number, v: number, texel: Float64Array) => void,
  ): void {
    // prettier-ignore
    const aspect = texels.width / texels.height;
    const wide = size * Math.min(1, aspect);
    const tall = size * Math.min(1, 1 / aspect);
    const [left, top] = [x - wide / 2, y - tall / 2];
    const first = { x: Math.max(0, Math.ceil(left - 0.5)), y: Math.max(0, Math.ceil(top - 0.5)) };
    const last = {
      x: Math.min(this.width - 1, Math.ceil(left + wide - 0.5) - 1),
      y: Math.min(this.height - 1, Math.ceil(top + tall - 0.5) - 1),
    };
    for (let row = first.y; row <= last.y; row++) {
      const v = (row + 0.5 - top) / tall;
      for (let column = first.x; column <= last.x; column++) {
        const u = (column + 0.5 - left) / wide;
        sample(texels, place, u, v, this.#texel);
        paint(row * this.width + column, 1 - Math.abs(2 * u - 1), 1 - Math.abs(2 * v - 1), this.#texel);
      }
    }
  }

  /** A colour over what is there. */
  #blend(at: number, red: number, green: number, blue: number, alpha: number): void {
    const pixels = this.#pixels;
    const under = pixels[4 * at + 3]! / 255;
    if (alpha > 0.995 || under === 0) {
      // Rounded as the clamped array rounds.
      this.#words[at] =
        ((alpha * 255 + 0.5) << 24) | ((blue + 0.5) << 16) | ((green + 0.5) << 8) | (red + 0.5);
      return;
    }
    const out = alpha + under * (1 - alpha);
    const share = alpha / out;
    pixels[4 * at] = red * share + pixels[4 * at]! * (1 - share);
    pixels[4 * at + 1] = green * share + pixels[4 * at + 1]! * (1 - share);
    pixels[4 * at + 2] = blue * share + pixels[4 * at + 2]! * (1 - share);
    pixels[4 * at + 3] = out * 255;
  }

  #stampOf(size: number): Stamp {
    const key = Math.round(size * 4);
    let stamp = this.#stamps.get(key);
    if (!stamp) this.#stamps.set(key, (stamp = makeStamp(key / 4)));
    return stamp;
  }
}

function makeStamp(size: number): Stamp {
  const side = Math.max(1, Math.ceil(size));
  const alphas = new Float32Array(side * side);
  const shades = new Float32Array(side * side);
  for (let at = 0; at < side * side; at++) {
    const across = ((at % side) + 0.5 - side / 2) / (size / 2);
    const down = (Math.floor(at / side) + 0.5 - side / 2) / (size / 2);
    const radius = Math.hypot(across, down);
    const alpha = 1 - MathUtils.smoothstep(radius, 1 - 2.5 / size, 1);
    alphas[at] = alpha < 0.02 ? 0 : alpha;
    shades[at] = size >= 5 ? 1 - 0.28 * MathUtils.smoothstep(radius, 0.62, 0.95) : 1;
  }
  return { side, alphas, shades };
}

/** The colour at a place within an image (0 to 1 across and down), between its pixels as a texture's linear filter takes it. */
function sample(texels: Texels, place: number, u: number, v: number, out: Float64Array): void {
  const { data, stride, columns, width, height } = texels;
  const fromX = (place % columns) * width;
  const fromY = Math.floor(place / columns) * height;
  const x = MathUtils.clamp(u * width - 0.5, 0, width - 1);
  const y = MathUtils.clamp(v * height - 0.5, 0, height - 1);
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [right, bottom] = [Math.min(left + 1, width - 1), Math.min(top + 1, height - 1)];
  const [shareX, shareY] = [x - left, y - top];
  const a = 4 * ((fromY + top) * stride + fromX + left);
  const b = 4 * ((fromY + top) * stride + fromX + right);
  const c = 4 * ((fromY + bottom) * stride + fromX + left);
  const d = 4 * ((fromY + bottom) * stride + fromX + right);
  for (let i = 0; i < 4; i++) {
    const above = data[a + i]! + (data[b + i]! - data[a + i]!) * shareX;
    const below = data[c + i]! + (data[d + i]! - data[c + i]!) * shareX;
    out[i] = above + (below - above) * shareY;
  }
}
