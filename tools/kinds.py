"""Which kinds of data are written, read and shown, into the manual and both READMEs: `python -m tools.kinds`.

Nothing of it is written by hand: a kind is written if its plugin has an encoder, by the calls of its page,
whose code is run by a test; its values are read if the plugin has routes; it is shown if the page has a room.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cupola.plugins import plugin_module, plugins

ROOT: Final = Path(__file__).parents[1]
PLUGINS: Final = ROOT / "src" / "cupola" / "plugins"
ROOMS: Final = ROOT / "web" / "src" / "plugins"

CHINESE: Final = {
    "audio": "音频",
    "custom_scalars": "自定义标量图表",
    "graphs": "计算图",
    "histograms": "直方图",
    "hparams": "超参数",
    "images": "图像",
    "mesh": "网格与点云",
    "pr_curves": "PR 曲线",
    "projector": "嵌入投影",
    "scalars": "标量",
    "tensor": "张量",
    "text": "文本",
}


@dataclass(frozen=True)
class Kind:
    """One kind of data."""

    name: str
    """The plugin's."""
    title: str
    """Of its page in the manual."""
    calls: tuple[str, ...]
    """Methods of `SummaryWriter` that log it; empty if nothing does."""
    is_read: bool
    """Whether its values can be asked for; if not, its runs, tags and steps are listed."""
    is_shown: bool
    """Whether the page has a room of it."""


def kinds() -> list[Kind]:
    """Every kind; those that are shown first."""
    found = []
    for name in plugins():
        page = (PLUGINS / name / "README.md").read_text("utf-8")
        calls = dict.fromkeys(re.findall(r"writer\.(add_\w+)\(", page))
        found.append(
            Kind(
                name,
                page.partition("\n")[0].removeprefix("# "),
                tuple(calls) if plugin_module(name, "encode") else (),
                plugin_module(name, "api") is not None,
                (ROOMS / name / "index.ts").is_file(),
            )
        )
    return sorted(found, key=lambda kind: not kind.is_shown)


def _written(kind: Kind) -> str:
    return ", ".join(f"`{call}`" for call in kind.calls) or "–"


def english_table() -> str:
    """The table of migrating.md."""
    rows = ["| | written | read | shown |", "|---|---|---|---|"]
    for kind in kinds():
        read = "values" if kind.is_read else "runs, tags, steps"
        title = f"[{kind.title}](../src/cupola/plugins/{kind.name}/README.md)"
        rows.append(f"| {title} | {_written(kind)} | {read} | {'yes' if kind.is_shown else 'not yet'} |")
    return "\n".join(rows)


def chinese_table() -> str:
    """The same in Chinese."""
    rows = ["| | 写入 | 读取 | 展示 |", "|---|---|---|---|"]
    for kind in kinds():
        read = "数据本身" if kind.is_read else "运行、标签、步数"
        title = f"[{CHINESE[kind.name]}](../../src/cupola/plugins/{kind.name}/README.md)"
        rows.append(f"| {title} | {_written(kind)} | {read} | {'是' if kind.is_shown else '尚未'} |")
    return "\n".join(rows)


def _titles(shown: bool) -> str:
    titles = [kind.title for kind in kinds() if kind.is_shown == shown]
    return ", ".join(title if title.startswith("PR") else title.lower() for title in titles)


def english_line() -> str:
    """The line of README.md."""
    return f"Written, read and shown: {_titles(True)}. Written and listed, not shown yet: {_titles(False)}."


def chinese_line() -> str:
    """The same in Chinese."""
    shown = "、".join(CHINESE[kind.name] for kind in kinds() if kind.is_shown)
    listed = "、".join(CHINESE[kind.name] for kind in kinds() if not kind.is_shown)
    return f"可写入、读取并展示：{shown}。可写入、会列出但尚不展示：{listed}。"


PAGES: Final = {
    ROOT / "docs" / "migrating.md": english_table,
    ROOT / "docs" / "zh-CN" / "migrating.md": chinese_table,
    ROOT / "README.md": english_line,
    ROOT / "README.zh-CN.md": chinese_line,
}


def with_kinds(path: Path) -> str:
    """A page as it should be: with what is made here between its marks."""
    text = path.read_text("utf-8")
    start, _, rest = text.partition("<!-- kinds -->\n")
    _, mark, end = rest.partition("<!-- /kinds -->")
    if not mark:
        raise SystemExit(f"{path} has no place for the kinds; wanted <!-- kinds --> and <!-- /kinds -->")
    return f"{start}<!-- kinds -->\n{PAGES[path]()}\n{mark}{end}"


def main() -> None:
    """Writes the pages anew."""
    for path in PAGES:
        path.write_text(with_kinds(path), "utf-8")


if __name__ == "__main__":
    main()
