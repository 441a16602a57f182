/** Takes the columns of every plugin that has some, found by its folder. */

import type { ColumnSource } from "../base/runColumn";
import { groupColumn } from "../state/groupColumn";
import { runColumns } from "../state/runColumns.svelte";

const found = import.meta.glob<{ default: ColumnSource }>("../plugins/*/columns.ts", { eager: true });

for (const module of Object.values(found)) runColumns.add(module.default);
runColumns.add(groupColumn);
