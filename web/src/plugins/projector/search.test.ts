import { expect, test } from "vitest";
import { groundOf } from "./atlas";
import { clipMatrix, home } from "./camera";
import { middles, paintColors } from "./emphasis";
import { decodeIndices, encodeIndices } from "./indices";
import { placeLabels, shorten } from "./labels";
import { dimmed, hidden, normal, strong } from "./painter";
import { matching, pick, within } from "./search";

const size = { width: 400, height: 400 };
const all = (): boolean => true;

test("search in a field, as text and as a regular expression", () => {
  const field = {
    name: "f",
    numeric: false,
    values: ["Cat", "dog", "c.t"],
    codes: new Uint32Array([2, 0, 1, 0]),
  };
  expect(matching(field, "c", false)).toEqual([0, 1, 3]);
  expect(matching(field, "c.t", false)).toEqual([0]);
  expect(matching(field, "^c.t$", true)).toEqual([0, 1, 3]);
  expect(matching(field, "(", true)).toBeNull();
});

test("the foremost point under the pointer is picked, if it is drawn", () => {
  const positions = new Float32Array([0, 0, -0.5, 0, 0, 0.5, 0.8, 0, 0, NaN, NaN, NaN]);
  const matrix = clipMatrix({ ...home, yaw: 0, pitch: 0 }, false, size);
  const reference = 3;
  expect(pick(positions, matrix, size, 200, 200, 6, reference, all)).toBe(1);
  expect(pick(positions, matrix, size, 200, 200, 6, reference, (index) => index !== 1)).toBe(0);
  expect(pick(positions, matrix, size, 20, 20, 6, reference, all)).toBe(-1);
  expect(within(positions, matrix, size, [150, 150, 250, 250], all)).toEqual([0, 1]);
  expect(within(positions, matrix, size, [0, 0, 400, 400], (index) => index > 1)).toEqual([2]);
});

test("chosen points stand out, the others fade, isolated ones are alone", () => {
  const palette = [[1, 2, 3], [4, 5, 6]] as const; // prettier-ignore
  const codes = new Uint32Array([0, 1, 0]);
  const emphasis = (colors: Uint8Array): number[] => [3, 7, 11].map((at) => colors[at]!);
  const plain = paintColors(3, palette, codes, [], null);
  expect([...plain.slice(4, 8)]).toEqual([4, 5, 6, normal]);
  expect(emphasis(paintColors(3, palette, codes, [1, 99], null))).toEqual([dimmed, strong, dimmed]);
  expect(emphasis(paintColors(3, palette, codes, [1, 2], [0, 1]))).toEqual([dimmed, strong, hidden]);
  expect(emphasis(paintColors(3, palette, null, [], [2]))).toEqual([hidden, hidden, normal]);
});

test("groups have their middle where most of their points are", () => {
  const positions = new Float32Array([0, 0, 0, 0, 1, 0, 9, 1, 0, 5, 5, 5, NaN, NaN, NaN]);
  expect(middles(positions, new Uint32Array([0, 0, 0, 1, 1]), 3, all)).toEqual([[0, 1, 0], [5, 5, 5], null]); // prettier-ignore
  const long = new Float32Array(3 * 5000).map((_, i) => Math.floor(i / 3));
  const [[x]] = middles(long, new Uint32Array(5000), 1, all) as [[number, number, number]];
  expect(Math.abs(x - 2500)).toBeLessThan(600);
});

test("labels do not cover each other and stay in the picture", () => {
  const anchors = [
    { x: 50, y: 50, radius: 4, text: "first" },
    { x: 52, y: 52, radius: 4, text: "second" },
    { x: 390, y: 90, radius: 4, text: "edge" },
    { x: 50, y: 399, radius: 4, text: "below" },
  ];
  const placed = placeLabels(anchors, (text) => 7 * text.length, 14, 400, 400);
  expect(placed.map((label) => label.text)).toEqual(["first", "edge"]);
  expect(placed[1]!.x).toBeLessThan(390);
  expect(shorten("x".repeat(40), 10)).toBe(`${"x".repeat(9)}…`);
  expect(shorten("日本", 2)).toBe("日本");
});

test("selections in the address", () => {
  expect(encodeIndices([3, 7, 8, 9, 12])).toBe("3,7-9,12");
  expect(decodeIndices("3,7-9,12")).toEqual([3, 7, 8, 9, 12]);
  expect(encodeIndices([])).toBeNull();
  expect(encodeIndices(Array.from({ length: 5000 }, (_, i) => 2 * i))).toBeNull();
  expect(decodeIndices("")).toEqual([]);
  expect(decodeIndices("-1,x,5,9-3,1e3")).toEqual([5]);
  expect(decodeIndices("0-99999999").length).toBeLessThan(1_100_000);
});

test("grey drawings on an even ground are told from photographs", () => {
  const tile = (paint: (x: number, y: number) => [number, number, number]): Uint8ClampedArray => {
    const data = new Uint8ClampedArray(16 * 16 * 4);
    for (let i = 0; i < 256; i++) data.set([...paint(i % 16, Math.floor(i / 16)), 255], 4 * i);
    return data;
  };
  const stroke = (x: number): boolean => x > 5 && x < 9;
  expect(groundOf(tile((x) => (stroke(x) ? [240, 240, 240] : [0, 0, 0])))).toBe("black");
  expect(groundOf(tile((x) => (stroke(x) ? [10, 10, 10] : [255, 255, 255])))).toBe("white");
  expect(groundOf(tile((x) => (stroke(x) ? [240, 20, 20] : [0, 0, 0])))).toBeNull();
  expect(groundOf(tile((x, y) => [x * 9 + y * 5, x * 9 + y * 5, x * 9 + y * 5]))).toBeNull();
  expect(groundOf(new Uint8ClampedArray())).toBeNull();
});
