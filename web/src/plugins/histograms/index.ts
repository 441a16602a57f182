import type { Room } from "../../base/room";

export default {
  name: "histograms",
  order: 30,
  title: { en: "Histograms", "zh-CN": "直方图" },
  load: () => import("./HistogramsRoom.svelte"),
  usesRuns: true,
} satisfies Room;
