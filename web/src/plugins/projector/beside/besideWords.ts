import { messages } from "../../../base/i18n.svelte";

/** The second cloud. */
export const besideWords = messages({
  en: {
    beside: "Beside it",
    summary: (n: string, what: string) => `${n} points of ${what}, beside the first cloud.`,
    run: "Run",
    tensor: "Embedding",
    oneCamera: "One camera",
    turn: "Turn",
    turnHelp: "Turns and mirrors this cloud onto the first, by the points that both have",
    matched: {
      row: "Selection linked by row",
      label: "Selection linked by label",
      class: "Other points: only selections by label are linked",
      none: "Other points: nothing says which are the same",
    },
    loading: "Projecting…",
    absent: "This layout is not computed for it yet.",
    close: "Close",
  },
  "zh-CN": {
    beside: "并排",
    summary: (n: string, what: string) => `${what} 的 ${n} 个点，与第一个点云并排。`,
    run: "运行",
    tensor: "嵌入",
    oneCamera: "同一视角",
    turn: "旋转对齐",
    turnHelp: "按两者共有的点，将此点云旋转并镜像到第一个之上",
    matched: {
      row: "选择按行联动",
      label: "选择按标签联动",
      class: "点不同：仅按标签的选择联动",
      none: "点不同：无法得知哪些相同",
    },
    loading: "投影中…",
    absent: "尚未为其计算此布局。",
    close: "关闭",
  },
});
