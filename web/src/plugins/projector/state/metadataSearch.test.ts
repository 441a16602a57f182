import { expect, test } from "vitest";
import { indicesOf } from "../select/mask";
import { matchingPoints, searchPattern } from "./metadataSearch";

test("search in a field, as text and as a regular expression", () => {
  const field = {
    name: "f",
    numeric: false,
    values: ["Cat", "dog", "c.t"],
    codes: new Uint32Array([2, 0, 1, 0]),
  };
  const search = (query: string, isRegex: boolean): number[] =>
    indicesOf(matchingPoints([field], searchPattern(query, isRegex), 4).mask);
  expect(search("c", false)).toEqual([0, 1, 3]);
  expect(search("c.t", false)).toEqual([0]);
  expect(search("^c.t$", true)).toEqual([0, 1, 3]);
  expect(searchPattern("(", true).problem).not.toBeNull();
  expect(searchPattern("(", false).problem).toBeNull();
});
