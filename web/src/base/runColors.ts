/**
 * Colours and dashes of runs and groups: twelve hues, each the same in light and dark at another lightness, in an order in which the first
 * few lie far apart.
 *
 * **Source**: searched for the largest least distance of any two (OKLab) as people see them with normal, protan, deutan and tritan vision, at
 * a contrast of at least 3 : 1 to the page. `runColors.test.ts` computes what was reached, with the model of G. Machado, M. Oliveira and
 * L. Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency" (2009), at full severity.
 */
export const palettes = {
  light: [
    "#0000b5",
    "#139fc6",
    "#621300",
    "#ae8f07",
    "#be0065",
    "#6c4bf0",
    "#f75886",
    "#6e4c03",
    "#717505",
    "#6a017c",
    "#046443",
    "#239a60",
  ],
  dark: [
    "#1a58f7",
    "#6dd9ff",
    "#b33e21",
    "#fedc64",
    "#fa4492",
    "#9891fa",
    "#fdaabb",
    "#b57f03",
    "#b5bc43",
    "#9f3eb3",
    "#1a9566",
    "#5dca8d",
  ],
} as const;

/** Lengths of dash and gap in pixels; the first is a whole line. */
const patterns: readonly (readonly number[])[] = [[], [6, 3], [1.5, 3]];

const hues = palettes.light.length;

/** Hues × dashes that can be told apart. */
export const slotCount = hues * patterns.length;

/** Of a run that has nothing to draw, or no value where colours go by values. */
const neutrals = { light: "#8a8d93", dark: "#82868d" } as const;

export function neutral(dark: boolean): string {
  return dark ? neutrals.dark : neutrals.light;
}

export function slotColor(slot: number, dark: boolean): string {
  const palette = dark ? palettes.dark : palettes.light;
  return palette[slot % hues]!;
}

/** When lines are dashed: where hues run out, in turn from the first on, or never. */
export type Dashes = "auto" | "always" | "never";

export function slotDash(slot: number, when: Dashes = "auto"): readonly number[] {
  if (when === "never") return patterns[0]!;
  const turn = when === "always" ? slot % hues : 0;
  return patterns[(turn + Math.floor(slot / hues)) % patterns.length]!;
}

/** FNV-1a over UTF-16 code units, 32 bits: the same in every browser and session. */
export function hashName(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  // FNV's low bits are its weakest, and users take a remainder.
  return (hash ^ (hash >>> 15)) >>> 0;
}

/**
 * Gives each name a slot: what it had before, else the first that the fewest have. So the first runs differ most, up to twelve in hue, and
 * 36 in hue or dash. Beyond that slots repeat evenly.
 *
 * @param names in the order in which slots are given.
 * @param taken slots assigned before; never changed.
 */
export function assignSlots(
  names: readonly string[],
  taken: ReadonlyMap<string, number>,
): Map<string, number> {
  const slots = new Map<string, number>();
  const uses = new Uint32Array(slotCount);
  for (const name of names) {
    const slot = taken.get(name);
    if (slot === undefined || !(slot >= 0 && slot < slotCount)) continue;
    slots.set(name, slot);
    uses[slot]!++;
  }
  let fewest = 0;
  let next = 0;
  for (const name of names) {
    if (slots.has(name)) continue;
    while (uses[next] !== fewest) {
      if (++next < slotCount) continue;
      next = 0;
      fewest = uses.reduce((least, count) => Math.min(least, count), Infinity);
    }
    slots.set(name, next);
    uses[next]!++;
  }
  return slots;
}

/** A colour that a person chose, as it stands in the address: a hue of ours by its number, so that it follows the theme; else `rrggbb`. */
export function encodeColor(color: string): string {
  const slot = [palettes.light, palettes.dark]
    .map((palette) => palette.findIndex((known) => known === color))
    .find((index) => index >= 0);
  return slot === undefined ? color.replace("#", "") : String(slot);
}

/** @returns the slot, or −1 for a colour of one's own; null for what is no colour. */
export function slotOf(text: string): number | null {
  if (/^[\da-f]{6}$/i.test(text)) return -1;
  return /^\d{1,2}$/.test(text) && Number(text) < hues ? Number(text) : null;
}

export function decodeColor(text: string, dark: boolean): string {
  const slot = slotOf(text);
  return slot === null ? neutral(dark) : slot < 0 ? `#${text.toLowerCase()}` : slotColor(slot, dark);
}
