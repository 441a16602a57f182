import { expect, test } from "vitest";
import { cursorMove, movedWithin } from "./cursor";

test("each key of a slider moves the cursor, and no other key does", () => {
  const right = (key: string, places = 200) => cursorMove(key, places)?.right;
  expect(["ArrowLeft", "ArrowRight", "PageDown", "PageUp"].map((key) => right(key))).toEqual([
    -1, 1, -20, 20,
  ]);
  expect(right("PageUp", 3)).toBe(1);
  expect([right("Home"), right("End")]).toEqual([-Infinity, Infinity]);
  expect(cursorMove("ArrowUp", 9)).toEqual({ right: 0, up: 1 });
  expect(cursorMove("ArrowDown", 9)).toEqual({ right: 0, up: -1 });
  for (const key of ["Tab", "Enter", "j", "constructor"]) expect(cursorMove(key, 9)).toBeNull();
});

test("the cursor stays between both ends", () => {
  expect([movedWithin(3, 1, 0, 9), movedWithin(3, -Infinity, 0, 9), movedWithin(3, Infinity, 0, 9)]).toEqual([
    4, 0, 9,
  ]);
});
