"""`cupola.show`: what is drawn, and what is said where nothing can be."""

from __future__ import annotations

import re
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from tests.support.log_file import LogFile, scalar

import cupola
from cupola.errors import LogdirError, UnknownSeries
from cupola.notebook.svg import PALETTE, assign_slots, chart_svg, ticks


def write(folder: Path, tag: str, values: list[float]) -> None:
    LogFile(folder).write(*(scalar(tag, step, value) for step, value in enumerate(values)))


def paths(svg: str) -> list[str]:
    """Of the curves."""
    root = ET.fromstring(svg)
    return [each.get("d", "") for each in root if each.get("stroke-linejoin")]


def heights(path: str) -> list[float]:
    return [float(y) for y in re.findall(r"[ML][\d.]+ ([\d.]+)", path)]


def test_a_line_for_each_run_and_a_faint_one_behind_a_smoothed_one(tmp_path: Path):
    for run in ("a", "b"):
        write(tmp_path / run, "loss", [3.0, 2.0, 1.0])
    assert len(paths(cupola.show(tmp_path).svg)) == 2
    assert len(paths(cupola.show(cupola.open(tmp_path), tag="loss", smoothing=0.5).svg)) == 4
    assert len(paths(cupola.show(tmp_path, run="b").svg)) == 1
    assert len(paths(cupola.show(tmp_path, run=["a", "b", "a"]).svg)) == 2


def test_no_spike_is_lost_and_the_image_stays_small(tmp_path: Path):
    values = [0.0] * 100_000
    values[77_777] = 100.0
    write(tmp_path, "x", values)
    svg = cupola.show(tmp_path).svg
    (path,) = paths(svg)
    assert len(svg) < 200_000
    assert max(heights(path)) - min(heights(path)) > 200


def test_values_that_are_no_numbers_are_gaps(tmp_path: Path):
    nan, inf = float("nan"), float("inf")
    write(tmp_path / "gaps", "x", [1.0, 2.0, nan, 3.0, inf, -inf, 4.0])
    (path,) = paths(cupola.show(tmp_path).svg)
    assert path.count("M") == 3 and "nan" not in path and "inf" not in path
    write(tmp_path / "none", "x", [nan, nan])
    assert len(paths(cupola.show(tmp_path).svg)) == 2


@pytest.mark.parametrize("values", [[1.0], [0.0, 0.0], [5e-324, 1e-323], [3e38, -3e38], [1e-30, 2e-30]])
def test_odd_ranges_are_drawn(tmp_path: Path, values: list[float]):
    write(tmp_path, "x", values)
    (path,) = paths(cupola.show(tmp_path).svg)
    assert all(0 < y < 360 for y in heights(path))


def test_names_are_text_and_never_markup(tmp_path: Path):
    write(tmp_path / "a&b", "<script>alert(1)</script>'\"\x01", [1.0, 2.0])
    svg = cupola.show(tmp_path).svg
    assert "<script" not in svg and "a&b" in [each.text for each in ET.fromstring(svg)]


def test_what_notebooks_ask_for(tmp_path: Path):
    write(tmp_path, "x", [1.0, 2.0])
    chart = cupola.show(tmp_path)
    bundle = chart._repr_mimebundle_()
    assert bundle == {"image/svg+xml": chart.svg, "text/plain": "Chart('x', 1 run, 2 points)"}
    chart.save(tmp_path / "x.svg")
    assert (tmp_path / "x.svg").read_text("utf-8") == chart.svg


def test_mistakes_are_told(tmp_path: Path):
    with pytest.raises(UnknownSeries, match="holds no scalars"):
        cupola.show(tmp_path)
    write(tmp_path, "x", [1.0])
    write(tmp_path / "b", "y", [1.0])
    with pytest.raises(UnknownSeries, match="2 tags of scalars; wanted one of them as `tag`: 'x', 'y'"):
        cupola.show(tmp_path)
    with pytest.raises(UnknownSeries, match="no run 'c'"):
        cupola.show(tmp_path, "x", "c")
    with pytest.raises(LogdirError, match="is not there"):
        cupola.show(tmp_path / "missing")
    with pytest.raises(ValueError, match="smoothing is 1; wanted 0 to below 1"):
        cupola.show(tmp_path, "x", smoothing=1)
    with pytest.raises(ValueError, match="width is 10; wanted 200 to 4000 pixels"):
        cupola.show(tmp_path, "x", width=10)


def test_many_runs_have_a_legend_that_ends():
    svg = chart_svg("x", [], [], 720, 360)
    assert ET.fromstring(svg) is not None
    slots = assign_slots([f"run{i}" for i in range(40)])
    assert [slots[f"run{i}"] for i in range(36)] == list(range(36))
    assert [slots[f"run{i}"] for i in range(36, 40)] == list(range(4))
    source = (Path(__file__).parents[2] / "web/src/base/runColors.ts").read_text("utf-8")
    light = source[source.index("light: [") : source.index("dark: [")]
    assert tuple(re.findall(r"#[0-9a-f]{6}", light)) == PALETTE


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.0, 1.0, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (-3.0, 7.0, [-2, 0, 2, 4, 6]),
        (0.0, 5000.0, [0, 1000, 2000, 3000, 4000, 5000]),
    ],
)
def test_ticks_are_round(low: float, high: float, expected: list[float]):
    assert np.allclose(ticks(low, high, 5), expected)


def test_without_anywidget_it_is_said_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write(tmp_path, "x", [1.0])
    monkeypatch.setitem(sys.modules, "anywidget", None)
    monkeypatch.delitem(sys.modules, "cupola.notebook.widget", raising=False)
    chart = cupola.show(tmp_path)
    with pytest.raises(ImportError, match="needs anywidget, which is not installed: pip install anywidget"):
        _ = chart.widget
    monkeypatch.setattr("cupola.notebook.chart.is_attended", lambda: True)
    assert set(chart._repr_mimebundle_()) == {"image/svg+xml", "text/plain"}
