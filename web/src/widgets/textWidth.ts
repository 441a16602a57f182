/** How wide texts are, without asking the page to lay them out. */

const widths = new Map<string, Map<string, number>>();
const fallback_px = 7;
let canvas: CanvasRenderingContext2D | null | undefined;

/**
 * Width of a text in px: the sum of its letters', each of which is measured once. Letters that join are wider alone, so it is rather too much.
 *
 * @param font as CSS has it: `600 13px sans-serif`.
 */
export function textWidth(text: string, font: string): number {
  let known = widths.get(font);
  if (!known) widths.set(font, (known = new Map()));
  let sum = 0;
  for (const letter of text) {
    let width = known.get(letter);
    if (width === undefined) known.set(letter, (width = measure(letter, font)));
    sum += width;
  }
  return sum;
}

function measure(letter: string, font: string): number {
  canvas ??= document.createElement("canvas").getContext("2d");
  if (!canvas) return fallback_px;
  canvas.font = font;
  return canvas.measureText(letter).width;
}
