/** What centers and bands of groups are called, wherever groups are drawn or chosen. */

import { messages } from "../base/i18n.svelte";
import type { Band, Center } from "./groups.svelte";

export const centerWords = messages<Record<Center, string>>({
  en: { mean: "mean", median: "median" },
  "zh-CN": { mean: "均值", median: "中位数" },
});

export const bandWords = messages<Record<Band, string>>({
  en: {
    deviation: "± standard deviation",
    error: "± standard error",
    interval: "95 % interval (t)",
    range: "min – max",
    none: "no band",
  },
  "zh-CN": {
    deviation: "± 标准差",
    error: "± 标准误",
    interval: "95% 置信区间（t）",
    range: "最小 – 最大",
    none: "不显示区间",
  },
});
