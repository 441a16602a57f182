import { expect, test } from "vitest";
import { RoomKeys, roomLetters } from "./roomKeys";

const rooms = ["scalars", "images", "histograms", "text", "graphs", "projector", "hparams", "sss"].map(
  (name) => ({
    name,
  }),
);

test("each room has a letter of its own", () => {
  const letters = roomLetters(rooms);
  expect([...letters].map(([letter, room]) => `${letter} ${room.name}`)).toEqual([
    "s scalars",
    "i images",
    "h histograms",
    "t text",
    "g graphs",
    "p projector",
    "a hparams",
  ]);
});

test("g and a letter, or a tab's number", () => {
  const keys = new RoomKeys(rooms);
  const tabs = [rooms[0]!, rooms[3]!];
  expect(keys.press("t", tabs, 0)).toBeNull();
  expect(keys.press("g", tabs, 0)).toBe("prefix");
  expect(keys.press("g", tabs, 100)).toBe(rooms[4]);
  expect(keys.press("g", tabs, 200)).toBe("prefix");
  expect(keys.press("t", tabs, 5000)).toBeNull();
  expect(keys.press("2", tabs, 5000)).toBe(rooms[3]);
  expect(keys.press("3", tabs, 5000)).toBeNull();
});
