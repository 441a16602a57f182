/**
 * Which points are meant: the one whose card is open, those searched for or selected, those drawn at all, the one pointed at. It knows no
 * camera, so several clouds can show one selection.
 */

import { flag, number, param, text, url } from "../../../state/url.svelte";
import type { Combine } from "../select/combine";
import { indicesOf, intersect, sizeOf, type Mask } from "../select/mask";
import { RuleEvaluator, type Points } from "../select/evaluate";
import {
  anyField,
  both,
  either,
  leaves,
  mapLeaves,
  negated,
  pointsRule,
  without,
  type Rule,
} from "../select/rule";
import type { Field } from "../data";
import { ColumnFilters } from "./columnFilters.svelte";
import type { EmbeddingData } from "./embeddingData.svelte";
import { matchingPoints, searchPattern } from "./metadataSearch";
import { optional } from "./params";
import { RuleParam } from "./ruleParam.svelte";

export class PointSelection {
  readonly #data: EmbeddingData;
  readonly #points: Points;
  readonly #fallback: () => Field | null;
  readonly #evaluator = new RuleEvaluator();
  readonly #rule = new RuleParam("selected");
  readonly #only = new RuleParam("only");
  readonly filters = new ColumnFilters();
  hovered = $state(-1);
  readonly #point = param("point", -1, number);
  readonly query = param("q", "", text);
  readonly queryField = param("q_field", null, optional(text));
  readonly regex = param("regex", false, flag);

  /** @param fallback the column that is searched where the address names none. */
  constructor(data: EmbeddingData, points: Points, fallback: () => Field | null) {
    this.#data = data;
    this.#points = points;
    this.#fallback = fallback;
  }

  /** The point whose card is open; -1 for none. */
  get focus(): number {
    const { value } = this.#point;
    return Number.isInteger(value) && value < this.#data.pointCount ? value : -1;
  }

  set focus(index: number) {
    this.#point.value = index;
  }

  // -- search ---------------------------------------------------------------------------------------------------

  /** The columns that are searched. */
  readonly searchFields = $derived.by((): readonly Field[] => {
    const { fields } = this.#data;
    if (this.queryField.value === anyField) return fields;
    const field = fields.find(({ name }) => name === this.queryField.value) ?? this.#fallback() ?? fields[0];
    return field ? [field] : [];
  });
  readonly #pattern = $derived(searchPattern(this.query.value, this.regex.value));
  /** What is wrong with the regular expression that is searched for; null if nothing is. */
  get problem(): string | null {
    return this.query.value ? this.#pattern.problem : null;
  }

