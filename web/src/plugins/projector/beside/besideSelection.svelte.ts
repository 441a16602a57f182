/** The room's selection in a second cloud: the same points where they are known, else what their labels say. */

import type { CloudSelection } from "../cloud/model";
import { RuleEvaluator, type Points } from "../select/evaluate";
import { indicesOf } from "../select/mask";
import { leaves, type Rule } from "../select/rule";
import type { PointSelection } from "../state/pointSelection.svelte";

export class BesideSelection implements CloudSelection {
  readonly #first: PointSelection;
  readonly #points: Points;
  readonly #places: () => Int32Array | null;
  readonly #evaluator = new RuleEvaluator();
  #own = $state(-1);

  /**
   * @param first the room's.
   * @param points of the second cloud.
   * @param places of each of them its index in the first cloud, -1 where it is not there; null: nothing is known.
   */
  constructor(first: PointSelection, points: Points, places: () => Int32Array | null) {
    this.#first = first;
    this.#points = points;
    this.#places = places;
  }

  /** For each point of the first cloud its index here. */
  readonly #here = $derived.by(() => {
    const here = new Map<number, number>();
    this.#places()?.forEach((place, index) => {
      if (place >= 0) here.set(place, index);
    });
    return here;
  });

  /** Indices of the first cloud as they are here. */
  #mapped(indices: readonly number[]): number[] {
    return indices.flatMap((index) => this.#here.get(index) ?? []).sort((a, b) => a - b);
  }

  /** What a rule on labels means here; null for one that names points themselves. */
  #byLabel(rule: Rule | null): number[] | null {
    if (!rule || leaves(rule).some(({ kind }) => kind === "points" || kind === "area")) return null;
    const problems: Rule[] = [];
    const mask = this.#evaluator.evaluate(rule, this.#points, problems);
    return problems.length > 0 ? null : indicesOf(mask);
  }

  get hovered(): number {
    return this.#here.get(this.#first.hovered) ?? this.#own;
  }
  set hovered(index: number) {
    const place = this.#places()?.[index] ?? -1;
    this.#own = place < 0 ? index : -1;
    this.#first.hovered = place;
  }

  get focus(): number {
    return this.#here.get(this.#first.focus) ?? -1;
  }
  set focus(index: number) {
    const place = this.#places()?.[index] ?? -1;
    if (place >= 0 || index < 0) this.#first.focus = place;
  }

  readonly selected = $derived.by(
    () => this.#byLabel(this.#first.rule) ?? this.#mapped(this.#first.selected),
  );
  readonly highlighted = $derived.by((): readonly number[] => {
    if (this.#first.selected.length > 0) return this.selected;
    return this.#mapped(this.#first.highlighted);
  });
  readonly shown = $derived.by(() => this.#first.shown && this.#mapped(this.#first.shown));
  readonly isolated = $derived.by(() => this.#first.isolated && this.#mapped(this.#first.isolated));
  get shownCount(): number {
    return this.shown?.length ?? this.#points.count;
  }

  /** Indices here as they are in the first cloud. */
  inFirst(indices: readonly number[]): number[] {
    const places = this.#places();
    return indices
      .flatMap((index) => ((places?.[index] ?? -1) >= 0 ? [places![index]!] : []))
      .sort((a, b) => a - b);
  }

  stepBack(): boolean {
    return this.#first.stepBack();
  }
}
