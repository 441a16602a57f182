import { describe, expect, test } from "vitest";
import { makeScale, type Interval, type ScaleKind } from "./scale";

const labels = (kind: ScaleKind, domain: Interval, count = 6) =>
  makeScale(kind, domain, [0, 100])
    .ticks(count)
    .map((tick) => tick.label)
    .filter(Boolean);

describe("scales", () => {
  test("place and invert are each other's inverse", () => {
    for (const [kind, domain] of [
      ["linear", [-3, 9]],
      ["log", [1e-4, 1e3]],
      ["time", [1.7e9, 1.8e9]],
    ] as const) {
      const scale = makeScale(kind, domain, [40, 360]);
      expect(scale(domain[0])).toBeCloseTo(40, 6);
      expect(scale(domain[1])).toBeCloseTo(360, 6);
      expect(scale.invert(scale(domain[0] + 1e-3))).toBeCloseTo(domain[0] + 1e-3, 4);
    }
  });

  test("a log scale has no place for zero and below", () => {
    const scale = makeScale("log", [1, 10], [0, 1]);
    expect(Number.isFinite(scale(0))).toBe(false);
    expect(Number.isFinite(scale(-1))).toBe(false);
  });
});

describe("ticks", () => {
  test("steps are whole", () => {
    expect(labels("step", [0, 3], 10)).toEqual(["0", "1", "2", "3"]);
    expect(labels("step", [0, 9990], 5)).toEqual(["0", "2,000", "4,000", "6,000", "8,000"]);
    expect(labels("step", [0, 100_000], 5)).toEqual(["0", "20k", "40k", "60k", "80k", "100k"]);
    expect(labels("step", [1_234_560, 1_234_600], 4)).toEqual([
      "1,234,560",
      "1,234,570",
      "1,234,580",
      "1,234,590",
      "1,234,600",
    ]);
    expect(labels("step", [0, 2_500_000], 5)).toEqual(["0", "0.5M", "1M", "1.5M", "2M", "2.5M"]);
  });

  test("values far from one take exponents, all with as many digits", () => {
    expect(labels("linear", [0, 3e-5], 3)).toEqual(["0", "1e−5", "2e−5", "3e−5"]);
    expect(labels("linear", [0, 1], 4)).toEqual(["0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
  });

  test("log ticks name decades, and 2 and 5 where few are in view", () => {
    expect(labels("log", [0.001, 1000])).toEqual(["0.001", "0.01", "0.1", "1", "10", "100", "1,000"]);
    expect(labels("log", [1, 20])).toEqual(["1", "2", "5", "10", "20"]);
    expect(labels("log", [1e-30, 1], 5).length).toBeLessThanOrEqual(6);
  });

  test("among many decades only those with a name are drawn", () => {
    const ticks = makeScale("log", [1e-30, 1], [0, 100]).ticks(5);
    expect(ticks.map((tick) => tick.label)).toEqual(["1e−30", "1e−24", "1e−18", "1e−12", "1e−6", "1"]);
    expect(makeScale("log", [0.05, 30], [0, 100]).ticks(5)).toHaveLength(26);
  });

  test("an axis as wide as numbers are has no ticks, and no error", () => {
    expect(labels("linear", [-1.7e308, 1.7e308])).toEqual([]);
    expect(labels("log", [5e-324, 1.7e308], 4).length).toBeLessThanOrEqual(6);
  });

  test("durations step as clocks do", () => {
    expect(labels("duration", [0, 3600], 6)).toEqual(["0", "10m", "20m", "30m", "40m", "50m", "1h"]);
    expect(labels("duration", [0, 90], 3)).toEqual(["0", "30s", "1m", "1m30s"]);
    expect(labels("duration", [0, 0.01], 5)).toEqual(["0", "0.002s", "0.004s", "0.006s", "0.008s", "0.01s"]);
  });

  test("times are the reader's own", () => {
    const noon = new Date(2026, 10, 23, 12).getTime() / 1000;
    expect(labels("time", [noon, noon + 3600], 4)).toContain("12:30");
    expect(labels("time", [noon, noon + 86400 * 3], 3)).toContain("Nov 24");
  });
});

describe("no two ticks read alike", () => {
  test.each<[ScaleKind, number]>([
    ["linear", 0],
    ["linear", 1],
    ["linear", 1500.123],
    ["linear", 1.2e7],
    ["log", 1],
    ["log", 3e-7],
    ["step", 12_345_678],
    ["duration", 3],
    ["duration", 40_000],
    ["time", 1.79e9],
  ])("%s around %d", (kind, centre) => {
    for (const span of [1e-2, 0.3, 1, 7, 300, 5e4]) {
      const low = kind === "log" ? centre : centre - span / 2;
      const domain: Interval = kind === "log" ? [low, low * (1 + span)] : [low, low + span];
      const found = labels(kind, domain);
      expect(new Set(found).size, `${domain.join(" … ")}: ${found.join(" ")}`).toBe(found.length);
    }
  });
});

test("seconds that are no dates get ticks that are numbers", () => {
  for (const domain of [
    [1.7e9, 9e12],
    [1.7e18, 1.8e18],
    [-9e12, 0],
  ] as const) {
    const ticks = makeScale("time", domain, [0, 300]).ticks(5);
    expect(ticks.length).toBeGreaterThan(1);
    for (const tick of ticks) expect(tick.label).toMatch(/^[−\d][\d.,eGTMk]*$/);
  }
});
