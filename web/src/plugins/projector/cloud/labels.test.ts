import { expect, test } from "vitest";
import { placeLabels, shorten } from "./labels";

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
