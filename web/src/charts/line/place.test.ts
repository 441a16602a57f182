import { expect, it } from "vitest";
import { nearestPlace, newestBefore } from "./place";

/** Columns with ties, and going back as those of resumed runs do. */
function columns(count: number): Float64Array[] {
  let state = 7;
  const random = (below: number): number => (state = (state * 48271) % 2147483647) % below;
  return Array.from({ length: count }, () => {
    let x = random(9);
    return Float64Array.from({ length: random(12) }, () => {
      x += random(8) === 0 ? -random(9) : random(3);
      return x;
    });
  });
}

it("finds what looking at every point finds", () => {
  for (const x of columns(200)) {
    for (const at of [-20, 0, 0.5, 3, 4.25, 7, 40]) {
      const before = [...x].filter((place) => place <= at);
      expect(newestBefore(x, at)).toBe(before.length ? x.lastIndexOf(Math.max(...before)) : -1);
      const away = [...x].map((place) => Math.abs(place - at));
      const nearest = [...x].filter((_, i) => away[i] === Math.min(...away));
      expect(nearestPlace([x], at)).toBe(nearest.length ? Math.max(...nearest) : null);
    }
  }
});

it("takes the nearest of all columns, the greater of two", () => {
  expect(nearestPlace([Float64Array.of(0, 10), Float64Array.of(6)], 3)).toBe(6);
  expect(nearestPlace([], 3)).toBeNull();
});
