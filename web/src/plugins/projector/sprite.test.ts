import { expect, test } from "vitest";
import { backgroundOf } from "./sprite";

test("grey drawings on an even background are told from photographs", () => {
  const tile = (paint: (x: number, y: number) => [number, number, number]): Uint8ClampedArray => {
    const data = new Uint8ClampedArray(16 * 16 * 4);
    for (let i = 0; i < 256; i++) data.set([...paint(i % 16, Math.floor(i / 16)), 255], 4 * i);
    return data;
  };
  const stroke = (x: number): boolean => x > 5 && x < 9;
  expect(backgroundOf(tile((x) => (stroke(x) ? [240, 240, 240] : [0, 0, 0])))).toBe("black");
  expect(backgroundOf(tile((x) => (stroke(x) ? [10, 10, 10] : [255, 255, 255])))).toBe("white");
  expect(backgroundOf(tile((x) => (stroke(x) ? [240, 20, 20] : [0, 0, 0])))).toBeNull();
  expect(backgroundOf(tile((x, y) => [x * 9 + y * 5, x * 9 + y * 5, x * 9 + y * 5]))).toBeNull();
  expect(backgroundOf(new Uint8ClampedArray())).toBeNull();
});
