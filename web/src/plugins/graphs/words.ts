import { messages } from "../../base/i18n.svelte";
import type { Coloring } from "./draw/colors";
import type { Kind } from "./model/kinds";
import type { Trace } from "./model/trace";

interface Words {
  room: string;
  graph: string;
  loading: string;
  none: string;
  noneHint: string;
  failedLayout: (reason: string) => string;
  search: string;
  searchHint: string;
  noMatch: string;
  notRegex: string;
  matches: (n: number) => string;
  colorBy: string;
  colorings: Record<Coloring, string>;
  everything: string;
  everythingHint: string;
  expandAll: string;
  collapseAll: string;
  fit: string;
  zoomIn: string;
  zoomOut: string;
  download: string;
  png: string;
  svg: string;
  table: string;
  panel: string;
  canvas: (name: string, shown: number, nodes: number) => string;
  keys: string;
  map: string;
  summary: string;
  nodes: string;
  drawn: string;
  modules: string;
  parameters: string;
  unknown: string;
  legend: string;
  few: string;
  many: string;
  equal: string;
  kinds: Record<Kind, string>;
  name: string;
  module: string;
  op: string;
  repeats: (n: number) => string;
  device: string;
  outputs: string;
  inputs: string;
  noInputs: string;
  noOutputs: string;
  output: (i: number) => string;
  attributes: string;
  constants: string;
  contents: string;
  stats: string;
  time: string;
  memory: string;
  unknownInputs: string;
  controlEdge: string;
  expand: string;
  collapse: string;
  center: string;
  copy: string;
  copied: string;
  trace: string;
  traces: Record<Trace, string>;
  more: (n: number) => string;
  truncated: string;
  step: (n: string) => string;
  kind: Record<"op" | "keras" | "profile", string>;
  shape: string;
  close: string;
  tooManyOpen: string;
  tooLarge: string;
  stale: (time: string, message: string) => string;
}

