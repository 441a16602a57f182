import type { Room } from "../../base/room";

export default {
  name: "scalars",
  order: 10,
  title: { en: "Scalars", "zh-CN": "标量" },
  load: () => import("./ScalarsRoom.svelte"),
  usesRuns: true,
} satisfies Room;
