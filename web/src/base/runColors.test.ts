import { describe, expect, test } from "vitest";
import { colorDistance, contrast, parseColor, type Rgb } from "./color";
import {
  assignSlots,
  decodeColor,
  encodeColor,
  hashName,
  palettes,
  slotColor,
  slotCount,
  slotDash,
  slotOf,
} from "./runColors";

const names = (count: number) => Array.from({ length: count }, (_, i) => `run${i}`);

/**
 * Linear light as people with normal vision see it, and without one kind of cones.
 *
 * **Source**: G. Machado, M. Oliveira, L. Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency" (2009),
 * matrices at severity 1.
 */
const simulations: Record<string, readonly (readonly number[])[]> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

describe("assignSlots", () => {
  test("the first twelve differ in hue, in the palette's order, and none is dashed", () => {
    const slots = [...assignSlots(names(12), new Map()).values()];
    expect(slots).toEqual(Array.from({ length: 12 }, (_, i) => i));
    expect(new Set(slots.map((slot) => slotColor(slot, false))).size).toBe(12);
    expect(slots.every((slot) => slotDash(slot).length === 0)).toBe(true);
  });

  test("36 runs differ in hue or dash", () => {
    const slots = [...assignSlots(names(slotCount), new Map()).values()];
    expect(new Set(slots.map((slot) => `${slotColor(slot, true)} ${slotDash(slot).join()}`)).size).toBe(36);
  });

  test("more runs repeat slots evenly", () => {
    const uses = new Map<number, number>();
    for (const slot of assignSlots(names(3 * slotCount), new Map()).values())
      uses.set(slot, (uses.get(slot) ?? 0) + 1);
    expect([...uses.values()].every((count) => count === 3)).toBe(true);
  });

  test("a run keeps its slot when others come before it, and what is free goes first", () => {
    const first = assignSlots(["m", "z"], new Map());
    const second = assignSlots(["a", "b", "m", "z"], first);
    expect(second.get("m")).toBe(first.get("m"));
    expect(second.get("z")).toBe(first.get("z"));
    expect([second.get("a"), second.get("b")]).toEqual([2, 3]);
    expect(assignSlots(["b", "c"], new Map([["b", 1]])).get("c")).toBe(0);
  });

  test("remembered nonsense is ignored, and hostile names are names", () => {
    const slots = assignSlots(["__proto__", "constructor"], new Map([["__proto__", 999]]));
    expect(slots.size).toBe(2);
    expect([...slots.values()].every((slot) => slot >= 0 && slot < slotCount)).toBe(true);
  });
});

test("lines are dashed where hues run out, in turn, or never", () => {
  expect(slotDash(12)).not.toEqual([]);
  expect(slotDash(12, "never")).toEqual([]);
  expect([0, 1, 2].map((slot) => slotDash(slot, "always").length)).toEqual([0, 2, 2]);
});

test("the hash is FNV-1a, folded", () => {
  // Source: the FNV-1a test vector of "a", 0xe40c292c.
  expect(hashName("a")).toBe((0xe40c292c ^ (0xe40c292c >>> 15)) >>> 0);
});

describe.each(["light", "dark"] as const)("the %s palette", (theme) => {
  const colors = palettes[theme].map(parseColor);
  const page: Rgb = theme === "light" ? [255, 255, 255] : [0x17, 0x18, 0x1b];

  test("has each colour once, and marks stand out against the page", () => {
    expect(new Set(palettes[theme]).size).toBe(12);
    for (const color of colors) expect(contrast(color, page)).toBeGreaterThanOrEqual(3);
  });

  // Least distance in OKLab × 100; 2 is about what can just be seen side by side.
  test.each(Object.keys(simulations))("two of the first few are told apart with %s vision", (vision) => {
    const seen = colors.map((color) => simulate(color, simulations[vision]!));
    expect(100 * leastDistance(seen.slice(0, 6))).toBeGreaterThan(12.9);
    expect(100 * leastDistance(seen.slice(0, 10))).toBeGreaterThan(8);
    expect(100 * leastDistance(seen)).toBeGreaterThan(6.2);
  });
});

test("a hue is the same in light and dark, and only its lightness changes", () => {
  palettes.light.forEach((light, slot) => {
    const [a, b] = [hueOf(parseColor(light)), hueOf(parseColor(palettes.dark[slot]!))];
    expect(Math.abs(((a - b + 540) % 360) - 180), light).toBeLessThan(8);
  });
});

test("a chosen hue follows the theme, another colour stays; both are short in the address", () => {
  const short = encodeColor(palettes.dark[3]);
  expect(short).toBe("3");
  expect(decodeColor(short, false)).toBe(palettes.light[3]);
  expect(decodeColor(encodeColor("#a1b2c3"), true)).toBe("#a1b2c3");
  expect(["3", "a1b2c3", "12", "", "-1", "red"].map(slotOf)).toEqual([3, -1, null, null, null, null]);
});

function leastDistance(colors: readonly Rgb[]): number {
  return Math.min(...colors.flatMap((a, i) => colors.slice(i + 1).map((b) => colorDistance(a, b))));
}

function simulate(color: Rgb, matrix: readonly (readonly number[])[]): Rgb {
  const linear = color.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const seen = matrix.map((row) => {
    const light = Math.max(
      0,
      Math.min(
        1,
        row.reduce((sum, factor, i) => sum + factor * linear[i]!, 0),
      ),
    );
    return 255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055);
  });
  return seen as unknown as Rgb;
}

/** Degrees in OKLab. */
function hueOf(color: Rgb): number {
  const [red, green, blue] = color.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  const a = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s;
  const b = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s;
  return (Math.atan2(b, a) * 180) / Math.PI;
}
