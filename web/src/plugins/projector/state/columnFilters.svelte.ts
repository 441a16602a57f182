/** Cross-filter: for each column a rule of its own; only points that meet all of them are drawn. They stand in the address. */

import { url } from "../../../state/url.svelte";
import { decodeRule, encodeRule, negated, type Rule } from "../select/rule";

type ColumnRule = Extract<Rule, { kind: "is" | "range" }>;

const key = "where";

export class ColumnFilters {
  readonly #rules = $derived.by(() => {
    const rules = new Map<string, Rule>();
    for (const text of url.all(key)) {
      const rule = decodeRule(text);
      const leaf = rule && columnRule(rule);
      if (rule && leaf) rules.set(leaf.field, rule);
    }
    return rules;
  });

  /** Of all columns that have one. */
  readonly all = $derived([...this.#rules.values()]);

  /** The rule of one column; null if it has none. */
  of(field: string): Rule | null {
    return this.#rules.get(field) ?? null;
  }

  /** Those of all other columns. */
  except(field: string): Rule[] {
    return [...this.#rules].flatMap(([name, rule]) => (name === field ? [] : [rule]));
  }

  set(field: string, rule: Rule | null): void {
    const rules = new Map(this.#rules);
    if (rule) rules.set(field, rule);
    else rules.delete(field);
    url.set({ [key]: [...rules.values()].flatMap((each) => encodeRule(each) ?? []) });
  }

  clear(): void {
    url.set({ [key]: null });
  }

  /** Whether points with this value are drawn, as far as its column's rule says. */
  shows(field: string, value: string): boolean {
    const rule = this.of(field);
    if (!rule) return true;
    const leaf = columnRule(rule)!;
    if (leaf.kind === "range") return Number(value) >= leaf.low && Number(value) <= leaf.high;
    return leaf.values.includes(value) === (rule.kind === "is");
  }

  /** Draws the points with this value alone; where some values are picked already, with or without it. */
  pick(field: string, value: string): void {
    const rule = this.of(field);
    if (rule) this.toggle(field, value);
    else this.set(field, { kind: "is", field, values: [value] });
  }

  /** Lets the points with one value in a column through, or not. */
  toggle(field: string, value: string): void {
    const rule = this.of(field);
    const leaf = rule && columnRule(rule);
    const values = leaf?.kind === "is" ? leaf.values : [];
    const next = values.includes(value) ? values.filter((other) => other !== value) : [...values, value];
    const changed: Rule = { kind: "is", field, values: next };
    // A rule without values would hide all, or nothing: neither is worth keeping.
    if (next.length === 0) this.set(field, null);
    else this.set(field, rule?.kind === "is" ? changed : negated(changed));
  }
}

/** What a column's filter says: one of some values, none of them, or a range. */
export function columnRule(rule: Rule): ColumnRule | null {
  const inner = rule.kind === "not" ? rule.rule : rule;
  return inner.kind === "is" || (inner.kind === "range" && rule.kind === "range") ? inner : null;
}
