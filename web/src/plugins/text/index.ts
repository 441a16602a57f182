import type { Room } from "../../base/room";

export default {
  name: "text",
  order: 60,
  title: { en: "Text", "zh-CN": "文本" },
  load: () => import("./TextRoom.svelte"),
  usesRuns: true,
} satisfies Room;
