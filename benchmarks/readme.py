"""Puts the table of `results.json` into both READMEs, where `<!-- benchmarks -->` stands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks.chinese import chinese, chinese_goal

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results.json"

CHINESE_PAGE = "README.zh-CN.md"

WORDS = {
    "README.md": (
        "## Measured",
        "cupola and its peer in turn, in one run, on one machine: {machine}, {date}. "
        "Every row that has a peer or a goal stands here, the worse ones too. `make bench` repeats it from a "
        "clean commit, here {commit}; raw numbers are in [benchmarks/results.json](benchmarks/results.json).",
        "| what | cupola | peer | ratio | goal |",
    ),
    CHINESE_PAGE: (
        "## 实测",
        "同一台机器、同一次运行中，cupola 与对照工具交替测量：{machine}，{date}。"
        "凡有对照或目标的项目全部列出，不如对照的也在内。`make bench` 在干净的提交（此处为 {commit}）上复现；"
        "原始数据在 [benchmarks/results.json](benchmarks/results.json)。",
        "| 项目 | cupola | 对照 | 倍数 | 目标 |",
    ),
}


def figure(value: float | None, unit: str) -> str:
    """A number with three figures and its unit; a dash if there is none."""
    return "–" if value is None else f"{float(f'{value:.3g}'):,g} {unit}"


def table(rows: list[dict[str, Any]], head: str, is_chinese: bool = False) -> str:
    """The rows as Markdown; a goal that was missed says so."""
    lines = [head, "|---|---|---|---|---|"]
    for row in rows:
        ratio = "–" if row["ratio"] is None else f"{row['ratio']:.3g}×"
        goal = row["goal"] if row["reached"] or not row["goal"] else f"{row['goal']} (missed)"
        name = row["name"]
        if is_chinese:
            name, goal = chinese(name), chinese_goal(goal)
        cells = name, figure(row["cupola"], row["unit"]), figure(row["peer"], row["unit"]), ratio, goal
        lines.append("| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines)


def main() -> None:
    measured = list(json.loads(RESULTS.read_text())["benchmarks"].values())
    rows = [row for bench in measured for row in bench["rows"] if row["goal"] or row["peer"] is not None]
    commits = {bench["versions"]["cupola"] for bench in measured}
    if len(commits) > 1 or any(commit.endswith("-dirty") for commit in commits):
        raise SystemExit(
            f"results.json was measured at {', '.join(sorted(commits))}; "
            "wanted all of it from one clean commit: make bench"
        )
    computer = measured[0]["machine"]
    facts = {
        "machine": f"{computer['cpu']}, {computer['cores']} cores, {computer['system']}",
        "commit": commits.pop(),
        "date": max(bench["date"] for bench in measured)[:10],
    }
    for name, (title, text, head) in WORDS.items():
        path = ROOT / name
        body = f"{title}\n\n{text.format(**facts)}\n\n{table(rows, head, is_chinese=name == CHINESE_PAGE)}"
        block = f"<!-- benchmarks -->\n\n{body}\n\n<!-- /benchmarks -->"
        old = path.read_text()
        start, _, rest = old.partition("<!-- benchmarks -->")
        new = start + block + rest.rpartition("<!-- /benchmarks -->")[2]
        if new != old:
            path.write_text(new)


if __name__ == "__main__":
    main()
