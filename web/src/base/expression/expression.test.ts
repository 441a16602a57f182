import { expect, test } from "vitest";
import type { Cell, ColumnKind } from "../runColumn";
import { complete } from "./complete";
import { bind, type Columns } from "./evaluate";
import { parseFilter } from "./filter";
import { ExpressionError } from "./lexer";
import { parseExpression } from "./parser";
import { quoteName } from "./quote";
import { explain } from "./explain";

const noon = new Date(2026, 10, 26, 12).getTime() / 1000;

const cells: Record<string, [ColumnKind, readonly Cell[]]> = {
  "run:name": ["text", ["sweep/seed1", "sweep/seed2", "seed3/ä", "<b>x</b>"]],
  state: ["text", ["growing", "finished", "silent", "growing"]],
  start: ["time", [noon, noon - 86400, noon - 3600, null]],
  duration: ["duration", [7200, 60, null, 5400]],
  "val/acc": ["number", [0.95, Math.fround(0.1), NaN, null]],
  "train/acc": ["number", [0.9, 0.5, 1, 1]],
  lr: ["number", [0.1, 0.01, "none", null]],
  ema: ["text", [true, false, null, 1]],
  "a b": ["number", [1, 2, 3, 4]],
  "lr=x(1)": ["number", [4, 3, 2, 1]],
  "min val/acc": ["number", [0.1, 0.2, 0.3, 0.4]],
  "at=1000 val/acc": ["number", [9, 8, 7, 6]],
  diverged: ["step", [null, null, 1700, 0]],
};

const columns: Columns = {
  resolve: (name, statistic) => {
    const id = statistic ? `${statistic} ${name}` : name === "name" ? "run:name" : name;
    return Object.hasOwn(cells, id) ? id : null;
  },
  kind: (id) => cells[id]![0],
  cells: (id) => cells[id]![1],
  now: noon,
};

function rows(text: string): number[] {
  const { node } = parseFilter(text);
  if (!node) return [0, 1, 2, 3];
  return [...bind(node, columns).rows(4)].flatMap((holds, row) => (holds ? [row] : []));
}

test.each([
  ["val/acc > 0.9", [0]],
  ["val/acc>0.9", [0]],
  ["0.9 < val/acc", [0]],
  ["val/acc > 0.05 and lr < 0.05", [1]],
  ['val/acc > 0.9 and lr < 0.5 and name ~ "seed[12]"', [0]],
  ["val/acc = 0.1", [1]],
  ["val/acc == 0.1", [1]],
  ["val/acc != 0.1", [0, 2, 3]],
  ["val/acc = nan", [2]],
  ["val/acc = none", [3]],
  ["not val/acc = none", [0, 1, 2]],
  ["lr = none", [3]],
  ['lr = "none"', [2]],
  ["lr >= 0.01", [0, 1]],
  ["0.005 < lr < 0.05", [1]],
  ["lr in [0.1, 1e-2]", [0, 1]],
  ['lr in (0.1, "none")', [0, 2]],
  ["lr not in [0.1]", [1, 2, 3]],
  ["lr in []", []],
  ["val/acc > train/acc", [0]],
  ["state = growing", [0, 3]],
  ['state="growing"', [0, 3]],
  ["state != growing", [1, 2]],
  ['"growing" = state', [0, 3]],
  ["ema = true", [0, 3]],
  ["ema = 0", [1]],
  ["not ema", [1, 2]],
  ["`a b` >= 3", [2, 3]],
  ['"a b" >= 3', [2, 3]],
  ["`lr=x(1)` > 3", [0]],
  ["min(val/acc) < 0.25", [0, 1]],
  ["at(val/acc, 1000) >= 8", [0, 1]],
  ["duration > 1h", [0, 3]],
  ["duration > 90m", [0]],
  ["duration <= 1.5h and duration > 2m", [3]],
  ["start = 2026-11-26", [0, 2]],
  ["start < 2026-11-26", [1]],
  ["start >= 2026-11-26T11:30", [0]],
  ['start > "2026-11-26 11:00"', [0]],
  ["start < 2h", [0, 2]],
  ["start > 2h", [1]],
  ["start = none", [3]],
  ["diverged >= 0", [2, 3]],
  ["not diverged", [0, 1, 3]],
  ["(state = growing or state = silent) and `a b` > 1", [2, 3]],
  ["state = growing or state = silent and `a b` > 5", [0, 3]],
  ['name !~ "seed"', [3]],
  ["NOT name ~ seed AND state = growing", [3]],
  ["name ~ '<b>'", [3]],
  ["name < b", [3]],
  // Names, in part or by regular expression.
  ["", [0, 1, 2, 3]],
  ["SEED", [0, 1, 2]],
  ["seed[12]$", [0, 1]],
  ["(?=.*1)sweep", [0]],
  ["(?<n>sweep)/", [0, 1]],
  ["sweep|b", [0, 1, 3]],
  ["ä", [2]],
  ["lr=0.1", []],
])("%s holds for %j", (text, wanted) => expect(rows(text)).toEqual(wanted));

