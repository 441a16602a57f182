import { expect, test } from "vitest";
import { toCsv } from "./csv";

function one(cell: string | number | boolean | null, kind: "text" | "time" | "number" = "text"): string {
  return toCsv([{ heading: "h", kind, cells: [cell] }], [0]).slice("h\r\n".length, -2);
}

test("rows stand in their order, under headings", () => {
  const columns = [
    { heading: "name", kind: "text" as const, cells: ["a", "b, c", 'say "d"', "e\nf"] },
    { heading: "min(val/loss)", kind: "number" as const, cells: [1, null, NaN, -Infinity] },
  ];
  expect(toCsv(columns, [3, 1, 0, 2])).toBe(
    'name,min(val/loss)\r\n"e\nf",-Infinity\r\n"b, c",\r\na,1\r\n"say ""d""",NaN\r\n',
  );
});

test.each([0.1 + 0.2, Math.fround(0.1), 1e-300, -1.7976931348623157e308, 123456789012345])(
  "%d comes back as it was",
  (value) => expect(Number(one(value, "number"))).toBe(value),
);

test.each([
  [0, "1970-01-01T00:00:00.000000Z"],
  [1.25, "1970-01-01T00:00:01.250000Z"],
  [1_700_000_000.123456, "2023-11-14T22:13:20.123456Z"],
  [1.9999999, "1970-01-01T00:00:02.000000Z"],
  [-0.5, "1969-12-31T23:59:59.500000Z"],
  [1e18, "1000000000000000000"],
])("the wall time %d is %s", (wallTime, wanted) => expect(one(wallTime, "time")).toBe(wanted));

test.each([
  ["=1+1", "'=1+1"],
  ['=HYPERLINK("x")', `"'=HYPERLINK(""x"")"`],
  ["+cmd", "'+cmd"],
  ["-x", "'-x"],
  ["@sum", "'@sum"],
  ["\tx", "'\tx"],
  ["\r=1", `"'\r=1"`],
  ["＝1", "'＝1"],
  ["-0.5", "-0.5"],
  ["+1e3", "+1e3"],
  ["lr=0.1", "lr=0.1"],
  ["", ""],
])("%j is written %j", (text, wanted) => expect(one(text)).toBe(wanted));
