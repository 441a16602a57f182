import type { Room } from "../../base/room";

export default {
  name: "images",
  order: 20,
  title: { en: "Images", "zh-CN": "图像" },
  load: () => import("./ImagesRoom.svelte"),
  usesRuns: true,
} satisfies Room;
