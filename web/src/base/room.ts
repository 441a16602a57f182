import type { Component } from "svelte";
import type { Language } from "./i18n.svelte";

/**
 * What `plugins/<name>/index.ts` default-exports. The shell finds rooms by their folders and knows no more of them than this. Declarations are
 * loaded with the page, so they hold little; what a room shows is behind `load`.
 */
export interface Room {
  /** The folder, the plugin_name in event files, the catalog's key, and the word behind `#` in the address. */
  name: string;
  /** Place among the tabs, ascending; ours are multiples of ten. The first one that has data is opened with the page. */
  order: number;
  /** On the tab, in the palette and in the window's title. */
  title: Record<Language, string>;
  /**
   * Its view, loaded when its tab opens: `() => import("./ScalarsRoom.svelte")`. It takes no props: what it shows it asks of `catalog`, `runs`
   * and `live`, and what it remembers stands in the address (`param`). See src/README.md.
   */
  load: () => Promise<{ default: Component }>;
  /** Whether the run list stands beside it, with the room's own controls below (`sidebar.show`). */
  usesRuns: boolean;
  /** True where all runs log under one tag: the number beside the title is of runs then. */
  countsRuns?: boolean;
  /** False where the number of tags would tell nothing: no number stands beside the title then. */
  countsTags?: boolean;
}
