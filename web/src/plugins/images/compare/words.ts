import { messages } from "../../../base/i18n.svelte";

export const t = messages({
  en: {
    compare: "Compare with",
    nobody: "nothing",
    otherStep: "another step of this run",
    swipe: "Swipe",
    difference: "Difference",
    blink: "Blink",
    gain: "Times",
    line: "Line between the two pictures",
    flip: "Show the other picture",
    away: (step: string) => `has no picture at this step: ${step}`,
    sizes: (first: string, second: string) => `sizes differ: ${first} and ${second}; the second is stretched`,
  },
  "zh-CN": {
    compare: "比较对象",
    nobody: "无",
    otherStep: "本运行的另一步",
    swipe: "划分",
    difference: "差异",
    blink: "闪烁",
    gain: "倍数",
    line: "两幅图片的分界线",
    flip: "显示另一幅图片",
    away: (step) => `这一步没有图片，显示${step}`,
    sizes: (first, second) => `尺寸不同：${first} 与 ${second}；第二幅已拉伸`,
  },
});
