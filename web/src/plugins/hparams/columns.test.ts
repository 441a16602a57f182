import { expect, test } from "vitest";
import { cellsOf } from "./table.svelte";

test("every value keeps its kind", () => {
  const hparam = {
    name: "lr",
    display_name: "",
    description: "",
    kind: "number" as const,
    is: Uint8Array.of(1, 0, 3, 2, 2, 1, 3),
    number: Float64Array.of(0.1, NaN, NaN, 1, 0, NaN, NaN),
    text: ["none", "auto"],
    code: Uint32Array.of(0, 0, 0, 0, 0, 0, 1),
  };
  expect(cellsOf(hparam)).toEqual([0.1, null, "none", true, false, NaN, "auto"]);
});
