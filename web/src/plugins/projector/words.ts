import { messages } from "../../base/i18n.svelte";

/** The room and its cloud. */
export const words = messages({
  en: {
    tensor: "Embedding",
    configProblem: (run: string) => `The configuration of run ${run} cannot be read`,
    nothingInView: "Nothing in view",
    resetsView: "0 resets the view",
    bookmarkProblems: {
      noJson: (why: string) => `no JSON (${why}); wanted bookmarks as TensorBoard saves them`,
      noList: "no JSON array; wanted bookmarks as TensorBoard saves them",
      noState: (place: number) => `entry ${place} is no bookmark: it has no dataSetDimensions`,
      otherShape: (place: number, theirs: string, ours: string) =>
        `bookmark ${place} is of ${theirs} numbers, this embedding has ${ours}`,
    },
    list: "Points",
    tools: { box: "Box selection (B)", lasso: "Lasso selection (L)" },
    reset: "Reset the view (0)",
    help: "Mouse and keys",
    beside: "Two side by side",
    summary: (n: string, what: string, axes: string) => `${n} points of ${what} on ${axes}.`,
    summaryColor: (field: string, values: string) => `Coloured by ${field}: ${values}.`,
    summarySelected: (n: string) => `${n} selected.`,
    noWebgl:
      "This browser gives no WebGL, so the cloud is drawn without the graphics card: slower, but complete.",
    emptyTitle: "No embeddings yet",
    emptyText: "Log some with",
    emptyPoints: "This embedding has no points.",
    noneDrawn: "No point of this embedding has finite numbers.",
    loading: "Projecting…",
  },
  "zh-CN": {
    tensor: "嵌入",
    configProblem: (run) => `无法读取运行 ${run} 的配置`,
    nothingInView: "视野中没有点",
    resetsView: "按 0 重置视图",
    bookmarkProblems: {
      noJson: (why) => `不是 JSON（${why}）；需要 TensorBoard 保存的书签`,
      noList: "不是 JSON 数组；需要 TensorBoard 保存的书签",
      noState: (place) => `第 ${place} 项不是书签：没有 dataSetDimensions`,
      otherShape: (place, theirs, ours) => `第 ${place} 个书签对应 ${theirs} 个数，此嵌入为 ${ours}`,
    },
    list: "点",
    tools: { box: "框选（B）", lasso: "套索选择（L）" },
    reset: "重置视图（0）",
    help: "鼠标与按键",
    beside: "并排两个点云",
    summary: (n, what, axes) => `${what} 的 ${n} 个点，坐标轴为 ${axes}。`,
    summaryColor: (field, values) => `按 ${field} 着色：${values}。`,
    summarySelected: (n) => `已选 ${n} 个。`,
    noWebgl: "此浏览器不支持 WebGL，点云不经显卡绘制：较慢，但完整。",
    emptyTitle: "还没有嵌入",
    emptyText: "这样记录：",
    emptyPoints: "此嵌入没有点。",
    noneDrawn: "此嵌入中没有数值有限的点。",
    loading: "正在投影…",
  },
});
