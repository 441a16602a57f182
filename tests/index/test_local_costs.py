"""What a question costs: as much as there is to answer, however much else there is."""

from __future__ import annotations

from pathlib import Path

from tests.support.log import read
from tests.support.log_file import LogFile, scalar

from cupola.index.run import Run
from cupola.index.series import Series


def test_one_cards_question_costs_a_card(tmp_path: Path, monkeypatch):
    """One tag among 20 runs of 200 tags: 20 series are described, not 4000."""
    for run in range(20):
        LogFile(tmp_path / f"r{run}").write(*(scalar(f"t{tag}", 0, 1.0) for tag in range(200)))
    provider = read(tmp_path)
    assert len(provider.series("scalars")) == 4000
    described = []
    real = Series.info
    monkeypatch.setattr(Series, "info", lambda series: described.append(series.key) or real(series))
    infos = provider.series("scalars", tag="t7")
    assert [info.key.run for info in infos] == [f"r{run}" for run in range(20)]
    assert len(described) == 20
    assert len(provider.series("scalars", tag="t7", runs=["r3", "r19"])) == 2 and len(described) == 22


def test_one_runs_description_costs_a_run(tmp_path: Path, monkeypatch):
    for run in range(20):
        LogFile(tmp_path / f"r{run}").points("x", [1])
    provider = read(tmp_path)
    described = []
    real = Run.info
    monkeypatch.setattr(Run, "info", lambda run: described.append(run.name) or real(run))
    assert [info.name for info in provider.runs(["r3", "none"])] == ["r3"] and described == ["r3"]
