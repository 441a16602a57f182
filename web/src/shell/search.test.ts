import { expect, test } from "vitest";
import { search } from "./search";

const command = (group: string, label: string) => ({ id: label, group, label, run: () => {} });
const all = [
  command("Tag", "train/loss"),
  command("Theme", "dark"),
  command("Tag", "loss"),
  command("Tag", "val/loss"),
];

test("every word must be there, in label or group", () => {
  expect(search(all, "tag val").map((found) => found.label)).toEqual(["val/loss"]);
  expect(search(all, "zzz")).toEqual([]);
  expect(search(all, "  ")).toHaveLength(4);
});

test("labels that begin with it come first", () => {
  expect(search(all, "LOSS").map((found) => found.label)).toEqual(["loss", "train/loss", "val/loss"]);
});
