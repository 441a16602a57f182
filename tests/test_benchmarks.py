"""Figures stand beside the commit that they were measured at, and none is left out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from benchmarks import __main__ as benchmarks
from benchmarks import readme


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
