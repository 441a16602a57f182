/** Each hyperparameter as a column of runs: `hparams:<name>`. */

import { quoteName } from "../../base/expression/quote";
import type { ColumnInfo, ColumnSource } from "../../base/runColumn";
import { catalog } from "../../state/catalog.svelte";
import { cellsOf, hparamsTable, type Hparam } from "./table.svelte";

const prefix = "hparams:";

function find(id: string): Hparam | null {
  if (!id.startsWith(prefix)) return null;
  const name = id.slice(prefix.length);
  return hparamsTable.answer?.hparams.find((hparam) => hparam.name === name) ?? null;
}

function describe(hparam: Hparam): ColumnInfo {
  return {
    id: prefix + hparam.name,
    title: hparam.display_name || hparam.name,
    kind: hparam.kind === "number" ? "number" : "text",
    reference: quoteName(hparam.name),
  };
}

export default {
  name: "hparams",
  title: { en: "Hyperparameters", "zh-CN": "超参数" },
  order: 10,
  ready: () => hparamsTable.ready,
  follow: () => hparamsTable.follow(),
  list: () => (hparamsTable.answer?.hparams ?? []).map(describe),
  info: (id) => {
    const hparam = find(id);
    return hparam && describe(hparam);
  },
  resolve: (name, statistic) => (statistic === "" && find(prefix + name) ? prefix + name : null),
  cells: (id) => {
    const hparam = find(id);
    if (!hparam) return [];
    const cells = cellsOf(hparam);
    return catalog.runs.map(({ run }) => cells[hparamsTable.rows.get(run) ?? -1] ?? null);
  },
} satisfies ColumnSource;
