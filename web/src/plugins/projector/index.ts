import type { Room } from "../../base/room";

export default {
  name: "projector",
  order: 60,
  title: { en: "Projector", "zh-CN": "嵌入投影" },
  load: () => import("./ProjectorRoom.svelte"),
  usesRuns: false,
  countsRuns: true,
} satisfies Room;
