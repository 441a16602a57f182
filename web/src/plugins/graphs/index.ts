import type { Room } from "../../base/room";

export default {
  name: "graphs",
  order: 50,
  title: { en: "Graph", "zh-CN": "计算图" },
  load: () => import("./GraphsRoom.svelte"),
  usesRuns: false,
  countsRuns: true,
} satisfies Room;
