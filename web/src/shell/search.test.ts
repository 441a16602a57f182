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

test("what is done to each card is found by what it does, behind all else", () => {
  const command = (id: string, group: string, label: string, each = false) => ({
    id,
    group,
    label,
    each,
    run() {},
  });
  const all = [command("p", "Pin to the top", "val/loss", true), command("t", "Tag", "val/loss")];
  const ids = (query: string) => search(all, query).map(({ id }) => id);
  expect(ids("")).toEqual(["t"]);
  expect(ids("val loss")).toEqual(["t"]);
  expect(ids("pin loss")).toEqual(["p"]);
  expect(ids("t")).toEqual(["t", "p"]);
});