  #lastSearch: { fields: readonly Field[]; mask: Mask; stopped: boolean } | null = null;
  /** Points that the search finds; null without a search. While the expression is none, what the last one found. */
  readonly #hits = $derived.by(() => {
    const fields = this.searchFields;
    if (!this.query.value || fields.length === 0) return null;
    if (this.problem === null)
      this.#lastSearch = { fields, ...matchingPoints(fields, this.#pattern, this.#data.pointCount) };
    const last = this.#lastSearch;
    return last?.fields.map(({ name }) => name).join() === fields.map(({ name }) => name).join()
      ? last
      : null;
  });
  readonly isSearching = $derived(this.#hits !== null);
  /** The search took so long that it was stopped: there may be more hits. */
  readonly searchStopped = $derived(this.#hits?.stopped ?? false);

  // -- what is drawn --------------------------------------------------------------------------------------------

  readonly #onlyMask = $derived.by(() => this.#evaluated(this.#only.value));
  readonly #shownMask = $derived.by(() => this.#meetsAll(this.filters.all, this.#onlyMask));
  /** The points that were isolated, or are left of those hidden; null: all. */
  readonly isolated = $derived(this.#onlyMask && indicesOf(this.#onlyMask));
  /** The points that are drawn, those that also meet the columns' filters; null: all are. */
  readonly shown = $derived(this.#shownMask && indicesOf(this.#shownMask));
  readonly shownCount = $derived.by(() => this.shown?.length ?? this.#data.pointCount);

  /** The points that would be drawn if one column had no filter; null: all. */
  shownWithout(field: string): Mask | null {
    return this.#meetsAll(this.filters.except(field), this.#onlyMask);
  }

  // -- what is selected -----------------------------------------------------------------------------------------

  /** What is searched for, else what was selected, as a rule. */
  get rule(): Rule | null {
    return this.#searchRule() ?? this.#rule.value;
  }
  readonly #selectedMask = $derived.by(() => {
    const mask = this.#hits?.mask ?? this.#evaluated(this.#rule.value);
    return mask && this.#shownMask ? intersect(mask, this.#shownMask) : mask;
  });
  readonly selected = $derived(this.#selectedMask ? indicesOf(this.#selectedMask) : []);
  /** The points that stand out: the selected ones, else the open one and its neighbours. */
  readonly highlighted = $derived.by((): readonly number[] => {
    if (this.selected.length > 0) return this.selected;
    const { neighbours } = this.#data;
    return this.focus >= 0 && neighbours ? [this.focus, ...neighbours.indices] : [];
  });
  /** Rules of the address that say nothing of these points: drawn on another layout, of a column that is not there. */
  readonly problems = $derived.by(() => {
    const problems: Rule[] = [];
    if (this.#data.loaded)
      for (const rule of [this.#rule.value, this.#only.value, ...this.filters.all])
        if (rule) this.#evaluator.evaluate(rule, this.#points, problems);
    return problems;
  });
  /** Whether a reload brings back what is selected and isolated. */
  readonly isInAddress = $derived(this.#rule.isInAddress && this.#only.isInAddress);

  /** Selects what a rule means, alone or with what is selected already. */
  choose(rule: Rule | null, combine: Combine = "replace"): void {
    const before = combine === "replace" ? null : this.rule;
    if (!rule) this.#rule.value = null;
    else if (combine === "subtract") this.#rule.value = before && without(before, rule);
    else this.#rule.value = either(before, rule);
    if (this.query.value) this.query.value = "";
  }

  select(indices: readonly number[]): void {
    this.choose(indices.length > 0 ? pointsRule(indices) : null);
  }

  invert(): void {
    if (this.rule) this.choose(negated(this.rule));
  }

  /** How many points a rule means. */
  sizeOf(rule: Rule): number {
    return sizeOf(this.#evaluator.evaluate(rule, this.#points));
  }

  /** The points that a rule means. */
  pointsOf(rule: Rule): number[] {
    return indicesOf(this.#evaluator.evaluate(rule, this.#points));
  }

  /** Whether exactly the points of this rule are selected. */
  isChosen(rule: Rule): boolean {
    return JSON.stringify(this.#rule.value) === JSON.stringify(rule);
  }

  /** Draws the selected points alone, or the open one with its neighbours. */
  isolate(): void {
    if (this.highlighted.length === 0) return;
    const rule =
      this.selected.length > 0 && this.rule
        ? this.rule
        : pointsRule([...this.highlighted].sort((a, b) => a - b));
    this.#only.value = both(this.#only.value, rule);
  }

  /** Draws the points of a rule alone; null: all. */
  set only(rule: Rule | null) {
    this.#only.value = rule;
  }

  /** Draws the selected points no more. */
  hide(): void {
    if (!this.rule) return;
    this.#only.value = without(this.#only.value, this.rule);
    this.choose(null);
  }

  /** Draws all. */
  showAll(): void {
    this.#only.value = null;
    this.filters.clear();
  }

  /** Means the same points where they are now. @param places for each point its index before, -1 where it is new. */
  moveTo(places: Int32Array): void {
    const now = new Map<number, number>();
    places.forEach((place, index) => {
      if (place >= 0) now.set(place, index);
    });
    const focus = now.get(this.focus) ?? -1;
    for (const param of [this.#rule, this.#only]) {
      const rule = param.value;
      if (!rule) continue;
      param.value = mapLeaves(rule, (leaf) => {
        if (leaf.kind !== "points" && leaf.kind !== "area") return leaf;
        const moved = this.pointsOf(leaf).flatMap((index) => now.get(index) ?? []);
        return pointsRule(moved.sort((a, b) => a - b));
      });
    }
    this.focus = focus;
  }

  /** Means none any more; a search stays. */
  forget(): void {
    this.#rule.value = this.#only.value = null;
    this.filters.clear();
    url.set({ point: null });
  }

  /** Gives up what was chosen last; false if nothing is. */
  stepBack(): boolean {
    if (this.focus >= 0) this.focus = -1;
    else if (this.selected.length > 0 || this.rule) this.choose(null);
    else if (this.shown) this.showAll();
    else return false;
    return true;
  }

  /** The rule with the points themselves in the place of areas, so that it means the same on every layout. */
  settled(rule: Rule): Rule {
    return mapLeaves(rule, (leaf) => (leaf.kind === "area" ? pointsRule(this.pointsOf(leaf)) : leaf));
  }

  /** Names the points themselves where an area was drawn on a layout that is shown no more, as far as they fit into the address. */
  anchor(layout: string): void {
    for (const param of [this.#rule, this.#only]) {
      const rule = param.value;
      const moved = (leaf: Rule): boolean =>
        leaf.kind === "area" && leaf.area.layout !== layout && this.#evaluator.knows(leaf);
      if (!rule || !leaves(rule).some(moved)) continue;
      const named = mapLeaves(rule, (leaf) => (moved(leaf) ? pointsRule(this.pointsOf(leaf)) : leaf));
      param.value = named;
    }
  }

  #searchRule(): Rule | null {
    if (!this.#hits || this.problem !== null) return null;
    const field = this.queryField.value === anyField ? anyField : this.searchFields[0]!.name;
    return { kind: this.regex.value ? "regex" : "text", field, query: this.query.value };
  }

  /** The points of a rule; null without one, or where it says nothing of these points. */
  #evaluated(rule: Rule | null): Mask | null {
    if (!rule || !this.#data.loaded) return null;
    const problems: Rule[] = [];
    const mask = this.#evaluator.evaluate(rule, this.#points, problems);
    return problems.length > 0 ? null : mask;
  }

  #meetsAll(rules: readonly Rule[], start: Mask | null): Mask | null {
    return rules.reduce((mask, rule) => {
      const met = this.#evaluated(rule);
      return mask && met ? intersect(mask, met) : (mask ?? met);
    }, start);
  }
}
