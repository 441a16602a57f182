import { messages } from "../../base/i18n.svelte";

/** Methods of layouts. */
export const layoutWords = messages({
  en: {
    method: "Layout",
    methods: { pca: "PCA", tsne: "t-SNE", umap: "UMAP", axes: "Axes" },
    methodHelp: {
      pca: "Principal components: exact, at once",
      tsne: "t-SNE: keeps neighbourhoods; distances between clusters mean little",
      umap: "UMAP: keeps neighbourhoods, and more of the whole than t-SNE",
      axes: "Your own axes: from some points to others, or an analogy",
    },
    dimensions: "Dimensions",
    measure: "Measure quality",
  },
  "zh-CN": {
    method: "布局",
    methods: { pca: "PCA", tsne: "t-SNE", umap: "UMAP", axes: "坐标轴" },
    methodHelp: {
      pca: "主成分：精确，立即可得",
      tsne: "t-SNE：保持邻域；簇间距离意义不大",
      umap: "UMAP：保持邻域，比 t-SNE 更多保留整体结构",
      axes: "自定义坐标轴：从一些点到另一些点，或类比",
    },
    dimensions: "维数",
    measure: "评估质量",
  },
});
