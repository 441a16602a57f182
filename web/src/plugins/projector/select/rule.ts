/**
 * A set of points as a rule: what the address holds of selections, so that a reload, or another person, gets the same points from a line
 * of text however many they are.
 */

import { decodeIndices, encodeIndices } from "../state/indices";
import type { Area } from "./area";

/** In a rule that searches: every column. */
export const anyField = "";

export type Rule =
  | { kind: "points"; indices: readonly number[] }
  /** One of these values in a column. */
  | { kind: "is"; field: string; values: readonly string[] }
  /** A number within both ends. */
  | { kind: "range"; field: string; low: number; high: number }
  | { kind: "text" | "regex"; field: string; query: string }
  | { kind: "area"; area: Area }
  | { kind: "and" | "or"; rules: readonly Rule[] }
  | { kind: "not"; rule: Rule };

/** Longer rules stay out of the address: not every program passes on longer ones. */
const mostLength = 8000;
const mostDepth = 24;

export const pointsRule = (indices: readonly number[]): Rule => ({ kind: "points", indices });

export function both(a: Rule | null, b: Rule): Rule {
  return a ? joined("and", a, b) : b;
}

export function either(a: Rule | null, b: Rule): Rule {
  return a ? joined("or", a, b) : b;
}

export function negated(rule: Rule): Rule {
  return rule.kind === "not" ? rule.rule : { kind: "not", rule };
}

/** What is left of the first without the second. */
export function without(a: Rule | null, b: Rule): Rule {
  return both(a, negated(b));
}

function joined(kind: "and" | "or", a: Rule, b: Rule): Rule {
  const parts = (rule: Rule): readonly Rule[] => (rule.kind === kind ? rule.rules : [rule]);
  return { kind, rules: [...parts(a), ...parts(b)] };
}

/** All leaves of a rule. */
export function leaves(rule: Rule): Rule[] {
  if (rule.kind === "not") return leaves(rule.rule);
  return rule.kind === "and" || rule.kind === "or" ? rule.rules.flatMap(leaves) : [rule];
}

/** The rule with its leaves replaced. */
export function mapLeaves(rule: Rule, replace: (leaf: Rule) => Rule): Rule {
  if (rule.kind === "not") return { kind: "not", rule: mapLeaves(rule.rule, replace) };
  if (rule.kind === "and" || rule.kind === "or")
    return { kind: rule.kind, rules: rule.rules.map((part) => mapLeaves(part, replace)) };
  return replace(rule);
}

/** `or(is(label,g11),regex(label,^a))`; null if that is more than an address should carry. */
export function encodeRule(rule: Rule, most = mostLength): string | null {
  const text = written(rule, most);
  return text !== null && text.length <= most ? text : null;
}

function written(rule: Rule, most: number): string | null {
  switch (rule.kind) {
    case "points": {
      const text = encodeIndices(rule.indices, most);
      return text === null && rule.indices.length > 0 ? null : `points(${text ?? ""})`;
    }
    case "is":
      return call("is", [rule.field, ...rule.values]);
    case "range":
      return call("range", [rule.field, String(rule.low), String(rule.high)]);
    case "text":
    case "regex":
      return call(rule.kind, [rule.field, rule.query]);
    case "area": {
      const { layout, signs, eye, target, polygon } = rule.area;
      return call("area", [layout, signs, eye?.join(" ") ?? "", target.join(" "), polygon.join(" ")]);
    }
    case "not": {
      const inner = written(rule.rule, most);
      return inner && `not(${inner})`;
    }
    default: {
      const parts = rule.rules.map((part) => written(part, most));
      return parts.includes(null) ? null : `${rule.kind}(${parts.join(",")})`;
    }
  }
}

const call = (name: string, parts: readonly string[]): string =>
  `${name}(${parts.map((part) => part.replace(/[%(),]/g, encodeURIComponentStrictly)).join(",")})`;

const encodeURIComponentStrictly = (sign: string): string =>
  `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;

/** The rule of such a text, also of bare indices (`3,7-9`); null for any other. */
export function decodeRule(text: string): Rule | null {
  if (/^[\d,-]+$/.test(text)) {
    const indices = decodeIndices(text);
    return indices.length > 0 ? pointsRule(indices) : null;
  }
  const parts = text.match(/[(),]|[^(),]+/g) ?? [];
  let at = 0;
  /** One call, from its name to its closing bracket. */
  function read(depth: number): Rule | null {
    const name = parts[at++];
    if (name === undefined || parts[at++] !== "(" || depth > mostDepth) return null;
    if (name === "and" || name === "or" || name === "not") {
      const rules: Rule[] = [];
      do {
        const rule = read(depth + 1);
        if (!rule) return null;
        rules.push(rule);
      } while (parts[at++] === ",");
      if (parts[at - 1] !== ")") return null;
      if (name === "not") return rules.length === 1 ? { kind: "not", rule: rules[0]! } : null;
      return { kind: name, rules };
    }
    const values = [""];
    for (; at < parts.length && parts[at] !== ")"; at++) {
      if (parts[at] === "(") return null;
      if (parts[at] === ",") values.push("");
      else values[values.length - 1] = unescaped(parts[at]!);
    }
    return parts[at++] === ")" ? leafOf(name, values) : null;
  }
  const rule = read(0);
  return at === parts.length ? rule : null;
}

function unescaped(text: string): string {
  return text.replace(/%(25|28|29|2C)/g, (found) => decodeURIComponent(found));
}

function leafOf(name: string, [field = "", ...rest]: string[]): Rule | null {
  switch (name) {
    case "points":
      return pointsRule(decodeIndices([field, ...rest].join(",")));
    case "is":
      return { kind: "is", field, values: rest };
    case "range": {
      const [low, high] = rest.map(Number);
      return low! <= high! ? { kind: "range", field, low: low!, high: high! } : null;
    }
    case "text":
    case "regex":
      return rest.length === 1 ? { kind: name, field, query: rest[0]! } : null;
    case "area":
      return rest.length === 4 ? areaOf(field, rest as [string, string, string, string]) : null;
    default:
      return null;
  }
}

function areaOf(
  layout: string,
  [signs, eye, target, polygon]: [string, string, string, string],
): Rule | null {
  const numbers = [eye, target, polygon].map((text) => (text ? text.split(" ").map(Number) : []));
  const [from, to, corners] = numbers as [number[], number[], number[]];
  if (!numbers.flat().every(Number.isFinite)) return null;
  if (![0, 3].includes(from.length) || to.length !== 3 || corners.length < 6 || corners.length % 2)
    return null;
  const place = to as [number, number, number];
  const eyePlace = from.length ? (from as [number, number, number]) : null;
  return { kind: "area", area: { layout, signs, eye: eyePlace, target: place, polygon: corners } };
}
