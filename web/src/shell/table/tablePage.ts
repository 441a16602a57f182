/** The run table as a page of its own: opened and closed like a room, and in the address as one, `#runs`. */

import type { Room } from "../../base/room";

export const tablePage: Room = {
  name: "runs",
  order: 0,
  title: { en: "Run table", "zh-CN": "运行表格" },
  load: () => import("./TablePage.svelte"),
  usesRuns: false,
};
