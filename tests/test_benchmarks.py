"""Figures stand beside the commit that they were measured at, and none is left out."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from benchmarks import __main__ as benchmarks
from benchmarks import readme
from benchmarks.chinese import PARTS, chinese


def measured(commit: str, rows: list[dict[str, object]]) -> dict[str, object]:
    machine = {"cpu": "a", "cores": 2, "system": "Linux"}
    return {"date": "2026-01-01", "machine": machine, "versions": {"cupola": commit}, "rows": rows}


def row(name: str, peer: float | None, goal: str) -> dict[str, object]:
    ratio = None if peer is None else peer / 2
    return {
        "name": name, "cupola": 2.0, "peer": peer, "ratio": ratio, "unit": "s", "goal": goal, "reached": True
    }  # fmt: skip


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("README.md", "README.zh-CN.md"):
        (tmp_path / name).write_text("before\n<!-- benchmarks -->\nold\n<!-- /benchmarks -->\nafter\n")
    monkeypatch.setattr(readme, "ROOT", tmp_path)
    monkeypatch.setattr(readme, "RESULTS", tmp_path / "results.json")
    return tmp_path


def test_every_row_with_a_peer_is_printed_the_worse_ones_too(project: Path) -> None:
    rows = [row("worse", 1.0, ""), row("better", 4.0, ""), row("goal", None, "≤ 3"), row("private", None, "")]
    results = {"benchmarks": {"one": measured("abc1234", rows)}}
    (project / "results.json").write_text(json.dumps(results))
    readme.main()
    for name in ("README.md", "README.zh-CN.md"):
        text = (project / name).read_text()
        assert "worse" in text and "better" in text and "| goal" in text and "private" not in text
        assert "abc1234" in text and text.startswith("before\n") and text.endswith("after\n")


def test_every_row_has_a_name_in_chinese() -> None:
    results = json.loads((readme.ROOT / "benchmarks" / "results.json").read_text())["benchmarks"]
    names = [row["name"] for bench in results.values() for row in bench["rows"]]
    assert [name for name in names if not set(name.split(", ")) <= PARTS.keys()] == []
    assert chinese("scan to columns, rustboard, 1 run × 1 tag") == "扫描成列，rustboard，1 个运行 × 1 个标签"


def test_every_measure_that_a_program_names_has_a_name_in_chinese() -> None:
    source = "".join(path.read_text() for path in sorted(readme.ROOT.glob("benchmarks/bench_*.py")))
    named = re.findall(r'\b(?:row|_exact|against)\(\s*"([^"]+)"', source)
    assert "add_scalar, caller, tensorboardX" in named and "load the index, rustboard" in named
    assert [name for name in named if not set(name.split(", ")) <= PARTS.keys()] == []


def test_the_chinese_page_has_chinese_names(project: Path) -> None:
    rows = [row("chart of 1 M points, smoothed, server", 1.0, "≤ 4 times as much")]
    (project / "results.json").write_text(json.dumps({"benchmarks": {"one": measured("abc", rows)}}))
    readme.main()
    assert "| 100 万个点的图表，平滑后，服务端 |" in (project / "README.zh-CN.md").read_text()
    assert "≤ 4 倍" in (project / "README.zh-CN.md").read_text()
    assert "| chart of 1 M points, smoothed, server |" in (project / "README.md").read_text()


@pytest.mark.parametrize("commits", [("abc", "def"), ("abc-dirty",)])
def test_a_mixed_or_dirty_state_is_not_printed(project: Path, commits: tuple[str, ...]) -> None:
    results = {"benchmarks": {commit: measured(commit, []) for commit in commits}}
    (project / "results.json").write_text(json.dumps(results))
    with pytest.raises(SystemExit, match="wanted all of it from one clean commit"):
        readme.main()


def test_a_whole_measurement_wants_a_clean_commit(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    status = " M src/cupola/reader.py\n M README.md"
    monkeypatch.setattr(benchmarks, "git", lambda *arguments: status)
    assert benchmarks.changed() == ["src/cupola/reader.py"]
    assert benchmarks.main([]) == 2
    assert "src/cupola/reader.py are not as committed" in capsys.readouterr().err
