"""Rows of figures for each run, against NumPy on the points that were written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.support.log import read
from tests.support.log_file import LogFile, scalar, start
from tests.support.server import Client, client

from cupola.columns import decode_columns

STATISTICS = ["last", "min", "max", "first", "at", "count", "min_step", "max_step"]


def table(asked: Client, **question: Any) -> dict[str, dict[str, dict[str, float]]]:
    """The answer by tag, run and statistic; runs without the tag are left out."""
    answer = asked.post("/api/scalars/table", question)
    assert answer.status_code == 200, answer.text
    document = decode_columns(answer.content)
    found: dict[str, dict[str, dict[str, float]]] = {}
    for entry in document["tags"]:
        columns = {name: column.tolist() for name, column in entry.items() if name != "tag"}
        assert all(len(column) == len(document["runs"]) for column in columns.values())
        found[entry["tag"]] = {
            run: {name: column[row] for name, column in columns.items()}
            for row, run in enumerate(document["runs"])
            if columns["count"][row]
        }
    return found


def test_figures_equal_numpys_on_random_series(tmp_path: Path):
    generator = np.random.default_rng(11)
    wanted = {}
    for run in (f"r{number}" for number in range(12)):
        file = LogFile(tmp_path / run)
        count = int(generator.integers(1, 60))
        steps = np.cumsum(generator.integers(0, 4, count))
        values = generator.normal(size=count).astype(np.float32)
        values[generator.random(count) < 0.2] = generator.choice([np.nan, np.inf, -np.inf])
        for step, value in zip(steps.tolist(), values.tolist(), strict=True):
            file.write(scalar("x", step, value))
        wanted[run] = steps, values.astype(float)
    at = 20
    rows = table(client(read(tmp_path)), tags=["x"], statistics=STATISTICS, step=at)["x"]
    assert rows.keys() == wanted.keys()
    for run, (steps, values) in wanted.items():
        finite = np.isfinite(values)
        low = int(np.argmin(np.where(finite, values, np.inf)))
        high = int(np.argmax(np.where(finite, values, -np.inf)))
        before = np.flatnonzero(steps <= at)
        expected = {
            "last": values[-1],
            "first": values[0],
            "count": len(values),
            "min": values[low] if finite.any() else np.nan,
            "max": values[high] if finite.any() else np.nan,
            "min_step": steps[low] if finite.any() else 0,
            "max_step": steps[high] if finite.any() else 0,
            "at": values[before[-1]] if len(before) else np.nan,
        }
        np.testing.assert_equal(rows[run], {name: expected[name] for name in rows[run]})


def test_runs_without_a_tag_have_a_count_of_none(tmp_path: Path):
    LogFile(tmp_path / "a").points("x", [1, 2])
    LogFile(tmp_path / "b").points("y", [3])
    asked = client(read(tmp_path))
    found = table(asked, tags=["x", "y", "none", "x"])
    assert {tag: set(rows) for tag, rows in found.items()} == {"x": {"a"}, "y": {"b"}, "none": set()}
    assert table(asked, tags=["x"], runs=["b", "gone"]) == {"x": {}}
    assert table(asked, tags=[]) == {}


def test_the_value_at_a_step_is_that_of_the_life_that_counts(tmp_path: Path):
    file = LogFile(tmp_path)
    for step in (0, 10, 20):
        file.write(scalar("x", step, step))
    file.write(start(10))
    file.write(scalar("x", 10, 5.0))
    asked = client(read(tmp_path))
    values = [
        table(asked, tags=["x"], statistics=["at"], step=step)["x"]["."]["at"] for step in (0, 9, 10, 50)
    ]
    assert values == [0, 0, 5, 5]
    assert np.isnan(table(asked, tags=["x"], statistics=["at"], step=-1)["x"]["."]["at"])
    assert table(asked, tags=["x"], statistics=["at"])["x"]["."]["at"] == 5, "without a step: the last one"


@pytest.mark.parametrize(
    "question",
    [
        {},
        {"tags": "x"},
        {"tags": [1]},
        {"tags": ["x"] * 257},
        {"tags": ["x"], "statistics": ["mode"]},
        {"tags": ["x"], "statistics": "last"},
        {"tags": ["x"], "step": 0.5},
        {"tags": ["x"], "step": 2**63},
        {"tags": ["x"], "step": True},
        {"tags": ["x"], "runs": "a"},
    ],
)
def test_what_is_no_question_is_refused(tmp_path: Path, question: dict[str, Any]):
    answer = client(read(tmp_path)).post("/api/scalars/table", question)
    assert answer.status_code == 400 and answer.json()["error"]
