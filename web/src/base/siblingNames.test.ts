import { expect, test } from "vitest";
import { SiblingNames, type LabelPart } from "./siblingNames";

/** Every letter is 10 px wide, as is the mark of a gap. */
const measure = (text: string): number => 10 * [...text].length;
const written = (parts: readonly LabelPart[]): string => parts.map(({ text }) => text).join("");
const labels = (names: readonly string[], letters: number): string[] => {
  const siblings = new SiblingNames(names);
  return names.map((name) => written(siblings.label(name, letters * 10, measure)));
};

test("where there is room a name is whole, and what all share is known", () => {
  const names = ["trial_000_lr0.1_seed0", "trial_001_lr0.2_seed1"];
  expect(labels(names, 30)).toEqual(names);
  const parts = new SiblingNames(names).label(names[0]!, 1000, measure);
  expect(parts).toContainEqual({ text: "trial_", kind: "shared" });
});

test("what tells a name from the others stays, then its end", () => {
  const names = Array.from(
    { length: 200 },
    (_, i) => `trial_${String(i).padStart(3, "0")}_lr6.09e-05_seed${i % 3}`,
  );
  const cut = labels(names, 12);
  expect(new Set(cut).size).toBe(200);
  expect(cut[7]).toContain("007");
  for (const label of cut) expect(label.length).toBeLessThanOrEqual(12);
  expect(labels(names, 18)[7]).toMatch(/007.*seed1$/);
});

test("long words are cut in their middle where they differ there", () => {
  const long = "a".repeat(150);
  const names = [`${long}x${long}`, `${long}y${long}`, `${long}yy${long}`, long, "b".repeat(300)];
  for (const room of [40, 60, 100]) {
    const cut = labels(names, room);
    expect(new Set(cut).size).toBe(names.length);
    for (const label of cut) expect(label.length).toBeLessThanOrEqual(room);
  }
});

test("with too little room for that, and for names that only look alike, the number in the list tells", () => {
  expect(labels(["abcdefgh1", "abcdefgh2"], 3)).toEqual(["…1", "…2"]);
  expect(labels(["abcdefgh1", "abcdefgh2"], 1)).toEqual(["…#1", "…#2"]);
  expect(labels(["é", "e\u0301", "f"], 20)).toEqual(["é#1", "e\u0301#2", "f"]);
});

test("no two labels of different names are alike, whatever the names and the room", () => {
  let seed = 1;
  const random = (below: number): number => (seed = (seed * 48271) % 2147483647) % below;
  const alphabet = ["a", "b", "/", "_", "1", "0", ".", "日", "😀", "lr", "-"];
  for (let round = 0; round < 60; round++) {
    const names = new Set<string>();
    const length = 1 + random(60);
    while (names.size < 20) {
      names.add(
        Array.from(
          { length: 1 + random(length) + names.size / 4 },
          () => alphabet[random(alphabet.length)],
        ).join(""),
      );
    }
    for (const room of [12, 25, 50]) {
      const cut = labels([...names], room);
      expect(new Set(cut).size, JSON.stringify([...names])).toBe(names.size);
    }
  }
});

test("ten thousand names take no long walk for each", () => {
  const names = Array.from({ length: 10_000 }, (_, i) => `sweep_${i}_lr${i % 7}_bs${i % 5}`);
  const siblings = new SiblingNames(names);
  const some = names.slice(5000, 5040).map((name) => written(siblings.label(name, 120, measure)));
  expect(new Set(some).size).toBe(40);
});
