import { expect, test } from "vitest";
import { distinctFormat } from "./distinctFormat";

function texts(values: readonly number[]): string[] {
  return values.map(distinctFormat(values));
}

test.each([
  [
    [0.5, 0.8745, 0.91],
    ["0.5000", "0.8745", "0.9100"],
  ],
  [[3], ["3"]],
  [[124439808], ["124,439,808"]],
  [
    [20240001, 20240002],
    ["20,240,001", "20,240,002"],
  ],
  [
    [0.001, 0.01, 0.1],
    ["0.001", "0.010", "0.100"],
  ],
  [
    [NaN, Infinity, -Infinity, 1.5],
    ["NaN", "∞", "−∞", "1.5"],
  ],
  [
    [0, -0.25],
    ["0.00", "-0.25"],
  ],
])("%j reads %j", (values, wanted) => expect(texts(values)).toEqual(wanted));

test("twins among others have the digits that they need", () => {
  const values = [0.1, 0.987654, 0.9876541, ...Array.from({ length: 50 }, (_, i) => i / 97)].map(Math.fround);
  const found = texts(values);
  expect(new Set(found).size).toBe(values.length);
  expect(found.slice(0, 3)).toEqual(["0.1000", "0.987654", "0.9876541"]);
});

test("a float64's last digit is told where another value differs in it only", () => {
  expect(new Set(texts([0.1 + 0.2, 0.3, 5])).size).toBe(3);
});

/** Numbers as logs hold them, from a generator of our own so that each run of the test sees the same. */
function* logged(): Generator<[string, number[]]> {
  let seed = 1;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const make = (n: number, value: () => number) => Array.from({ length: n }, value);
  yield ["accuracies", make(3000, () => Math.fround(random()))];
  yield ["losses over decades", make(3000, () => Math.fround(10 ** (12 * random() - 6)))];
  yield ["of both signs", make(500, () => Math.fround((random() - 0.5) * 1e3))];
  yield ["float64 near each other", make(500, () => 1 + 1e-12 * Math.floor(1e6 * random()))];
  yield ["large", make(300, () => Math.fround(1e20 * random()))];
  yield ["tiny", make(300, () => Math.fround(1e-30 * random()))];
  yield ["small and whole", make(300, () => (random() < 0.5 ? Math.floor(10 * random()) : random()))];
}

test.each([...logged()])("%s: numbers that differ look different", (_, values) => {
  const distinct = [...new Set(values)];
  expect(new Set(texts(distinct)).size).toBe(distinct.length);
});
