"""Names of the measures in Chinese, part by part: what stands between commas means the same everywhere."""

from __future__ import annotations

from typing import Final

PARTS: Final = {
    # Who, and where.
    "caller": "调用方",
    "all threads": "全部线程",
    "server": "服务端",
    "answer": "响应大小",
    "memory": "内存",
    "CPU": "CPU",
    "nobody looks": "无人查看",
    "a page open": "打开着一个页面",
    "tensorboardX": "tensorboardX",
    "torch": "torch",
    "rustboard": "rustboard",
    "plain reading": "单纯读取文件",
    "1 run × 1 tag": "1 个运行 × 1 个标签",
    "20 runs × 20 tags": "20 个运行 × 20 个标签",
    # The projector.
    "t-SNE of 1797 digits": "1797 个手写数字的 t-SNE",
    "scikit-learn": "scikit-learn",
    "trustworthiness": "可信度",
    "t-SNE of 60k × 784": "6 万 × 784 的 t-SNE",
    "UMAP of 60k × 784": "6 万 × 784 的 UMAP",
    "60k × 784 with images": "6 万 × 784（带图像）",
    "tab to points": "从打开标签页到出现点",
    "orbit of 60k points": "旋转 6 万个点",
    "1M × 64": "100 万 × 64",
    "first picture": "首个画面",
    "server's memory": "服务端内存",
    "download": "下载量",
    "999 neighbours among 1M × 64": "100 万 × 64 中的 999 个最近邻",
    "lasso of 1M points": "套索选择百万点",
    "first layout that moves": "首个移动的布局",
    "picking among 1M points": "百万点中拾取",
    # The writer.
    "add_scalar": "add_scalar",
    "add_scalar of a 0-d tensor": "add_scalar，0 维张量",
    "add_scalars of 3": "add_scalars，3 个值",
    "add_scalar beside them": "同时调用 add_scalar",
    "add_histogram of 1e6": "add_histogram，10⁶ 个值",
    "add_image 3×224×224": "add_image 3×224×224",
    "add_embedding 1000×128": "add_embedding 1000×128",
    "add_graph of VGG16": "VGG16 的 add_graph",
    "add_graph of 6.7 B parameters on meta": "67 亿参数（meta 设备）的 add_graph",
    "add_graph of 2 GiB": "2 GiB 模型的 add_graph",
    "… that looks at its data": "……会读取数据的模型",
    "import of SummaryWriter": "导入 SummaryWriter",
    "scalars lost beside a 50 MB picture every 500 steps": "每 500 步记录一张 50 MB 图像时丢失的标量",
    "pictures of 50 MB lost": "丢失的 50 MB 图像",
    "the first point after a pause": "停顿之后的第一个点",
    "to the file": "到写入文件",
    "1000 points in a row": "连续 1000 个点",
    "200 points": "200 个点",
    "one per 10 ms": "每 10 ms 一个",
    "then os._exit: left": "随后 os._exit：留下的点",
    # The server and the page.
    "start on an empty logdir to the first answer": "在空目录上启动到第一个响应",
    "start on an empty logdir to the list of runs": "在空目录上启动到列出运行",
    "start to the last step over HTTP": "启动到经 HTTP 得到最后一步",
    "2 M points": "200 万个点",
    "10 M points": "1000 万个点",
    "memory over 80 MiB": "超出 80 MiB 的内存",
    "memory of the points": "数据点占用的内存",
    "all points kept": "保留全部点",
    "all kept": "全部保留",
    "chart of 1 M points": "100 万个点的图表",
    "smoothed": "平滑后",
    "one-step spikes shown": "显示出的单步尖峰",
    "of 20": "共 20 个",
    "a new point in the file to the API": "文件中的新点到 API",
    "a look at 1000 files": "查看 1000 个文件一次",
    "scan to columns": "扫描成列",
    "load the index": "加载整个索引",
    "memory of the index": "索引占用的内存",
    "idle": "空闲",
    "1000 quiet files": "1000 个不变的文件",
    "2 quiet files": "2 个不变的文件",
    "a new point beside 1000 quiet files to the page": "1000 个不变的文件旁的新点到页面",
    "the first one after a minute of silence": "安静一分钟后的第一个新点",
    "mean and band of 100 runs × 10000 steps": "100 个运行 × 10000 步的均值与区间带",
    "mean and band of 1000 runs × 1000 steps": "1000 个运行 × 1000 步的均值与区间带",
    "equal steps": "步序相同",
    "different steps": "步序不同",
    "10,000 runs: page to a usable list": "10,000 个运行：从打开页面到列表可用",
    "10,000 runs: a filter and all that follows": "10,000 个运行：筛选及其后续更新",
    "10,000 runs: scrolling the table": "10,000 个运行：滚动表格",
    "10,000 runs: sorting the table": "10,000 个运行：表格排序",
    "main thread": "主线程",
    "1000 runs × 50 tags": "1000 个运行 × 50 个标签",
    "scalars page": "标量页面",
    "navigation to first painted chart": "从打开到画出第一张图表",
    "compressed script": "压缩后的脚本",
    "new point in the file → number on the page": "文件中的新点 → 页面上的数字",
}


def chinese(name: str) -> str:
    """A measure's name in Chinese; a part that is not known stays as it is."""
    return "，".join(PARTS.get(part, part) for part in name.split(", "))


def chinese_goal(goal: str) -> str:
    """A goal in Chinese: figures stay."""
    return (
        goal.replace("times as much", "倍")
        .replace("a forward", "一次前向计算")
        .replace(" (missed)", "（未达到）")
    )
