import { expect, test } from "vitest";
import { decodeIndices, encodeIndices } from "./indices";

test("selections in the address", () => {
  expect(encodeIndices([3, 7, 8, 9, 12])).toBe("3,7-9,12");
  expect(decodeIndices("3,7-9,12")).toEqual([3, 7, 8, 9, 12]);
  expect(encodeIndices([])).toBeNull();
  expect(encodeIndices(Array.from({ length: 5000 }, (_, i) => 2 * i))).toBeNull();
  expect(decodeIndices("")).toEqual([]);
  expect(decodeIndices("-1,x,5,9-3,1e3")).toEqual([5]);
  expect(decodeIndices("0-99999999").length).toBeLessThan(1_100_000);
});
