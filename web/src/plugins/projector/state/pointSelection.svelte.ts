/** Which points are meant: the one whose card is open, those searched for or selected, those drawn alone, the one pointed at. */

import { flag, number, param, text, url } from "../../../state/url.svelte";
import type { Field } from "../data";
import { decodeIndices, encodeIndices } from "./indices";
import type { EmbeddingData } from "./embeddingData.svelte";
import { matchingPoints, searchPattern } from "./metadataSearch";

export class PointSelection {
  readonly #data: EmbeddingData;
  readonly #fallback: () => Field | null;
  #selected = $state.raw<readonly number[]>(decodeIndices(url.get("selected") ?? ""));
  #isolated = $state.raw<readonly number[]>(decodeIndices(url.get("only") ?? ""));
  hovered = $state(-1);

  readonly #point = param("point", -1, number);
  readonly query = param("q", "", text);
  readonly queryField = param("q_field", "", text);
  readonly regex = param("regex", false, flag);

  /** @param fallback the field that is searched where the address names none. */
  constructor(data: EmbeddingData, fallback: () => Field | null) {
    this.#data = data;
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

  readonly searchField = $derived.by(() => {
    const { fields } = this.#data;
    return (
      fields.find((field) => field.name === this.queryField.value) ?? this.#fallback() ?? fields[0] ?? null
    );
  });
  readonly #pattern = $derived(searchPattern(this.query.value, this.regex.value));
  /** What is wrong with the regular expression that is searched for; null if nothing is. */
  get problem(): string | null {
    return this.query.value ? this.#pattern.problem : null;
  }
  #lastSearch: { field: Field; found: number[] } | null = null;
  /** Points that the search finds; null without a search. While the expression is none, what the last one found. */
  readonly found = $derived.by(() => {
    const field = this.searchField;
    if (!this.query.value || !field) return null;
    if (this.problem === null) this.#lastSearch = { field, found: matchingPoints(field, this.#pattern) };
    return this.#lastSearch?.field === field ? this.#lastSearch.found : null;
  });
  /** What is searched for, else what was selected. */
  readonly selected = $derived.by(
    () => this.found ?? this.#selected.filter((index) => index < this.#data.pointCount),
  );
  /** The points that stand out: the selected ones, else the open one and its neighbours. */
  readonly highlighted = $derived.by((): readonly number[] => {
    if (this.selected.length > 0) return this.selected;
    const { neighbours } = this.#data;
    return this.focus >= 0 && neighbours ? [this.focus, ...neighbours.indices] : [];
  });
  /** The points that are drawn alone; null: all are. */
  readonly isolated = $derived.by(() => {
    const kept = this.#isolated.filter((index) => index < this.#data.pointCount);
    return kept.length > 0 ? kept : null;
  });

  select(indices: readonly number[]): void {
    this.#selected = indices;
    if (this.query.value) this.query.value = "";
    url.set({ selected: encodeIndices(indices) });
  }

  /** Draws these points alone; null draws all. */
  isolate(indices: readonly number[] | null): void {
    this.#isolated = indices ?? [];
    url.set({ only: encodeIndices(this.#isolated) });
  }

  /** Means none any more; a search stays. */
  forget(): void {
    this.#selected = [];
    this.isolate(null);
    url.set({ point: null, selected: null });
  }

  /** Gives up what was chosen last; false if nothing is. */
  stepBack(): boolean {
    if (this.focus >= 0) this.focus = -1;
    else if (this.selected.length > 0) this.select([]);
    else if (this.isolated) this.isolate(null);
    else return false;
    return true;
  }
}
