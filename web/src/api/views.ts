/** What the server keeps for this user: `GET` and `PATCH /api/views`. */

import { getJson, patchJson } from "./client";

/** A view as it is kept: addresses, see state/url. */
export interface KeptView {
  hash: string;
  others?: string[];
}

/** Why views are not kept on disk, or a file of them is not read. */
export interface ViewsProblem {
  kind: "unwritable" | "unreadable" | "damaged" | "newer";
  path: string;
  /** What the system or the parser says. */
  reason: string;
  /** Where a damaged file was put; empty while it is still in its place. */
  kept: string;
}

export interface KeptViews {
  last: KeptView | null;
  named: Record<string, KeptView>;
  settings: Record<string, unknown>;
  problems: ViewsProblem[];
}

/** What to change; null removes. */
export interface ViewsChange {
  last?: KeptView | null;
  named?: Record<string, KeptView | null>;
  settings?: Record<string, unknown>;
}

export const getViews = (): Promise<KeptViews> => getJson("api/views");

/** Sent to its end even where the page is closed meanwhile. */
export const changeViews = (change: ViewsChange): Promise<KeptViews> => patchJson("api/views", change);
