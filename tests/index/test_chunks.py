"""Points of long chunks stay as the scan left them until somebody looks, and are the same then."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tensorboard.compat.proto.event_pb2 import Event
from tests.support.log import read
from tests.support.log_file import LogFile, record, scalar, start, tensor

from cupola.index import event_file
from cupola.index.local import LocalProvider
from cupola.index.series import ADOPTED, FEW_CHUNKS, Part
from cupola.types import SeriesKey

KEY = SeriesKey("run", "scalars", "x")
LONG = 4 * ADOPTED


@pytest.fixture(autouse=True)
def pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read in pieces of about 1.5 `ADOPTED` points."""
    size = len(scalar("x", 1000, 1.0)) * (ADOPTED + ADOPTED // 2)
    monkeypatch.setattr(event_file, "FIRST_SCAN_BYTES", size)
    monkeypatch.setattr(event_file, "MAX_SCAN_BYTES", size)


def parts(provider: LocalProvider) -> tuple[Part, ...]:
    return provider._index.runs["run"].series[KEY].parts


def columns(provider: LocalProvider) -> tuple[list[int], list[float]]:
    found = provider.scalars(KEY)
    assert all(not column.flags.writeable for column in found)
    return found.step.tolist(), found.value.tolist()


def test_nothing_is_copied_until_somebody_looks(tmp_path: Path):
    LogFile(tmp_path / "run").points("x", range(LONG))
    provider = read(tmp_path)
    (part,) = parts(provider)
    assert len(part.chunks) > 1 and part.capacity == 0
    (info,) = provider.series("scalars")
    assert (info.first_step, info.last_step, info.count) == (0, LONG - 1, LONG)
    assert info.last_wall_time == provider.runs()[0].last_wall_time
    assert part.capacity == 0
    assert columns(provider) == (list(range(LONG)), [float(step) for step in range(LONG)])
    assert part.chunks == () and part.capacity == LONG


def test_a_growing_series_keeps_few_chunks(tmp_path: Path):
    file = LogFile(tmp_path / "run").points("x", range(ADOPTED))
    provider = read(tmp_path)
    for step in range(ADOPTED, ADOPTED + 3 * FEW_CHUNKS):
        file.points("x", [step])
        provider.poll()
        assert len(parts(provider)[0].chunks) <= FEW_CHUNKS
    assert columns(provider)[0] == list(range(ADOPTED + 3 * FEW_CHUNKS))


def test_a_view_stays_what_it_was(tmp_path: Path):
    file = LogFile(tmp_path / "run").points("x", range(LONG))
    provider = read(tmp_path)
    before = provider.scalars(KEY)
    file.points("x", range(LONG, 2 * LONG))
    provider.poll()
    assert columns(provider)[0] == list(range(2 * LONG))
    assert before.step.tolist() == list(range(LONG))


def test_a_restart_hides_points_of_chunks(tmp_path: Path):
    LogFile(tmp_path / "run", "1").points("x", range(LONG))
    LogFile(tmp_path / "run", "2").write(start(LONG // 2)).points("x", range(LONG // 2, LONG + 7))
    provider = read(tmp_path)
    assert columns(provider)[0] == list(range(LONG + 7))


def test_files_between_files(tmp_path: Path):
    """Points that come in the middle of what was adopted, and behind it."""
    first = LogFile(tmp_path / "run", "1").points("x", range(LONG))
    third = LogFile(tmp_path / "run", "3").points("x", range(3 * LONG, 4 * LONG))
    provider = read(tmp_path)
    LogFile(tmp_path / "run", "2").points("x", range(2 * LONG, 3 * LONG))
    first.points("x", range(LONG, 2 * LONG))
    third.points("x", range(4 * LONG, 5 * LONG))
    provider.poll()
    assert columns(provider)[0] == list(range(5 * LONG))
    (tmp_path / "run" / "events.out.tfevents.2").unlink()
    provider.poll()
    assert columns(provider)[0] == [*range(2 * LONG), *range(3 * LONG, 5 * LONG)]


def tensor_scalar(step: int, value: float, *, is_double: bool) -> bytes:
    event = Event(wall_time=1.0, step=step)
    point = event.summary.value.add(tag="x")
    point.metadata.plugin_data.plugin_name = "scalars"
    point.metadata.data_class = 1
    point.tensor.dtype = 2 if is_double else 1
    (point.tensor.double_val if is_double else point.tensor.float_val).append(value)
    return record(event)


def test_a_double_far_behind_makes_the_series_wide(tmp_path: Path):
    """The chunks before it hold float32: each value is what it was, bit for bit."""
    values = np.random.default_rng(0).normal(size=2 * LONG).astype(np.float32).astype(np.float64)
    values[LONG] = 0.1
    LogFile(tmp_path / "run").write(
        *(tensor_scalar(step, value, is_double=step == LONG) for step, value in enumerate(values))
    )
    found = read(tmp_path).scalars(KEY).value
    assert found.dtype == np.float64
    assert found.tobytes() == values.tobytes()


def test_a_series_that_ends_in_nan_has_diverged(tmp_path: Path):
    file = LogFile(tmp_path / "run").points("x", range(LONG))
    file.write(*(scalar("x", step, float("nan")) for step in range(LONG, LONG + ADOPTED * 2)))
    provider = read(tmp_path)
    diverged = provider.runs()[0].diverged
    assert diverged is not None and (diverged.tag, diverged.step) == ("x", LONG)


def test_blobs_of_chunks_are_found_by_their_keys(tmp_path: Path):
    file = LogFile(tmp_path / "run")
    file.write(*(tensor("t", step, "text" if step == 0 else "", b"%d" % step) for step in range(LONG)))
    provider = read(tmp_path)
    (info,) = provider.series("text")
    points = provider.blobs(info.key)
    assert points.step.tolist() == list(range(LONG))
    assert b"%d" % 777 in provider.read(points.key[777])
