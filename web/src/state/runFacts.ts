/** Columns of what the catalog says of each run: no plugin's, and at hand at once. */

import type { RunEntry } from "../api/types";
import { messages } from "../base/i18n.svelte";
import type { Cell, ColumnInfo, ColumnKind, ColumnSource } from "../base/runColumn";
import { catalog } from "./catalog.svelte";

const t = messages({
  en: {
    name: "Name",
    start: "Start",
    files: "Files",
    bytes: "Size",
  },
  "zh-CN": {
    name: "名称",
    start: "开始时间",
    files: "文件数",
    bytes: "大小",
  },
});

/** What a word of the language of expressions stands for. */
const facts: Record<keyof ReturnType<typeof t>, { kind: ColumnKind; of: (entry: RunEntry) => Cell }> = {
  name: { kind: "text", of: (entry) => entry.run },
  start: { kind: "time", of: (entry) => entry.start_wall_time },
  files: { kind: "count", of: (entry) => entry.files },
  bytes: { kind: "bytes", of: (entry) => entry.bytes },
};

type Fact = keyof typeof facts;

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
