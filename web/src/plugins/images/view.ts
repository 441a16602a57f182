/** How the room's pictures are drawn, kept in the page's address. */

import { flag, number, param, word } from "../../state/url.svelte";

export const size_px = param("size", 280, number);
export const actualSize = param("actual", false, flag);
export const brightness = param("brightness", 1, number);
export const contrast = param("contrast", 1, number);

/** How pixels are enlarged: `auto` shows those of small pictures as squares, and blends what is shrunk. */
export const scalings = ["auto", "pixels", "smooth"] as const;
export const scaling = param("scaling", "auto", word(scalings));

/** CSS `image-rendering` of a picture whose pixels are enlarged, or are not. */
export function imageRendering(enlarged: boolean): "pixelated" | "auto" {
  return scaling.value === "pixels" || (scaling.value === "auto" && enlarged) ? "pixelated" : "auto";
}

/** Cards grow to fill their row, up to nearly twice where there are two in it. */
const mostGrowth = 1.5;

/** What a card gives a picture's longer side, in pixels of the screen; infinite where pictures stand in their actual size. */
export function shown_px(): number {
  return actualSize.value ? Infinity : size_px.value * mostGrowth * devicePixelRatio;
}

/** The CSS filter of all pictures. */
export function pictureFilter(): string {
  return brightness.value === 1 && contrast.value === 1
    ? "none"
    : `brightness(${brightness.value}) contrast(${contrast.value})`;
}

export function resetFilter(): void {
  brightness.value = contrast.value = 1;
}
