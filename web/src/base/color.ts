/**
 * Colours as numbers: read, mix, make, compare and write them. The page's palette is `theme.css`, the runs' is `runColors.ts`; what a chart
 * computes from them (ramps, hues for categories) it computes here.
 */

/** Red, green and blue of sRGB, 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/**
 * The colour that a CSS text names: `#rgb`, `#rrggbb` or `rgb(…)`. The build shortens `#rrggbb` to `#rgb` where it can.
 *
 * @throws RangeError for any other text: names and `hsl()` occur nowhere in the palette.
 */
export function parseColor(text: string): Rgb {
  const trimmed = text.trim();
  const digits = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(trimmed)?.[1];
  if (digits) {
    const value = parseInt(digits.length === 3 ? digits.replace(/./g, "$&$&") : digits, 16);
    return [value >> 16, (value >> 8) & 255, value & 255];
  }
  const parts = /^rgb\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)\s*\)$/.exec(trimmed);
  if (parts) return [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  throw new RangeError(`no colour: ${JSON.stringify(text)}; wanted #rgb, #rrggbb or rgb(r g b)`);
}

/** `#rrggbb`, which style sheets, canvases and every reader of SVG understand. */
export function toCss([red, green, blue]: Rgb): string {
  return `#${((1 << 24) | (red << 16) | (green << 8) | blue).toString(16).slice(1)}`;
}

/** A pixel of an `ImageData` seen as 32-bit numbers: opaque, ABGR, since every browser runs on little-endian machines. */
export function toPixel([red, green, blue]: Rgb): number {
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/** From `a` (`share` 0) to `b` (`share` 1), component by component. */
export function mix(a: Rgb, b: Rgb, share: number): Rgb {
  return toRgb((i) => a[i]! + (b[i]! - a[i]!) * share);
}

/** A gradient through colours at equal distances: the colour at a place from 0 to 1; beyond them, the nearest end's. */
export function ramp(stops: readonly string[]): (place: number) => Rgb {
  const colors = stops.map(parseColor);
  return (place) => {
    const scaled = Math.max(0, Math.min(1, place)) * (colors.length - 1);
    const index = Math.min(colors.length - 2, Math.floor(scaled));
    return mix(colors[index]!, colors[index + 1]!, scaled - index);
  };
}

/**
 * @param hue in degrees.
 * @param saturation from 0 to 1, as `lightness`.
 *
 * **Source**: CSS Color Module Level 4, section 7.1, "Converting HSL Colors to sRGB".
 */
export function hsl(hue: number, saturation: number, lightness: number): Rgb {
  const reach = saturation * Math.min(lightness, 1 - lightness);
  return toRgb((i) => {
    const k = ([0, 8, 4][i]! + hue / 30) % 12;
    return 255 * (lightness - reach * Math.max(-1, Math.min(k - 3, 9 - k, 1)));
  });
}

/**
 * A colour of OKLCH, in which equal distances look equal. What no screen shows is made less colourful.
 *
 * @param lightness from 0 to 1.
 * @param hue in degrees.
 *
 * **Source**: Björn Ottosson, "A perceptual color space for image processing" (2020).
 */
export function oklch(lightness: number, chroma: number, hue: number): Rgb {
  const a = Math.cos((hue * Math.PI) / 180);
  const b = Math.sin((hue * Math.PI) / 180);
  for (let c = chroma; ; c *= 0.94) {
    const l = (lightness + 0.3963377774 * a * c + 0.2158037573 * b * c) ** 3;
    const m = (lightness - 0.1055613458 * a * c - 0.0638541728 * b * c) ** 3;
    const s = (lightness - 0.0894841775 * a * c - 1.291485548 * b * c) ** 3;
    const linear = [
      4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
      -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
      -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
    ];
    if (c < 0.01 || linear.every((value) => value > -0.001 && value < 1.001))
      return toRgb((i) => encodeGamma(linear[i]!));
  }
}

/**
 * How far apart two colours are in brightness, from 1 (not at all) to 21 (black on white). Words need 4.5, marks 3.
 *
 * **Source**: WCAG 2.2, "contrast ratio" and "relative luminance".
 */
export function contrast(a: Rgb, b: Rgb): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: Rgb): number {
  const [red, green, blue] = color.map(toLinear) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/**
 * How far apart two colours look, from 0 (the same) to 1 (black and white): distance in OKLab.
 *
 * **Source**: Björn Ottosson, "A perceptual color space for image processing" (2020).
 */
export function colorDistance(a: Rgb, b: Rgb): number {
  const [x, y] = [toOklab(a), toOklab(b)];
  return Math.hypot(x[0] - y[0], x[1] - y[1], x[2] - y[2]);
}

function toOklab(color: Rgb): [number, number, number] {
  const [red, green, blue] = color.map(toLinear) as [number, number, number];
  const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** From sRGB, 0 to 255, to linear light, 0 to 1. */
function toLinear(part: number): number {
  const share = part / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

/** From linear light, 0 to 1, to sRGB, 0 to 255. */
function encodeGamma(linear: number): number {
  const value = Math.max(0, Math.min(1, linear));
  return 255 * (value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055);
}

function toRgb(part: (index: number) => number): Rgb {
  return [Math.round(part(0)), Math.round(part(1)), Math.round(part(2))];
}
