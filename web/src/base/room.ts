import type { Component } from "svelte";
import type { Language } from "./i18n.svelte";

/**
 * What `plugins/<name>/index.ts` default-exports. The shell finds rooms by their folders and knows no more of them than this.
 */
export interface Room {
  /** = folder = plugin_name in event files = URL hash. */
  name: string;
  /** Place among the tabs, ascending. */
  order: number;
  title: Record<Language, string>;
  /** The room's view, loaded when its tab opens: `() => import("./ScalarsRoom.svelte")`. It takes no props. */
  load: () => Promise<{ default: Component }>;
  /** Whether the run list stands beside it. */
  usesRuns: boolean;
  /** False where the number of tags would tell nothing: no number stands beside the title then. */
  countsTags?: boolean;
}
