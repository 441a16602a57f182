/**
 * Which runs are ticked and let through. In the address stand rules, which new runs follow by themselves: `filter`, and `without` for runs
 * that are hidden by one; and names that a person ticked by hand: `show` (only these), or `hide` and `also` (against a rule).
 */

import type { RunEntry } from "../api/types";
import { detached } from "../base/detached.svelte";
import { catalog } from "./catalog.svelte";
import { runColumns } from "./runColumns.svelte";
import { RunRule } from "./runFilter.svelte";
import { url } from "./url.svelte";

class RunSelection {
  readonly filter = new RunRule(() => url.get("filter") ?? "");
  /** Rules by their texts, kept: a rule remembers what could be used last. */
  #rules = new Map<string, RunRule>();
  #hiding = $derived(url.all("without").map((text) => ({ text, rule: this.#ruleOf(text) })));

  #ruleOf(text: string): RunRule {
    let rule = this.#rules.get(text);
    if (!rule) this.#rules.set(text, (rule = detached(() => new RunRule(() => text))));
    return rule;
  }

  /** What is typed into the filter. */
  get text(): string {
    return url.get("filter") ?? "";
  }

  set text(text: string) {
    url.set({ filter: text || null });
  }

  /** Rules by which runs are hidden, as they are written. Reactive. */
  get hiding(): readonly { text: string; rule: RunRule }[] {
    return this.#hiding;
  }

  /** Hides what a rule says, now and whenever such a run comes. */
  hideRule(text: string): void {
    url.set({ without: [...new Set([...url.all("without"), text])] });
  }

  showRule(text: string): void {
    url.set({ without: url.all("without").filter((other) => other !== text) });
  }

  #matching = $derived.by(() => {
    const rows = this.filter.rows;
    return rows ? catalog.runs.filter((_, row) => rows[row] === 1) : catalog.runs;
  });

  /** Runs that the filter lets through, in natural order. Reactive. */
  get matching(): readonly RunEntry[] {
    return this.#matching;
  }

  #shown = $derived(new Set(url.all("show")));
  #hidden = $derived(new Set(url.all("hide")));
  #also = $derived(new Set(url.all("also")));
  #ruledOut = $derived(this.#hiding.flatMap(({ rule }) => rule.rows ?? []));

  /** Whether a rule hides a run, whatever is ticked. */
  #isRuledOut(run: string): boolean {
    if (this.#ruledOut.length === 0) return false;
    const row = runColumns.row(run);
    return row !== undefined && this.#ruledOut.some((rows) => rows[row] === 1);
  }

  /** Whether a run is ticked. Reactive. */
  isSelected(run: string): boolean {
    if (this.#shown.size > 0) return this.#shown.has(run);
    return !this.#hidden.has(run) && (this.#also.has(run) || !this.#isRuledOut(run));
  }

  #visible = $derived(this.matching.filter((entry) => this.isSelected(entry.run)).map((entry) => entry.run));

  /** Names of the runs to draw: ticked, and let through by the filter. Natural order. Reactive. */
  get visible(): readonly string[] {
    return this.#visible;
  }

  select(run: string, selected: boolean): void {
    this.selectAll([run], selected);
  }

  /** Ticks or unticks some runs and leaves the others. */
  selectAll(runs: Iterable<string>, selected: boolean): void {
    const meant = new Set(runs);
    this.#choose((name) => (meant.has(name) ? selected : this.isSelected(name)));
  }

  /** Ticks these runs alone. */
  selectOnly(runs: Iterable<string>): void {
    const meant = new Set(runs);
    this.#choose((name) => meant.has(name));
  }

  /** Ticks, of the runs that the filter lets through, those that are not, and the other way round. */
  invert(): void {
    const matching = new Set(this.matching.map((entry) => entry.run));
    this.#choose((name) => this.isSelected(name) !== matching.has(name));
  }

  /** Writes the shortest lists into the address. `show` with an empty name means: none. */
  #choose(isChosen: (run: string) => boolean): void {
    const chosen: string[] = [];
    const hide: string[] = [];
    const also: string[] = [];
    for (const { run } of catalog.runs) {
      const ruledOut = this.#isRuledOut(run);
      if (isChosen(run)) {
        chosen.push(run);
        if (ruledOut) also.push(run);
      } else if (!ruledOut) hide.push(run);
    }
    const differing = hide.length + also.length;
    if (chosen.length === 0) url.set({ show: [""], hide: null, also: null });
    else if (chosen.length < differing) url.set({ show: chosen, hide: null, also: null });
    else url.set({ show: null, hide, also });
  }
}

export const runSelection = new RunSelection();
runColumns.demand(() =>
  [runSelection.filter, ...runSelection.hiding.map(({ rule }) => rule)].flatMap((rule) => rule.columns),
);