export const t = messages<Words>({
  en: {
    room: "Graph",
    graph: "Graph",
    loading: "Laying out…",
    none: "No graph yet",
    noneHint: "writer.add_graph(model, input) records one.",
    failedLayout: (reason) => `The graph could not be laid out: ${reason}`,
    search: "Find: name, op or regex",
    searchHint: "↑ ↓ choose, Enter goes there",
    noMatch: "Nothing found",
    notRegex: "No regular expression: looked for as plain text",
    matches: (n) => (n === 1 ? "1 match" : `${n} matches`),
    colorBy: "Colour by",
    colorings: {
      kind: "kind",
      structure: "structure",
      device: "device",
      parameters: "parameters",
      memory: "memory",
      time: "compute time",
    },
    everything: "All nodes",
    everythingHint: "Draw parameters, constants, lists and size arithmetic too",
    expandAll: "Expand all",
    collapseAll: "Collapse all",
    fit: "Fit (0)",
    zoomIn: "Zoom in (+)",
    zoomOut: "Zoom out (−)",
    download: "Download",
    png: "PNG picture",
    svg: "SVG drawing",
    table: "Table of nodes",
    panel: "Details",
    canvas: (name, shown, nodes) =>
      `Graph ${name}: ${shown} boxes shown of ${nodes} nodes. The table of nodes lists the same in words.`,
    keys: "Arrow keys: select · Enter: open or close · Esc: let go · + − 0: zoom",
    map: "Overview of the whole graph; click to go there",
    summary: "Summary",
    nodes: "Nodes",
    drawn: "Drawn",
    modules: "Modules",
    parameters: "Parameters",
    unknown: "unknown",
    legend: "Legend",
    few: "none",
    many: "all",
    equal: "Equal scopes have one colour; what occurs once is grey.",
    kinds: {
      io: "input, output",
      convolution: "convolution",
      linear: "linear",
      attention: "attention",
      recurrent: "recurrent",
      embedding: "embedding",
      normalization: "normalization",
      activation: "activation",
      pooling: "pooling",
      dropout: "dropout",
      arithmetic: "arithmetic",
      reduction: "reduction, loss",
      shape: "shape",
      data: "data",
      module: "module",
      other: "other",
    },
    name: "Name",
    module: "Module",
    op: "Op",
    repeats: (n) => `${n} equal scopes`,
    device: "Device",
    outputs: "Outputs",
    inputs: "Inputs",
    noInputs: "No inputs",
    noOutputs: "Nobody reads it",
    output: (i) => `Output ${i}`,
    attributes: "Attributes",
    constants: "Constants",
    contents: "Contents",
    stats: "Cost",
    time: "Compute time",
    memory: "Memory of outputs",
    unknownInputs: "Inputs without a node",
    controlEdge: "control",
    expand: "Expand",
    collapse: "Collapse",
    center: "Show",
    copy: "Copy name",
    copied: "Copied",
    trace: "Trace",
    traces: { none: "off", inputs: "inputs", outputs: "outputs", both: "both" },
    more: (n) => `${n} more`,
    truncated: "Only the first million nodes are read.",
    step: (n) => `step ${n}`,
    kind: { op: "graph", keras: "Keras model", profile: "profiled graph" },
    shape: "Shape",
    close: "Close",
    tooManyOpen: "Which scopes of the graph are open: there are too many for an address.",
    tooLarge: "The picture would be too large for a PNG at this size; it was made smaller. SVG has no limit.",
    stale: (time, message) => `as of ${time}: ${message}`,
  },
  "zh-CN": {
    room: "计算图",
    graph: "计算图",
    loading: "正在布局…",
    none: "还没有计算图",
    noneHint: "用 writer.add_graph(model, input) 记录。",
    failedLayout: (reason) => `无法布局计算图：${reason}`,
    search: "查找：名称、算子或正则",
    searchHint: "↑ ↓ 选择，Enter 前往",
    noMatch: "没有找到",
    notRegex: "不是正则表达式：按普通文本查找",
    matches: (n) => `${n} 个匹配`,
    colorBy: "着色",
    colorings: {
      kind: "类别",
      structure: "结构",
      device: "设备",
      parameters: "参数量",
      memory: "内存",
      time: "计算时间",
    },
    everything: "全部节点",
    everythingHint: "同时画出参数、常量、列表和形状运算",
    expandAll: "全部展开",
    collapseAll: "全部收起",
    fit: "适应窗口 (0)",
    zoomIn: "放大 (+)",
    zoomOut: "缩小 (−)",
    download: "下载",
    png: "PNG 图片",
    svg: "SVG 矢量图",
    table: "节点表",
    panel: "详情",
    canvas: (name, shown, nodes) =>
      `计算图 ${name}：共 ${nodes} 个节点，显示 ${shown} 个方框。节点表以文字列出相同内容。`,
    keys: "方向键：选择 · Enter：展开或收起 · Esc：取消 · + − 0：缩放",
    map: "整个计算图的缩略图；点击前往",
    summary: "概要",
    nodes: "节点",
    drawn: "画出",
    modules: "模块",
    parameters: "参数",
    unknown: "未知",
    legend: "图例",
    few: "无",
    many: "全部",
    equal: "结构相同的作用域同色；只出现一次的为灰色。",
    kinds: {
      io: "输入、输出",
      convolution: "卷积",
      linear: "线性",
      attention: "注意力",
      recurrent: "循环",
      embedding: "嵌入",
      normalization: "归一化",
      activation: "激活",
      pooling: "池化",
      dropout: "Dropout",
      arithmetic: "算术",
      reduction: "归约、损失",
      shape: "形状",
      data: "数据",
      module: "模块",
      other: "其他",
    },
    name: "名称",
    module: "模块",
    op: "算子",
    repeats: (n) => `${n} 个相同的作用域`,
    device: "设备",
    outputs: "输出",
    inputs: "输入",
    noInputs: "没有输入",
    noOutputs: "没有被读取",
    output: (i) => `输出 ${i}`,
    attributes: "属性",
    constants: "常量",
    contents: "内容",
    stats: "开销",
    time: "计算时间",
    memory: "输出内存",
    unknownInputs: "没有对应节点的输入",
    controlEdge: "控制",
    expand: "展开",
    collapse: "收起",
    center: "显示",
    copy: "复制名称",
    copied: "已复制",
    trace: "追踪",
    traces: { none: "关", inputs: "输入", outputs: "输出", both: "两者" },
    more: (n) => `另有 ${n} 个`,
    truncated: "只读取前一百万个节点。",
    step: (n) => `第 ${n} 步`,
    kind: { op: "计算图", keras: "Keras 模型", profile: "性能分析图" },
    shape: "形状",
    close: "关闭",
    tooManyOpen: "展开的作用域过多，地址中不包含它们。",
    tooLarge: "以此尺寸生成 PNG 过大，已缩小。SVG 没有限制。",
    stale: (time, message) => `截至 ${time}：${message}`,
  },
});
