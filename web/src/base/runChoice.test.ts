import { expect, test } from "vitest";
import { bind } from "./expression/evaluate";
import { parseFilter } from "./expression/filter";
import { everyRun, inverted, noRun, tickWhere, type RunChoice, type RunSet } from "./runChoice";

const names = ["a1", "a2", "b1", "b2", "c1", "c2", "d"];
/** Runs that come once the choice was made. */
const later = ["a9", "b9", "e"];

function holds(rule: string, run: string): boolean {
  const node = parseFilter(rule).node!;
  const columns = { resolve: () => "run:name", kind: () => "text" as const, cells: () => [run], now: 0 };
  return bind(node, columns).rows(1)[0] === 1;
}

/** As state/runSelection reads the address. */
function isTicked({ show, without, hide, also }: RunChoice, run: string): boolean {
  if (show) return show.includes(run);
  return !hide.includes(run) && (also.includes(run) || !without.some((rule) => holds(rule, run)));
}

const ticked = (choice: RunChoice, of = names): string[] => of.filter((run) => isTicked(choice, run));
const where = (regex: string): RunSet => {
  const rule = `name ~ "${regex}"`;
  return { rule, has: (run) => names.includes(run) && holds(rule, run) };
};
const tick = (choice: RunChoice, runs: RunSet, is: boolean): RunChoice =>
  tickWhere(choice, runs, is, (rule) => names.some((run) => runs.has(run) && holds(rule, run)));

test("ticks are changed by the rule, which runs to come follow", () => {
  const without = tick(everyRun, where("^a"), false);
  expect(without).toEqual({ ...everyRun, without: ['name ~ "^a"'] });
  expect(ticked(without, later)).toEqual(["b9", "e"]);
  expect(tick(without, where("^a"), true)).toEqual(everyRun);
  const only = tick({ ...noRun, show: ["d"] }, where("^b"), true);
  expect([ticked(only), ticked(only, later)]).toEqual([["b1", "b2", "d"], ["b9"]]);
});

test("all, none and back", () => {
  expect(inverted(everyRun, null)).toEqual(noRun);
  expect(inverted(noRun, null)).toEqual(everyRun);
  const some = tick(everyRun, where("^a"), false);
  expect(inverted(inverted(some, null), null)).toEqual(some);
  expect(inverted(inverted(everyRun, where("1$")), where("1$"))).toEqual(everyRun);
});

test("whatever is ticked, and whatever is done to it in any order, ticks are what a list of names says", () => {
  let seed = 7;
  const random = (below: number): number => (seed = (seed * 48271) % 2147483647) % below;
  const sets = ["^a", "1$", "b|c", "^d", "x", ""].map(where);
  const starts: RunChoice[] = [
    everyRun,
    noRun,
    { ...everyRun, hide: ["a1", "gone"] },
    { ...noRun, show: ["b2", "gone"] },
  ];
  for (let round = 0; round < 300; round++) {
    let choice = starts[random(starts.length)]!;
    let expected = new Set(ticked(choice));
    for (let i = 0; i < 4; i++) {
      const runs = random(4) ? sets[random(sets.length)]! : null;
      const meant = names.filter((run) => runs === null || runs.has(run));
      const act = random(3);
      if (act === 2 || runs === null) {
        choice = inverted(choice, runs);
        expected = new Set(names.filter((run) => expected.has(run) !== meant.includes(run)));
      } else {
        choice = tick(choice, runs, act === 1);
        expected = new Set(names.filter((run) => (meant.includes(run) ? act === 1 : expected.has(run))));
      }
      expect(ticked(choice)).toEqual([...expected].sort());
    }
  }
});
