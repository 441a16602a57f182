"""Steps come back bit for bit, however even they are: even ones are kept as a first one and a stride."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.scans import record, scalar

from cupola._codec import Scanner, SeriesChunk

LOW, HIGH = -(2**63), 2**63 - 1


def chunk_of(path: Path, steps: list[int]) -> SeriesChunk:
    path.write_bytes(b"".join(record(scalar("x", step, float(place))) for place, step in enumerate(steps)))
    (series,) = Scanner(str(path)).scan().series
    return series


def expect(series: SeriesChunk, steps: list[int]) -> None:
    assert series.step.dtype == np.int64
    assert series.step.tolist() == steps
    assert len(series) == len(steps)
    assert (series.first_step, series.last_step) == (steps[0], steps[-1])
    assert series.value.tolist() == [float(place) for place in range(len(steps))]
    assert series.last_value == len(steps) - 1


@pytest.mark.parametrize(
    "steps",
    [
        [3],
        [3, 3],
        [0, 0, 0, 0],
        [5, 4, 3, 2],
        [0, 10, 20, 30, 31],
        [0, 1, 2, 0, 1, 2],
        [7, 7, 8, 9],
        [LOW, HIGH, LOW, HIGH],
        [HIGH, LOW, LOW + 1],
        [0, LOW, 0, LOW],
        [*range(1000), *range(5)],
    ],
    ids=str,
)
def test_steps_of_every_shape(tmp_path: Path, steps: list[int]):
    expect(chunk_of(tmp_path / "events.out.tfevents.1", steps), steps)


@given(
    st.lists(st.sampled_from([0, 1, 2, 4, 6, LOW, HIGH]) | st.integers(LOW, HIGH), min_size=1, max_size=12)
)
@settings(max_examples=100, deadline=None)
def test_any_steps(tmp_path_factory: pytest.TempPathFactory, steps: list[int]):
    expect(chunk_of(tmp_path_factory.mktemp("steps") / "events.out.tfevents.1", steps), steps)


def test_each_array_of_steps_is_its_own(tmp_path: Path):
    series = chunk_of(tmp_path / "events.out.tfevents.1", [1, 2, 3])
    series.step[:] = 9
    assert series.step.tolist() == [1, 2, 3]


def test_ends_of_the_other_columns(tmp_path: Path):
    series = chunk_of(tmp_path / "events.out.tfevents.1", [1, 2, 3])
    assert (series.first_wall_time, series.last_wall_time) == (series.wall_time[0], series.wall_time[-1])
    assert not series.is_wide
