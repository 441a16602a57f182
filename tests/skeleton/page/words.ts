import { messages } from "../../base/i18n.svelte";

export const t = messages({
  en: {
    none: "No clips in the runs that are shown",
    frames: (count: string, size: string) => `${count} frames, ${size}`,
  },
  "zh-CN": { none: "所显示的运行中没有片段", frames: (count, size) => `${count} 帧，${size}` },
});
