/** What the skeleton asks of the server beside its steps and points. */

import { url } from "../../api/client";
import type { Point } from "../../dashboard/routes";

export interface Clip extends Point {
  /** Absent from damaged points. */
  frames?: number;
  bytes?: number;
}

export function clipUrl(clip: Clip): string {
  return url("api/skeleton/clip", { key: clip.key });
}
