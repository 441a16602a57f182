/** Columns of what the catalog says of each run: no plugin's, and at hand at once. */

import type { RunEntry } from "../api/types";
import { messages } from "../base/i18n.svelte";
import type { Cell, ColumnInfo, ColumnKind, ColumnSource } from "../base/runColumn";
import { catalog } from "./catalog.svelte";
import { runStatuses } from "./runStatus.svelte";

const t = messages({
  en: {
    name: "Name",
    state: "State",
    start: "Start",
    duration: "Duration",
    seen: "Last point",
    points: "Points",
    files: "Files",
    bytes: "Size",
    diverged: "Diverged at step",
    damaged: "Damaged places",
  },
  "zh-CN": {
    name: "名称",
    state: "状态",
    start: "开始时间",
    duration: "时长",
    seen: "最后一点",
    points: "点数",
    files: "文件数",
    bytes: "大小",
    diverged: "发散于第几步",
    damaged: "损坏处",
  },
});

type Fact = keyof ReturnType<typeof t>;

/** By the word for it in an expression. */
const facts: Record<Fact, { kind: ColumnKind; of: (entry: RunEntry) => Cell }> = {
  name: { kind: "text", of: (entry) => entry.run },
  state: { kind: "text", of: (entry) => runStatuses.of(entry).state },
  start: { kind: "time", of: (entry) => entry.start_wall_time },
  duration: { kind: "duration", of: durationOf },
  seen: { kind: "time", of: (entry) => runStatuses.of(entry).last_wall_time },
  points: { kind: "count", of: (entry) => runStatuses.of(entry).points },
  files: { kind: "count", of: (entry) => entry.files },
  bytes: { kind: "bytes", of: (entry) => runStatuses.of(entry).bytes },
  diverged: { kind: "step", of: (entry) => runStatuses.of(entry).diverged?.step ?? null },
  damaged: { kind: "count", of: (entry) => entry.damage.length || null },
};

/** From the first event to the last point. */
function durationOf(entry: RunEntry): number | null {
  const end = runStatuses.of(entry).last_wall_time;
  return entry.start_wall_time === null || end === null ? null : Math.max(0, end - entry.start_wall_time);
}

const prefix = "run:";

function factOf(id: string): Fact | null {
  const word = id.slice(prefix.length);
  return id.startsWith(prefix) && Object.hasOwn(facts, word) ? (word as Fact) : null;
}

function info(fact: Fact): ColumnInfo {
  return { id: prefix + fact, title: t()[fact], kind: facts[fact].kind, reference: fact };
}

export const runFacts: ColumnSource = {
  name: "run",
  title: { en: "Run", "zh-CN": "运行" },
  order: 0,
  ready: () => catalog.ready,
  list: () => (Object.keys(facts) as Fact[]).map(info),
  info: (id) => {
    const fact = factOf(id);
    return fact && info(fact);
  },
  resolve: (name, statistic) => (statistic === "" && factOf(prefix + name) ? prefix + name : null),
  cells: (id) => {
    const fact = factOf(id);
    return fact ? catalog.runs.map(facts[fact].of) : [];
  },
};
