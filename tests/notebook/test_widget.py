"""`cupola.show`'s chart that answers to the mouse, as far as the kernel has part in it."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from tests.support.log_file import LogFile, scalar

import cupola
from cupola.notebook import chart as chart_module

pytest.importorskip("anywidget")
pytestmark = pytest.mark.slow  # with what `make test-notebooks` installs

VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def chart(tmp_path: Path) -> chart_module.Chart:
    LogFile(tmp_path).write(*(scalar("x", step, step % 7) for step in range(20_000)))
    return cupola.show(tmp_path, smoothing=0.5)


def steps(chart: chart_module.Chart) -> np.ndarray:
    (series,) = chart.widget.series
    x = np.frombuffer(series["x"], "<f8")
    assert len(series["value"]) == len(series["smoothed"]) == len(series["x"])
    return x


def test_only_where_someone_is_there(chart: chart_module.Chart, monkeypatch: pytest.MonkeyPatch):
    assert set(chart._repr_mimebundle_()) == {"image/svg+xml", "text/plain"}
    monkeypatch.setattr(chart_module, "is_attended", lambda: True)
    bundle = chart._repr_mimebundle_()
    assert set(bundle) == {"image/svg+xml", "text/plain", "text/html"}
    assert re.search(r'data-cupola-chart="\w{16}"><img src="data:image/svg\+xml;base64,', bundle["text/html"])
    assert bundle["text/html"] != chart._repr_mimebundle_()["text/html"]  # a place of its own each time
    monkeypatch.setattr(chart_module, "needs_view", lambda: True)
    assert chart._repr_mimebundle_()[VIEW]["model_id"] == chart.widget.model_id


def test_whom_colab_and_vs_code_are_told_by(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("VSCODE_PID", raising=False)
    assert not chart_module.needs_view()
    monkeypatch.setenv("VSCODE_PID", "1")
    assert chart_module.needs_view()


def test_looking_closer_brings_every_point(chart: chart_module.Chart):
    assert 720 <= len(steps(chart)) < 4000
    chart.widget.view = {"x": [1000.5, 1100.5], "width": 700}
    x = steps(chart)
    assert set(range(1001, 1101)) <= set(x) and len(x) < 110
    chart.widget.view = {"x": None, "width": 10**9}
    assert len(steps(chart)) <= 20_000
