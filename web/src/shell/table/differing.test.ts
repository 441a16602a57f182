import { expect, test } from "vitest";
import { differs } from "./differing";

test.each([
  [[1, 1, 2], [0, 1], false],
  [[1, 1, 2], [0, 2], true],
  [[NaN, NaN], [0, 1], false],
  [[NaN, null], [0, 1], true],
  [[1, "1"], [0, 1], true],
  [[1, true], [0, 1], true],
  [[0, -0], [0, 1], false],
  [["a"], [0], false],
  [["a", "b"], [], false],
  [[], [0, 1], false],
])("%j in rows %j: %s", (cells, rows, wanted) => expect(differs(cells, rows)).toBe(wanted));
