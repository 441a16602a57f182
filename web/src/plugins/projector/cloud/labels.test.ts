import { expect, test } from "vitest";
import { Room, shorten } from "./labels";

const word = { radius: 4, wide: 40, line: 14 };

test("a name stands right of its point, else left, above or below, and never over another", () => {
  const room = new Room(400, 400);
  const placed = Array.from({ length: 5 }, () => room.place({ x: 200, y: 200, ...word }));
  expect(placed.map((at) => at && [Math.sign(at.x - 200), Math.sign(at.y - 200)])).toEqual([
    [1, 0],
    [-1, 0],
    [-1, -1],
    [-1, 1],
    null,
  ]);
});

test("no name leaves the picture", () => {
  const room = new Room(400, 400);
  expect(room.place({ x: 390, y: 90, ...word })!.x).toBeLessThan(390 - 40);
  expect(room.place({ x: 200, y: 399, ...word })!.y).toBeLessThan(395);
  expect(room.place({ x: 2, y: 2, radius: null, wide: 40, line: 14 })).toBeNull();
});

test("a thousand names fill the whole window, and none covers another", () => {
  const room = new Room(1000, 800);
  const boxes: number[][] = [];
  for (let i = 0; i < 1000; i++) {
    const [x, y] = [(i * 617) % 1000, (i * 383) % 800];
    const at = room.place({ x, y, ...word });
    if (at) boxes.push([at.x, at.y - 7, at.x + 40, at.y + 7]);
  }
  expect(boxes.length).toBeGreaterThan(250);
  for (const [quarterX, quarterY] of [[0, 0], [500, 0], [0, 400], [500, 400]] as const) // prettier-ignore
    expect(boxes.filter(([x, y]) => x! >= quarterX && x! < quarterX + 500 && y! >= quarterY && y! < quarterY + 400).length).toBeGreaterThan(50); // prettier-ignore
  const overlaps = boxes.some((a, at) =>
    boxes.slice(at + 1).some((b) => a[0]! < b[2]! && a[2]! > b[0]! && a[1]! < b[3]! && a[3]! > b[1]!),
  );
  expect(overlaps).toBe(false);
});

test("long names are cut between characters", () => {
  expect(shorten("x".repeat(40), 10)).toBe(`${"x".repeat(9)}…`);
  expect(shorten("日本", 2)).toBe("日本");
});
