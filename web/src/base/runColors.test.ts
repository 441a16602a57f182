import { describe, expect, test } from "vitest";
import { assignSlots, hashName, palettes, slotColor, slotCount, slotDash } from "./runColors";

const names = (count: number) => Array.from({ length: count }, (_, i) => `run${i}`);

describe("assignSlots", () => {
  test("eight runs differ in hue, and none is dashed", () => {
    const slots = [...assignSlots(names(8), new Map()).values()];
    expect(new Set(slots.map((slot) => slotColor(slot, false))).size).toBe(8);
    expect(slots.every((slot) => slotDash(slot).length === 0)).toBe(true);
  });

  test("24 runs differ in hue or dash", () => {
    const slots = [...assignSlots(names(slotCount), new Map()).values()];
    expect(new Set(slots).size).toBe(slotCount);
  });

  test("more runs repeat slots evenly", () => {
    const uses = new Map<number, number>();
    for (const slot of assignSlots(names(3 * slotCount), new Map()).values())
      uses.set(slot, (uses.get(slot) ?? 0) + 1);
    expect([...uses.values()].every((count) => count === 3)).toBe(true);
  });

  test("a run keeps its slot when others come before it", () => {
    const first = assignSlots(["m", "z"], new Map());
    const second = assignSlots(["a", "b", "m", "z"], first);
    expect(second.get("m")).toBe(first.get("m"));
    expect(second.get("z")).toBe(first.get("z"));
  });

  test("remembered nonsense is ignored, and hostile names are names", () => {
    const slots = assignSlots(["__proto__", "constructor"], new Map([["__proto__", 999]]));
    expect(slots.size).toBe(2);
    expect([...slots.values()].every((slot) => slot >= 0 && slot < slotCount)).toBe(true);
  });
});

test("the hash is FNV-1a, folded", () => {
  // Source: the FNV-1a test vector of "a", 0xe40c292c.
  expect(hashName("a")).toBe((0xe40c292c ^ (0xe40c292c >>> 15)) >>> 0);
});

test("palettes have as many colours, each once", () => {
  for (const palette of Object.values(palettes)) expect(new Set(palette).size).toBe(8);
});
