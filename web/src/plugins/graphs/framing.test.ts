import { expect, test } from "vitest";
import { fitAll, isInView, isLost, opening, showBox } from "./framing";

const window = { width: 800, height: 600 };

test("a diagram opens whole if it can be read so, else at its top", () => {
  expect(fitAll({ width: 400, height: 300 }, window).scale).toBe(1.15);
  expect(opening({ width: 700, height: 700 }, window).scale).toBeCloseTo(544 / 700);
  expect(opening({ width: 300, height: 9000 }, window)).toMatchObject({ scale: 1, y: 28 });
});

test("a box that is shown lies whole in the middle, and is in view then", () => {
  const box = { x: 5000, y: 300, width: 120, height: 42 };
  const far = { x: 0, y: 0, scale: 0.1 };
  expect(isInView({ ...far, scale: 1 }, box, window)).toBe(false);
  const near = showBox(far, box, window);
  expect(near.x + (box.x + 60) * near.scale).toBeCloseTo(400);
  expect(near.y + (box.y + 21) * near.scale).toBeCloseTo(300);
  expect(isInView(near, box, window)).toBe(true);
});

test("a diagram is lost when hardly anything of it is in the window", () => {
  const diagram = { width: 200, height: 100 };
  expect(isLost({ x: 300, y: 200, scale: 1 }, diagram, window)).toBe(false);
  expect(isLost({ x: -180, y: 200, scale: 1 }, diagram, window)).toBe(true);
  expect(isLost({ x: 300, y: 590, scale: 1 }, diagram, window)).toBe(true);
});
