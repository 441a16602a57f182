import type { Room } from "../../base/room";

export default {
  name: "skeleton",
  order: 90,
  title: { en: "Skeleton", "zh-CN": "骨架" },
  load: () => import("./SkeletonRoom.svelte"),
  usesRuns: true,
} satisfies Room;
