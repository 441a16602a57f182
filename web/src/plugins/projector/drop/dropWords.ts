import { messages } from "../../../base/i18n.svelte";

export const dropWords = messages({
  en: {
    open: "Open a file…",
    openHelp:
      "A matrix (.npy, .npz, .safetensors, .parquet, .arrow, .tsv, .csv), or values for the points that are shown. Files can be dropped here too; they are never written into the log directory",
    dropHere: "Drop to show its points",
    sending: (name: string, done: string, all: string) => `Sending ${name}: ${done} of ${all}`,
    reading: (name: string) => `Reading ${name}…`,
    cancel: "Cancel",
    close: "Close",
    closeFile: "Close this file",
    leftOut: (name: string, n: string) => `Left out of ${name}: ${n}`,
    addedByOrder: (columns: string, name: string) => `Added from ${name}, row by row: ${columns}`,
    addedByKey: (columns: string, name: string, key: string) =>
      `Added from ${name}, matched by ${key}: ${columns}`,
    showMatrix: "Show it as points instead",
    noMatch: (name: string, rows: string, points: string) =>
      `${name} has ${rows} rows for ${points} points, and no column whose values name the points: wanted a row for each point, or a column called like one of the points'.`,
    noPoints: (name: string) =>
      `${name} has one value a row and no matrix; show an embedding first that it belongs to.`,
  },
  "zh-CN": {
    open: "打开文件…",
    openHelp:
      "矩阵（.npy、.npz、.safetensors、.parquet、.arrow、.tsv、.csv），或当前各点的取值。也可将文件拖放到此处；文件绝不会写入日志目录",
    dropHere: "松开以显示其中的点",
    sending: (name, done, all) => `正在发送 ${name}：${done} / ${all}`,
    reading: (name) => `正在读取 ${name}…`,
    cancel: "取消",
    close: "关闭",
    closeFile: "关闭此文件",
    leftOut: (name, n) => `${name} 中未采用：${n}`,
    addedByOrder: (columns, name) => `已从 ${name} 逐行添加：${columns}`,
    addedByKey: (columns, name, key) => `已从 ${name} 按 ${key} 匹配添加：${columns}`,
    showMatrix: "改为显示为点",
    noMatch: (name, rows, points) =>
      `${name} 有 ${rows} 行，而点有 ${points} 个，且没有能指明各点的列：需每点一行，或有一列与点的某列同名。`,
    noPoints: (name) => `${name} 每行只有一个值，没有矩阵；请先显示它所属的嵌入。`,
  },
});
