import { expect, test } from "vitest";
import type { Field } from "../data";
import { bookmark } from "./testBookmark";
import { checkBookmarks, cubeOf, parseBookmarks } from "./bookmarks";
import { edited } from "./edit";
import { bitsOf, csvOf, metadataTsv, npyOf } from "./export";
import { nearestOnPicture } from "./nearest";

const field = (name: string, cells: string[], numeric = false): Field => {
  const values = [...new Set(cells)];
  return { name, numeric, values, codes: new Uint32Array(cells.map((cell) => values.indexOf(cell))) };
};
const fields = [field("label", ['a "b", c', "x\ty", ""]), field("index", ["1", "2", "3"], true)];
const positions = new Float32Array([0, 0, 0, 1, 0.5, 0, -1, 0, 0]);

test("CSV quotes what needs it, and its own columns give way to those of the metadata", () => {
  expect(csvOf([0, 2], fields, positions, 2)).toBe(
    'index (point),x,y,label,index\r\n0,0,0,"a ""b"", c",1\r\n2,-1,0,,3\r\n',
  );
  expect(csvOf([], fields, positions, 3)).toBe("index (point),x,y,z,label,index\r\n");
});

test("metadata has a header for several columns, none for one, and no cell that would end a line", () => {
  expect(metadataTsv([1, 2], fields, 3)).toBe("label\tindex\nx y\t2\n\u200b\t3\n");
  expect(metadataTsv(null, fields.slice(1), 3)).toBe("1\n2\n3\n");
});

test("an .npy file has a padded header and little-endian int64", () => {
  const bytes = npyOf([0, 5, 2 ** 31]);
  expect(bytes.length).toBe(128 + 24);
  const header = new TextDecoder("latin1").decode(bytes.subarray(10, 128));
  expect(header.trimEnd()).toBe("{'descr': '<i8', 'fortran_order': False, 'shape': (3,), }");
  expect(header.endsWith(" \n")).toBe(true);
  expect([...new BigInt64Array(bytes.buffer, 128)]).toEqual([0n, 5n, 2147483648n]);
  expect(npyOf([]).length).toBe(128);
});

test("a bit for each point, the first in the lowest bit", () => {
  expect(atob(bitsOf([0, 9], 12))).toBe("\x01\x02");
  expect(bitsOf([], 8)).toBe("AA==");
});

test("an edited column has its new value, none that no point has, and is of numbers where all are", () => {
  const before = field("n", ["1", "2", "two"]);
  const after = edited(before, [2], "2");
  expect(after).toEqual({ name: "n", values: ["1", "2"], codes: new Uint32Array([0, 1, 1]), numeric: true });
  expect(edited(after, [0, 1], "\u202eא<b>").values).toEqual(["2", "\u202eא<b>"]);
  expect(before.values).toEqual(["1", "2", "two"]);
});

test("the nearest on the picture, equal ones by their number, NaN nowhere", () => {
  const places = new Float32Array([0, 0, 0, 1, 0, 0, 0, 1, 0, NaN, NaN, NaN, 3, 0, 0]);
  expect(nearestOnPicture(places, 0, 2)).toEqual({ indices: [1, 2], distances: [1, 1] });
  expect(nearestOnPicture(places, 0, 99).indices).toEqual([1, 2, 4]);
  expect(nearestOnPicture(places, 3, 5).indices).toEqual([]);
});

const say = {
  noJson: (why: string) => `no JSON ${why}`,
  noList: "no list",
  noState: (at: number) => `no state ${at}`,
  otherShape: (at: number, theirs: string, ours: string) => `${at}: ${theirs} instead of ${ours}`,
};

test("bookmarks as TensorBoard saves them are read, and completed where members are missing", () => {
  expect(parseBookmarks(JSON.stringify([bookmark]), [3, 2], say)).toEqual([bookmark]);
  const short = { dataSetDimensions: [3, 2], selectedPoints: [1, 7, "x"], label: 5 };
  const [read] = checkBookmarks([short], [3, 2], say);
  expect(read).toMatchObject({ selectedPoints: [1], label: "", filteredPoints: null, projections: [] });
});

test.each([
  ["{", /^no JSON/],
  ["{}", /no list/],
  ["[null]", /no state 1/],
  ["[[]]", /no state 1/],
  ['[{"dataSetDimensions": [4, 2]}]', /1: 4 × 2 instead of 3 × 2/],
])("%s is no file of bookmarks", (text, message) => {
  expect(() => parseBookmarks(text, [3, 2], say)).toThrow(message);
});

test("TensorBoard's cube and our ball", () => {
  const { to, from } = cubeOf(positions);
  expect(to([1, 0.5, 0])).toEqual([1, 1, 0]);
  expect(from(to([0.3, 0.2, 0]))).toEqual([expect.closeTo(0.3), expect.closeTo(0.2), expect.closeTo(0)]);
});
