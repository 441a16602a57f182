/** A tag's last, smallest, largest … value as a column of runs: `scalars:<tag>:<statistic>`. */

import { postColumns } from "../../api/client";
import { quoteName } from "../../base/expression/quote";
import { messages } from "../../base/i18n.svelte";
import type { ColumnInfo, ColumnSource, LoadedColumn } from "../../base/runColumn";
import { catalog } from "../../state/catalog.svelte";
import { live } from "../../state/live.svelte";
import { likelyTag } from "./likelyTag";

const t = messages({
  en: {
    last: (tag: string) => tag,
    min: (tag: string) => `min ${tag}`,
    max: (tag: string) => `max ${tag}`,
    first: (tag: string) => `first ${tag}`,
    count: (tag: string) => `points of ${tag}`,
    min_step: (tag: string) => `step of min ${tag}`,
    max_step: (tag: string) => `step of max ${tag}`,
    at: (tag: string, step: string) => `${tag} at step ${step}`,
  },
  "zh-CN": {
    last: (tag: string) => tag,
    min: (tag: string) => `${tag} 最小值`,
    max: (tag: string) => `${tag} 最大值`,
    first: (tag: string) => `${tag} 首值`,
    count: (tag: string) => `${tag} 点数`,
    min_step: (tag: string) => `${tag} 最小值所在步`,
    max_step: (tag: string) => `${tag} 最大值所在步`,
    at: (tag: string, step: string) => `第 ${step} 步的 ${tag}`,
  },
});

/** Counterpart: cupola.plugins.scalars.table.STATISTICS; `at` stands with its step, `at=1000`. */
const statistics = ["last", "min", "max", "first", "count", "min_step", "max_step"] as const;
type Statistic = (typeof statistics)[number] | "at";

const prefix = "scalars:";
/** Tags in one question (cupola.plugins.scalars.api.MAX_TABLE_TAGS). */
const tagsAtOnce = 256;

interface Reference {
  tag: string;
  statistic: Statistic;
  /** Of `at`. */
  step: number | null;
}

/** @returns null where the id names no statistic. A tag may hold colons. */
export function parseId(id: string): Reference | null {
  const cut = id.lastIndexOf(":");
  if (!id.startsWith(prefix) || cut < prefix.length) return null;
  const statistic = parseStatistic(id.slice(cut + 1));
  return statistic && { tag: id.slice(prefix.length, cut), ...statistic };
}

function parseStatistic(word: string): Omit<Reference, "tag"> | null {
  const known = statistics.find((name) => name === word);
  if (known) return { statistic: known, step: null };
  const at = /^at=(-?\d{1,15})$/.exec(word);
  return at && { statistic: "at", step: Number(at[1]) };
}

function describe({ tag, statistic, step }: Reference): ColumnInfo {
  const word = statistic === "at" ? `at=${step}` : statistic;
  const quoted = quoteName(tag);
  return {
    id: `${prefix}${tag}:${word}`,
    statistic: word,
    title: t()[statistic](tag, String(step)),
    kind: statistic === "count" ? "count" : statistic.endsWith("_step") ? "step" : "number",
    reference:
      statistic === "last" ? quoted : statistic === "at" ? `at(${quoted}, ${step})` : `${word}(${quoted})`,
  };
}

interface TableAnswer {
  runs: string[];
  tags: ({ tag: string; count: Float64Array } & Partial<Record<Statistic, Float64Array>>)[];
}

/** Columns of one question: equal steps, a bounded number of tags. */
function questions(ids: readonly string[]): { step: number | null; columns: Reference[] }[] {
  const made: { step: number | null; columns: Reference[]; tags: Set<string> }[] = [];
  for (const column of ids.map(parseId)) {
    if (!column) continue;
    const fits = made.find(
      ({ step, tags }) =>
        (step === column.step || step === null || column.step === null) &&
        (tags.has(column.tag) || tags.size < tagsAtOnce),
    );
    if (!fits) made.push({ step: column.step, columns: [column], tags: new Set([column.tag]) });
    else {
      fits.step ??= column.step;
      fits.columns.push(column);
      fits.tags.add(column.tag);
    }
  }
  return made;
}

/** A series without a finite value has no smallest one, and no step at which it stands. */
const valueAt: Partial<Record<Statistic, Statistic>> = { min_step: "min", max_step: "max" };

/** By run: before it a run has no value, which is not the same as NaN. */
function firstSteps(tag: string): Map<string, number> {
  const entry = catalog.series("scalars").find((series) => series.tag === tag);
  return new Map(entry && catalog.runNames(entry).map((run, index) => [run, entry.first_steps[index]!]));
}

async function ask(step: number | null, columns: readonly Reference[]): Promise<LoadedColumn[]> {
  const answer = await postColumns<TableAnswer>("api/scalars/table", {
    tags: [...new Set(columns.map(({ tag }) => tag))],
    statistics: [
      ...new Set(columns.flatMap(({ statistic }) => [statistic, valueAt[statistic] ?? statistic])),
    ],
    step,
  });
  const byTag = new Map(answer.tags.map((entry) => [entry.tag, entry]));
  return columns.map((column) => {
    const entry = byTag.get(column.tag);
    const values = entry?.[column.statistic];
    const began = column.statistic === "at" ? firstSteps(column.tag) : null;
    const extreme = valueAt[column.statistic];
    const has = (row: number): boolean =>
      entry!.count[row]! > 0 &&
      // What the catalog does not know yet has not begun as far as the page can tell; a number is one all the same.
      !(began && Number.isNaN(values![row]) && (began.get(answer.runs[row]!) ?? Infinity) > column.step!) &&
      !(extreme && Number.isNaN(entry![extreme]![row]));
    const cells = entry && values ? Array.from(values, (value, row) => (has(row) ? value : null)) : [];
    return { id: describe(column).id, runs: answer.runs, cells };
  });
}

const source: ColumnSource = {
  name: "scalars",
  title: { en: "Scalars", "zh-CN": "标量" },
  order: 20,
  ready: () => catalog.ready,
  list: () => catalog.series("scalars").map(({ tag }) => describe({ tag, statistic: "last", step: null })),
  info: (id) => {
    const column = parseId(id);
    return column && describe(column);
  },
  favourite: () => {
    const tag = likelyTag(
      catalog.series("scalars").map((entry) => ({ tag: entry.tag, runs: entry.runs.length })),
    );
    return tag === null ? null : describe({ tag, statistic: "last", step: null }).id;
  },
  statistics: [...statistics, "at"],
  variant: (id, word) => {
    const tag = parseId(id)?.tag;
    const statistic = parseStatistic(word);
    return tag !== undefined && statistic ? describe({ tag, ...statistic }).id : null;
  },
  resolve: (name, word) => {
    const statistic = parseStatistic(word === "" ? "last" : word);
    const known = catalog.series("scalars").some(({ tag }) => tag === name);
    return statistic && known ? describe({ tag: name, ...statistic }).id : null;
  },
  cells: {
    version: (id) => live.version("scalars", parseId(id)?.tag ?? ""),
    load: async (ids) => {
      const answers = await Promise.all(questions(ids).map(({ step, columns }) => ask(step, columns)));
      return answers.flat();
    },
  },
};

export default source;
