/** What the palette offers of the page as a whole. */

import { language } from "../base/i18n.svelte";
import type { Command } from "../state/commands";
import { live } from "../state/live.svelte";
import { undo } from "../state/undo.svelte";
import { url } from "../state/url.svelte";
import { views } from "../state/views.svelte";
import { shell } from "./shell.svelte";
import { tablePage } from "./table/tablePage";
import { toggleTable } from "./table/toggleTable";
import { t as viewWords } from "./viewWords";
import { t } from "./words";

export function viewCommands(): Command[] {
  const words = viewWords();
  const group = words.title;
  return [
    ...views.names.map((name) => ({
      id: `view ${name}`,
      group,
      label: words.open(name),
      run: () => views.open(name),
    })),
    { id: "share", group, label: words.share, run: () => shell.open("share") },
    { id: "save", group, label: words.save, run: () => shell.open("views") },
    ...(undo.canUndo
      ? [{ id: "undo", group, label: words.undo, run: () => undo.undo(), shortcut: "Ctrl Z" }]
      : []),
    ...(undo.canRedo ? [{ id: "redo", group, label: words.redo, run: () => undo.redo() }] : []),
    { id: "reset", group, label: words.reset, run: () => views.reset() },
    {
      id: "table",
      group: "",
      label: url.room === tablePage.name ? t().closeTable : tablePage.title[language()],
      run: toggleTable,
      shortcut: "t",
    },
    {
      id: "pause",
      group: t().live,
      label: live.paused ? t().resume : t().pause,
      run: () => live.setPaused(!live.paused),
      shortcut: "p",
    },
  ];
}
