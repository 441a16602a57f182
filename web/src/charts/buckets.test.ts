import { expect, test } from "vitest";
import { bucketsFor } from "./buckets";

test("buckets follow the width in large steps, up to the most that are answered", () => {
  expect(bucketsFor(301, 0, 4096)).toBe(400);
  expect(bucketsFor(390, 400, 4096)).toBe(400);
  expect(bucketsFor(250, 400, 4096)).toBe(400);
  expect(bucketsFor(100, 400, 4096)).toBe(100);
  expect(bucketsFor(9999, 400, 4096)).toBe(4096);
});