test.each([
  ["val/acc >", "wants-operand", 9],
  ["val/acc > 0.9 and", "wants-operand", 17],
  ["val/acc > 0.9 lr < 1", "wants-operator", 14],
  ["(val/acc > 0.9", "wants-close", 14],
  ["val/acc > 0.9)", "stray", 13],
  ["vall/acc > 0.9", "unknown-column", 0],
  ["val/acc > trian/acc", "unknown-column", 10],
  ["ema = 1 and lr in 0.1", "wants-list", 18],
  ["lr in [0.1", "wants-close", 10],
  ["name ~ 5", "wants-text", 7],
  ['name ~ "seed', "open-string", 7],
  ['name ~ "se(ed"', "regex", 10],
  ["mode(val/acc) > 1", "unknown-statistic", 0],
  ["min(nothing) > 1", "unknown-column", 0],
  ["start > tomorrow", "no-date", 8],
  ["state > 1 & lr < 1", "stray", 10],
  ["1 < 2", "unknown-column", 0],
  ["se(ed", "regex", 2],
  [`${"(".repeat(5000)}lr > 1`, "too-deep", 100],
  [`${"not ".repeat(5000)}lr > 1`, "too-deep", 400],
])("%.40s is none: %s at %i", (text, reason, start) => {
  let error: unknown;
  try {
    rows(text);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(ExpressionError);
  expect(error).toMatchObject({ reason, start });
  expect(explain(error as ExpressionError)).toMatch(/\(character \d+\)$/);
});

test("a regular expression that takes too long over all names is stopped", () => {
  const names = Array.from({ length: 10_000 }, () => "a".repeat(300));
  const { node } = parseFilter("(a?){300}(a*)*b");
  const evaluation = bind(node!, { ...columns, cells: () => names });
  expect(() => evaluation.rows(names.length)).toThrow(expect.objectContaining({ reason: "too-slow" }));
  expect(() => evaluation.rows(1)).not.toThrow();
});

test("every name can be written", () => {
  for (const name of [
    "lr",
    "val/acc",
    "a b",
    "lr=x",
    "and",
    "1e-3",
    "5m",
    "`",
    "a`b",
    "",
    "名称",
    "x\\",
    '"',
    "a&b",
  ]) {
    const node = parseExpression(`${quoteName(name)} > 0`);
    const left = node.type === "compare" ? node.left : null;
    expect(left && ("text" in left ? left.text : "name" in left ? left.name : left)).toBe(name);
  }
});

const vocabulary = {
  columns: [
    { id: "1", title: "val/acc", kind: "number" as const, reference: "val/acc" },
    { id: "2", title: "State", kind: "text" as const, reference: "state" },
    { id: "3", title: "a b", kind: "number" as const, reference: "`a b`" },
  ],
  statistics: ["min", "max"],
  values: (reference: string) => (reference === "state" ? ["growing", "silent"] : []),
};

test.each([
  ["", 0, ["val/acc", "state", "`a b`", "min(", "max(", "not "]],
  ["va", 0, ["val/acc"]],
  ["acc", 0, ["val/acc"]],
  ["m", 0, ["min(", "max("]],
  ["val/acc ", 8, ["<", ">", "<=", ">=", "=", "!=", "~", "in [", "and ", "or "]],
  ["state = ", 8, ['"growing"', '"silent"']],
  ["state = gr", 8, ['"growing"']],
  ['state = "s', 8, ['"silent"']],
  ["state in [", 10, ['"growing"', '"silent"']],
  ["val/acc > 0.5 ", 14, ["and ", "or "]],
  ["val/acc > 0.5 and st", 18, ["state"]],
  ["min(va", 4, ["val/acc"]],
  ["min(val/acc) ", 13, ["<", ">", "<=", ">=", "=", "!=", "~", "in [", "and ", "or "]],
  ["name ~ ", 7, []],
  ["`a ", 0, ["`a b`"]],
])("behind %j comes from %i on %j", (source, from, wanted) => {
  const completion = complete(source, source.length, vocabulary);
  expect(completion.options.map(({ text }) => text)).toEqual(wanted);
  expect(completion.from).toBe(from);
});
