/** golden/scalars: the server's bytes as the page reads them. Its other reader is tests/plugins/test_scalars_golden.py. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { decodeColumns } from "../../api/columns";
import { segmentStarts } from "../../charts/line/model";
import { toNumber, type JsonNumber, type ScalarAnswer } from "./data";

const golden = join(import.meta.dirname, "../../../../golden/scalars");
const bytes = readFileSync(join(golden, "data.columns"));
const answer = decodeColumns<ScalarAnswer>(
  bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
);
const decoded = JSON.parse(readFileSync(join(golden, "decoded.json"), "utf8")) as [
  number,
  number,
  JsonNumber,
][];

test("the answer is the contract's", () => {
  expect(answer).toMatchObject({ tag: "loss", x: "relative" });
  expect(answer.series).toHaveLength(1);
  const series = answer.series[0]!;
  expect(series).toMatchObject({ run: ".", count: 230, first_step: 0, last_step: 199, complete: false });
  const lengths = [series.x, series.step, series.wall_time, series.value, series.smoothed!].map(
    (column) => column.length,
  );
  expect(new Set(lengths).size).toBe(1);
});

test("every point of it is one that TensorBoard reads, at its true place", () => {
  const series = answer.series[0]!;
  const logged = new Map(decoded.map((row) => [row[0], row]));
  series.wall_time.forEach((wallTime, i) => {
    const [, step, value] = logged.get(wallTime)!;
    expect(series.step[i]).toBe(step);
    expect(series.x[i]).toBe(wallTime - 1.7e9);
    expect(series.value[i]).toBe(toNumber(value));
  });
});

test("what stands out is there: the spike, NaN and infinities, the place where it was resumed", () => {
  const { value, step } = answer.series[0]!;
  expect([...value]).toEqual(expect.arrayContaining([5, NaN, Infinity, -Infinity]));
  expect(segmentStarts(Float64Array.from(step))).toHaveLength(2);
});
