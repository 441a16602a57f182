/** Which points a rule means. */

import { parse } from "../colors";
import type { Field } from "../data";
import { searchPattern, valuesMatching } from "../state/metadataSearch";
import { pointsIn } from "./area";
import { complement, intersect, maskOf, unite, type Mask } from "./mask";
import { anyField, type Rule } from "./rule";

/** What rules speak of. */
export interface Points {
  count: number;
  fields: readonly Field[];
  positions: Float32Array;
  /** Names the layout that the positions are. */
  layout: string;
}

type AreaRule = Extract<Rule, { kind: "area" }>;

/**
 * Areas are looked up once: who drew a lasso means the points that were in it, also when they have moved since. Every other rule says what it
 * says of the columns as they are now.
 */
export class RuleEvaluator {
  readonly #areas = new WeakMap<AreaRule, Mask>();

  /** Whether the points of an area have been looked up. */
  knows(rule: Rule): boolean {
    return rule.kind === "area" && this.#areas.has(rule);
  }

  /** @param problems takes the parts that cannot be told of these points: a column that is not there, an area drawn on another layout. */
  evaluate(rule: Rule, points: Points, problems: Rule[] = []): Mask {
    switch (rule.kind) {
      case "points":
        return maskOf(rule.indices, points.count);
      case "and":
      case "or":
        return rule.rules
          .map((part) => this.evaluate(part, points, problems))
          .reduce(rule.kind === "and" ? intersect : unite);
      case "not":
        return complement(this.evaluate(rule.rule, points, problems));
      case "area": {
        const known = this.#areas.get(rule);
        if (known?.length === points.count) return known;
        if (rule.area.layout !== points.layout || points.positions.length !== 3 * points.count) {
          problems.push(rule);
          return new Uint8Array(points.count);
        }
        const mask = pointsIn(rule.area, points.positions);
        this.#areas.set(rule, mask);
        return mask;
      }
      default: {
        const every = (rule.kind === "text" || rule.kind === "regex") && rule.field === anyField;
        const fields = points.fields.filter((field) => every || field.name === rule.field);
        if (fields.length === 0) problems.push(rule);
        const mask = new Uint8Array(points.count);
        for (const field of fields) mark(mask, field, valuesOf(rule, field));
        return mask;
      }
    }
  }
}

/** Of a column's distinct values the ones that a rule means. */
function valuesOf(
  rule: Extract<Rule, { kind: "is" | "range" | "text" | "regex" }>,
  { values }: Field,
): ArrayLike<unknown> {
  if (rule.kind === "is") {
    const wanted = new Set(rule.values);
    return values.map((value) => wanted.has(value));
  }
  if (rule.kind === "range")
    return values.map((value) => parse(value) >= rule.low && parse(value) <= rule.high);
  return valuesMatching(values, searchPattern(rule.query, rule.kind === "regex")).hits;
}

function mark(mask: Mask, { codes }: Field, hits: ArrayLike<unknown>): void {
  for (let i = 0; i < codes.length; i++) if (hits[codes[i]!]) mask[i] = 1;
}
