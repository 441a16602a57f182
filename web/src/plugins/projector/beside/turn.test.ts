import { Euler, Matrix3, Matrix4, Vector3 } from "three";
import { expect, test } from "vitest";
import { turned, turnOnto } from "./turn";

const points = Float32Array.from({ length: 60 }, (_, i) => Math.sin(i * i) * (1 + (i % 3)));
const rows = Int32Array.from({ length: 20 }, (_, i) => i);

function columnsOf(flat: Float32Array): Float32Array[] {
  return [0, 1, 2].map((axis) => flat.filter((_, i) => i % 3 === axis));
}
function moved(flat: Float32Array, matrix: Matrix3): Float32Array {
  const out = new Float32Array(flat.length);
  for (let i = 0; i < flat.length; i += 3)
    new Vector3().fromArray(flat, i).applyMatrix3(matrix).toArray(out, i);
  return out;
}
const rotation = new Matrix3().setFromMatrix4(new Matrix4().makeRotationFromEuler(new Euler(0.7, -1.2, 2.5)));
const mirror = new Matrix3().set(1, 0, 0, 0, -1, 0, 0, 0, 1);

test.each([
  ["a turn", rotation],
  ["a turn with a reflection", rotation.clone().multiply(mirror)],
  ["nothing", new Matrix3()],
])("%s is undone", (_, matrix) => {
  const other = moved(points, matrix);
  const found = turned(columnsOf(points), turnOnto(points, other, rows));
  columnsOf(other).forEach((column, axis) =>
    column.forEach((value, i) => expect(found[axis]![i]).toBeCloseTo(value, 4)),
  );
});

test("points that are not there, or have no place, do not count", () => {
  const other = moved(points, rotation);
  const own = points.slice();
  own[0] = NaN;
  const turn = turnOnto(
    own,
    other,
    rows.map((row) => (row === 5 ? -1 : row)),
  );
  rotation.elements.forEach((value, i) => expect(turn.elements[i]).toBeCloseTo(value, 4));
});

test("a plane stays a plane", () => {
  const flat = points.map((value, i) => (i % 3 === 2 ? 0 : value));
  const quarter = new Matrix3().set(0, -1, 0, 1, 0, 0, 0, 0, 1);
  const [xs, ys] = turned(columnsOf(flat).slice(0, 2), turnOnto(flat, moved(flat, quarter), rows));
  expect(xs![4]).toBeCloseTo(-flat[13]!, 4);
  expect(ys![4]).toBeCloseTo(flat[12]!, 4);
});

test("nothing to go by turns nothing", () => {
  expect(
    turnOnto(
      points,
      points,
      rows.map(() => -1),
    ).elements,
  ).toEqual(new Matrix3().elements);
});
