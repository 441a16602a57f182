/** Which runs are ticked, as the address says it: by rules that runs to come follow as well, and by names where somebody ticked by hand. */

import { anyOf, negated, without } from "./expression/combine";

export interface RunChoice {
  /** Only these, whatever the rules say; null: all but those that are hidden. */
  show: readonly string[] | null;
  /** Expressions that hide runs. */
  without: readonly string[];
  /** Hidden although no rule hides them. */
  hide: readonly string[];
  /** Shown against a rule. */
  also: readonly string[];
}

/** Some runs: a rule, and which of today's it holds for. */
export interface RunSet {
  rule: string;
  has(run: string): boolean;
}

export const everyRun: RunChoice = { show: null, without: [], hide: [], also: [] };
export const noRun: RunChoice = { ...everyRun, show: [] };

/**
 * Ticks or unticks some runs and leaves the others.
 *
 * @param touches whether a rule hides any of these runs today.
 */
export function tickWhere(
  choice: RunChoice,
  runs: RunSet,
  ticked: boolean,
  touches: (rule: string) => boolean,
): RunChoice {
  const others = (names: readonly string[]): string[] => names.filter((name) => !runs.has(name));
  const { show } = choice;
  if (show !== null) {
    if (!ticked) return { ...noRun, show: others(show) };
    return { ...everyRun, without: [negated(runs.rule)], also: others(show) };
  }
  const rules = choice.without.filter((rule) => rule !== runs.rule);
  return {
    show,
    without: ticked
      ? rules.map((rule) => (touches(rule) ? without(rule, runs.rule) : rule))
      : [...rules, runs.rule],
    hide: others(choice.hide),
    also: others(choice.also),
  };
}

/** Ticks what is not ticked, and the other way round. @param among null: of all runs. */
export function inverted(choice: RunChoice, among: RunSet | null): RunChoice {
  const { show, hide, also } = choice;
  if (show !== null) {
    if (!among) return { ...everyRun, hide: show };
    const [within, beyond] = parted(show, among);
    return { ...everyRun, without: [negated(among.rule)], hide: within, also: beyond };
  }
  if (!among && choice.without.length === 0) return { ...noRun, show: hide };
  // Who was named against a rule is named against its opposite.
  const [hideWithin, hideBeyond] = parted(hide, among);
  const [alsoWithin, alsoBeyond] = parted(also, among);
  return {
    show,
    without: invertedRules(choice.without, among),
    hide: [...hideBeyond, ...alsoWithin],
    also: [...alsoBeyond, ...hideWithin],
  };
}

function invertedRules(rules: readonly string[], among: RunSet | null): string[] {
  if (rules.length === 0) return among ? [among.rule] : [];
  const any = anyOf(rules);
  if (!among) return [negated(any)];
  return any === among.rule ? [] : [without(any, among.rule), without(among.rule, any)];
}

/** Names of a set, and the others. */
function parted(names: readonly string[], runs: RunSet | null): [string[], string[]] {
  const within = names.filter((name) => runs === null || runs.has(name));
  return [within, names.filter((name) => !within.includes(name))];
}
