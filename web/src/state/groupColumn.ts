/** The group of each run as a column, while runs are grouped. */

import type { ColumnSource } from "../base/runColumn";
import { messages } from "../base/i18n.svelte";
import { catalog } from "./catalog.svelte";
import { groupColumnId, groups } from "./groups.svelte";

const t = messages({ en: { group: "Group" }, "zh-CN": { group: "分组" } });

const info = () => ({ id: groupColumnId, title: t().group, kind: "text" as const, reference: "group" });

export const groupColumn: ColumnSource = {
  name: "group",
  title: { en: "Group", "zh-CN": "分组" },
  // A hyperparameter may be called so too, and is meant then.
  order: 30,
  ready: () => true,
  list: () => (groups.active ? [info()] : []),
  info: (id) => (id === groupColumnId ? info() : null),
  resolve: (name, statistic) =>
    statistic === "" && name === "group" && groups.keys.length > 0 ? groupColumnId : null,
  cells: () => catalog.runs.map(({ run }) => groups.of(run)?.label ?? null),
};
