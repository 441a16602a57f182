import { expect, test } from "vitest";
import { askedAxis, axisCodec, axisName, type AxisRule } from "./axes";
import type { Field } from "./data";

const field: Field = {
  name: "word",
  numeric: false,
  values: ["king", "man", "woman"],
  codes: Uint32Array.of(0, 1, 2),
};
const value = (text: string) => ({ kind: "value", field: "word", value: text }) as const;
const analogy: AxisRule = { kind: "analogy", rules: [value("man"), value("king"), value("woman")] };

test("a to b is b − a, and an analogy is b − a + c", () => {
  const pattern = { kind: "pattern", field: "word", pattern: "man$" } as const;
  const between: AxisRule = { kind: "between", rules: [{ kind: "point", index: 2 }, pattern] };
  expect(askedAxis(between, [field])).toEqual({
    terms: [
      { sign: -1, points: [2] },
      { sign: 1, field: "word", values: ["man", "woman"] },
    ],
  });
  expect(askedAxis(analogy, [field])).toMatchObject({ terms: [{ sign: -1 }, { sign: 1 }, { sign: 1 }] });
  expect(axisName(analogy, String)).toBe("king − man + woman");
});

test("an axis in the address is read back, and what is none is left", () => {
  expect(axisCodec.decode(axisCodec.encode(analogy))).toEqual(analogy);
  for (const text of ["", "null", "{", "3", '{"kind":"between","rules":[1,2]}', '{"kind":"x","rules":[]}'])
    expect(axisCodec.decode(text)).toBeNull();
});
