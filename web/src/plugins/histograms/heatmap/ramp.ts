/** Colours of density, from the card's background to the strongest ink: 256 each, one lightness apart, so that equal ratios look equal. */

const stops = {
  light: ["#ffffff", "#e4effa", "#bcd8f1", "#86b8e4", "#4b8fd2", "#1f64b4", "#0c3f86", "#06204d"],
  dark: ["#17181b", "#152a42", "#164470", "#1c62a3", "#3686cf", "#6baee8", "#abd5f7", "#eef8ff"],
};

/** The lines over the colours, and what keeps them apart from those. */
export const lineColors = {
  light: { line: "#c2410c", halo: "#ffffff" },
  dark: { line: "#ffab5e", halo: "#17181b" },
};

const size = 256;
const ramps = new Map<boolean, Uint32Array>();

/** 256 pixels of an `ImageData` seen as 32-bit numbers (ABGR: every browser runs on little-endian machines). */
export function densityRamp(dark: boolean): Uint32Array {
  let ramp = ramps.get(dark);
  if (!ramp) ramps.set(dark, (ramp = makeRamp(dark ? stops.dark : stops.light)));
  return ramp;
}

/** A CSS colour of the ramp, `t` from 0 to 1. */
export function rampColor(dark: boolean, t: number): string {
  const pixel = densityRamp(dark)[Math.round(Math.min(1, Math.max(0, t)) * (size - 1))]!;
  return `rgb(${pixel & 255} ${(pixel >> 8) & 255} ${(pixel >> 16) & 255})`;
}

function makeRamp(colors: readonly string[]): Uint32Array {
  const parts = colors.map((color) => [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16)));
  return Uint32Array.from({ length: size }, (_, i) => {
    const at = (i / (size - 1)) * (parts.length - 1);
    const from = parts[Math.floor(at)]!;
    const to = parts[Math.min(parts.length - 1, Math.floor(at) + 1)]!;
    const [r, g, b] = from.map((part, c) => Math.round(part + (to[c]! - part) * (at % 1)));
    return (255 << 24) | (b! << 16) | (g! << 8) | r!;
  });
}
