/** Custom axes: directions between points that a rule chooses, and how the server is asked for them. */

import { postColumns } from "../../api/client";
import type { Entry, Field } from "./data";
import { searchPattern } from "./state/metadataSearch";

/** Chooses points: those with a value in a field, those whose field matches, or one by its number. */
export type PointRule =
  | { kind: "value"; field: string; value: string }
  | { kind: "pattern"; field: string; pattern: string }
  | { kind: "point"; index: number };

export const axisKinds = ["component", "between", "analogy"] as const;
export type AxisKind = (typeof axisKinds)[number];

/** A principal component; from the centroid of some points to that of others; or "a is to b as c is to …". */
export type AxisRule =
  | { kind: "component"; component: number }
  | { kind: "between"; rules: [from: PointRule, to: PointRule] }
  | { kind: "analogy"; rules: [a: PointRule, b: PointRule, c: PointRule] };

interface Term {
  sign: 1 | -1;
  points?: number[];
  field?: string;
  values?: string[];
}
export type AskedAxis = { component: number } | { terms: Term[] };

export interface AxesLayout {
  coordinates: Float32Array[];
  /** Fraction of the variance along each. */
  variance: number[];
  /** For each axis that is an analogy, the points nearest to where it leads. */
  nearest: number[][];
}

const signs = { between: [-1, 1], analogy: [-1, 1, 1] } as const;

export function askedAxis(axis: AxisRule, fields: readonly Field[]): AskedAxis {
  if (axis.kind === "component") return { component: axis.component };
  return { terms: axis.rules.map((rule, at) => ({ sign: signs[axis.kind][at]!, ...chosen(rule, fields) })) };
}

function chosen(rule: PointRule, fields: readonly Field[]): Omit<Term, "sign"> {
  if (rule.kind === "point") return { points: [rule.index] };
  if (rule.kind === "value") return { field: rule.field, values: [rule.value] };
  const pattern = searchPattern(rule.pattern, true);
  const values = fields
    .find(({ name }) => name === rule.field)
    ?.values.filter((value) => pattern.test(value));
  return { field: rule.field, values: rule.pattern ? (values ?? []) : [] };
}

/** The points in short, as an axis' name. */
export function ruleName(rule: PointRule, nameOf: (index: number) => string): string {
  if (rule.kind === "point") return nameOf(rule.index);
  return rule.kind === "value" ? rule.value || "–" : `/${rule.pattern}/`;
}

export function axisName(axis: AxisRule, nameOf: (index: number) => string): string {
  if (axis.kind === "component") return `PC ${axis.component + 1}`;
  const names = axis.rules.map((rule) => ruleName(rule, nameOf));
  return axis.kind === "between" ? names.join(" → ") : `${names[1]} − ${names[0]} + ${names[2]}`;
}

/** An axis as it stands in the address; null for what is none. */
export const axisCodec = {
  encode: (axis: AxisRule | null): string => (axis ? JSON.stringify(axis) : ""),
  decode: (text: string): AxisRule | null => {
    try {
      const axis = JSON.parse(text) as AxisRule;
      if (axis.kind === "component") return Number.isInteger(axis.component) ? axis : null;
      return axis.rules.length === signs[axis.kind].length && axis.rules.every(isRule) ? axis : null;
    } catch {
      return null;
    }
  },
};

function isRule(rule: PointRule): boolean {
  if (rule.kind === "point") return Number.isInteger(rule.index) && rule.index >= 0;
  if (typeof rule.field !== "string") return false;
  return typeof (rule.kind === "value" ? rule.value : rule.kind === "pattern" && rule.pattern) === "string";
}

export const getAxes = (
  { run, name }: Entry,
  axes: readonly AskedAxis[],
  sphereize: boolean,
  signal?: AbortSignal,
): Promise<AxesLayout> =>
  postColumns<AxesLayout>("api/projector/axes", { run, name, axes, sphereize: sphereize ? 1 : 0 }, signal);
