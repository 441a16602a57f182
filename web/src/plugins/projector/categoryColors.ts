/** Colours for categories that nobody takes for one another. */

import { colorDistance, oklch, parseColor, type Rgb } from "../../base/color";
import { palettes } from "../../base/runColors";

/** Of so many categories each has a colour of its own. There are no more that are told apart at a glance among a thousand dots. */
export const mostDistinct = 20;

/**
 * The page's palette, and then always the colour that is farthest from all before it (by distance in OKLab, among those that stand out from
 * the background): the first ones, for the most frequent categories, differ most.
 *
 * **Source**: Glasbey, van der Heijden, Toh, Gray, "Colour displays for categorical images" (2007), with OKLab for CIELAB.
 */
export function categoryColors(count: number, dark: boolean): Rgb[] {
  const search = (searches[dark ? "dark" : "light"] ??= new Search(dark));
  return search.colors(count);
}

/** Points of rare categories, and those without a number under a gradient. */
export const greyOf = (dark: boolean): Rgb => (dark ? [95, 97, 102] : [170, 172, 175]);

const searches: { light?: Search; dark?: Search } = {};

/** What has been worked out so far. */
class Search {
  readonly #found: Rgb[] = [];
  /** Colours that could be next, and how far each is from those found and from grey. */
  readonly #candidates: { color: Rgb; away: number }[];

  constructor(dark: boolean) {
    this.#candidates = candidates(dark).map((color) => ({
      color,
      away: colorDistance(color, greyOf(dark)),
    }));
    for (const color of dark ? palettes.dark : palettes.light) this.#take(parseColor(color));
  }

  colors(count: number): Rgb[] {
    while (this.#found.length < count)
      this.#take(this.#candidates.reduce((a, b) => (b.away > a.away ? b : a)).color);
    return this.#found.slice(0, count);
  }

  #take(color: Rgb): void {
    this.#found.push(color);
    for (const each of this.#candidates) each.away = Math.min(each.away, colorDistance(each.color, color));
  }
}

function candidates(dark: boolean): Rgb[] {
  const colors: Rgb[] = [];
  for (const lightness of dark ? [0.58, 0.68, 0.78, 0.88] : [0.36, 0.48, 0.6, 0.72])
    for (const chroma of [0.06, 0.12, 0.2])
      for (let hue = 0; hue < 360; hue += 10) colors.push(oklch(lightness, chroma, hue));
  return colors;
}
