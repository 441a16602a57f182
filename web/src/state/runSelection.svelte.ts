/**
 * Which runs are ticked and let through. In the address stand rules, which new runs follow by themselves: `filter`, and `without` for runs
 * that are hidden by one; and names that a person ticked by hand: `show` (only these), or `hide` and `also` (against a rule).
 */

import type { RunEntry } from "../api/types";
import { detached } from "../base/detached.svelte";
import { asExpression, inFolder, negated } from "../base/expression/combine";
import { everyRun, inverted, noRun, tickWhere, type RunChoice, type RunSet } from "../base/runChoice";
import { catalog } from "./catalog.svelte";
import { runColumns } from "./runColumns.svelte";
import { RunRule } from "./runFilter.svelte";
import { url } from "./url.svelte";

/** So many names the address takes for the sake of what they mean. */
const mostNamed = 200;

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

  /** Names that were ticked one by one: `only` these, or all but the `hidden`. Reactive. */
  get byHand(): { only: readonly string[] | null; hidden: readonly string[] } {
    const { show, hide } = this.#choice;
    return { only: show, hidden: hide };
  }

  /** Shows again what was unticked by hand. */
  showHidden(): void {
    url.set({ hide: null });
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

  /** Ticks or unticks a run and leaves the others. */
  select(run: string, selected: boolean): void {
    this.selectEach(new Set([run]), selected);
  }

  /** Ticks or unticks some runs by their names and leaves the others. */
  selectEach(runs: ReadonlySet<string>, selected: boolean): void {
    this.#chooseNames((name) => (runs.has(name) ? selected : this.isSelected(name)));
  }

  /** Ticks these runs alone. */
  selectOnly(runs: Iterable<string>): void {
    const meant = new Set(runs);
    this.#chooseNames((name) => meant.has(name), true);
  }

  /** Ticks every run, and those to come. */
  selectAll(): void {
    this.#choose(everyRun);
  }

  /** Ticks or unticks the runs that the filter lets through: by the filter itself where it can be used, so new runs follow. */
  selectMatching(selected: boolean): void {
    if (this.text === "") this.#choose(selected ? everyRun : noRun);
    else this.#selectWhere(this.#filtered, new Set(this.matching.map((entry) => entry.run)), selected);
  }

  /**
   * Ticks or unticks the runs of a folder, new ones too.
   *
   * @param path with its `/`.
   * @param runs those of today, with the run that is called as the folder is if there is one.
   */
  selectFolder(path: string, runs: ReadonlySet<string>, selected: boolean): void {
    this.#selectWhere(this.#folder(path, runs), runs, selected);
  }

  /** Ticks the runs of a folder alone. */
  selectOnlyFolder(path: string, runs: ReadonlySet<string>): void {
    const folder = this.#folder(path, runs);
    if (folder) this.#choose({ ...everyRun, without: [negated(folder.rule)] });
    else this.selectOnly(runs);
  }

  /** Hides what the filter lets through, and goes on without the filter. */
  hideMatching(): void {
    this.selectMatching(false);
    this.text = "";
  }

  /** Ticks, of the runs that the filter lets through, those that are not, and the other way round. */
  invert(): void {
    const filtered = this.text !== "";
    const among = filtered ? this.#filtered : null;
    if (this.#rulesUsable && (!filtered || among)) this.#choose(inverted(this.#choice, among));
    else {
      const matching = new Set(this.matching.map((entry) => entry.run));
      this.#chooseNames((name) => this.isSelected(name) !== matching.has(name));
    }
  }

  /** No filter, no rule, every run ticked. */
  clear(): void {
    this.selectAll();
    this.text = "";
  }

  get #choice(): RunChoice {
    const show = url.all("show");
    return {
      show: show.length > 0 ? show.filter(Boolean) : null,
      without: this.#hiding.map(({ text, rule }) => (rule.problem === null ? asExpression(text) : text)),
      hide: url.all("hide"),
      also: url.all("also"),
    };
  }

  /** Whether all rules that hide mean what is written in them. */
  get #rulesUsable(): boolean {
    return this.#hiding.every(({ rule }) => rule.problem === null && !rule.pending);
  }

  /** What the filter lets through; null if it cannot be used as it is written. */
  get #filtered(): RunSet | null {
    const { filter, text } = this;
    if (filter.problem !== null || filter.pending || filter.rows === null) return null;
    const matching = new Set(this.matching.map((entry) => entry.run));
    return { rule: asExpression(text), has: (run) => matching.has(run) };
  }

  /** Letters of either case are the same in a rule: null where it would take in other runs. */
  #folder(path: string, runs: ReadonlySet<string>): RunSet | null {
    const rule = inFolder(path, runs.has(path.slice(0, -1)));
    const { rows } = this.#ruleOf(rule);
    const exact = catalog.runs.every(({ run }, row) => (rows?.[row] === 1) === runs.has(run));
    return exact ? { rule, has: (run) => runs.has(run) } : null;
  }

  /** @param meant null: there is no rule for these runs, so their names are written. */
  #selectWhere(meant: RunSet | null, runs: ReadonlySet<string>, selected: boolean): void {
    if (!meant || !this.#rulesUsable) {
      this.selectEach(runs, selected);
      return;
    }
    const touches = (text: string): boolean => {
      const { rows } = this.#ruleOf(text);
      return catalog.runs.some(({ run }, row) => rows?.[row] === 1 && meant.has(run));
    };
    this.#choose(tickWhere(this.#choice, meant, selected, touches));
  }

  #choose({ show, without, hide, also }: RunChoice): void {
    // An empty name stands for no run at all.
    url.set({ show: show?.length === 0 ? [""] : show, without, hide, also });
  }

  /** Writes the shortest lists into the address. @param only runs to come are not meant, however many there are today. */
  #chooseNames(isChosen: (run: string) => boolean, only = false): void {
    const show: string[] = [];
    const hide: string[] = [];
    const also: string[] = [];
    for (const { run } of catalog.runs) {
      const ruledOut = this.#isRuledOut(run);
      if (isChosen(run)) {
        show.push(run);
        if (ruledOut) also.push(run);
      } else if (!ruledOut) hide.push(run);
    }
    const without = url.all("without");
    const short = show.length < hide.length + also.length || (only && show.length <= mostNamed);
    if (short || show.length === 0) this.#choose({ ...everyRun, without, show });
    else this.#choose({ show: null, without, hide, also });
  }
}

export const runSelection = new RunSelection();
runColumns.demand(() =>
  [runSelection.filter, ...runSelection.hiding.map(({ rule }) => rule)].flatMap((rule) => rule.columns),
);
