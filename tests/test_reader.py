from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.log_file import WALL_TIME, LogFile, tensor

import cupola
from cupola.errors import LogdirError, UnknownSeries


@pytest.fixture
def logdir(tmp_path: Path) -> Path:
    LogFile(tmp_path / "a2").points("loss", [1, 2]).points("acc", [5])
    LogFile(tmp_path / "a10").points("loss", [7]).write(tensor("note", 3, "text"))
    return tmp_path


def test_runs_and_tags(logdir: Path):
    log = cupola.open(logdir)
    assert log.runs == ["a2", "a10"]
    assert log.tags() == ["acc", "loss"] and log.tags("text") == ["note"]
    assert log.tags(run="a10") == ["loss"] and log.tags("mesh") == []
    assert "2 runs" in repr(log) and log.damage == {}


def test_scalars_are_a_tidy_table(logdir: Path):
    log = cupola.open(logdir)
    frame = log.scalars()
    assert list(frame) == [
        ("a2", "acc", 5, WALL_TIME + 5, 5.0),
        ("a2", "loss", 1, WALL_TIME + 1, 1.0),
        ("a2", "loss", 2, WALL_TIME + 2, 2.0),
        ("a10", "loss", 7, WALL_TIME + 7, 7.0),
    ]
    assert len(frame) == 4 and "4 points of 3 series" in repr(frame)
    columns = (frame.step, frame.wall_time, frame.value)
    assert [str(column.dtype) for column in columns] == ["int64", "float64", "float32"]
    assert log.scalars(run="a2", tag="loss").step.tolist() == [1, 2]
    assert log.scalars(tag="loss").run.tolist() == ["a2", "a2", "a10"]


def test_pandas(logdir: Path):
    frame = cupola.open(logdir).scalars().to_pandas()
    assert list(frame.columns) == ["run", "tag", "step", "wall_time", "value"]
    assert frame[frame.tag == "loss"].groupby("run").value.max().to_dict() == {"a2": 2.0, "a10": 7.0}


def test_an_empty_directory_and_refreshing(tmp_path: Path):
    log = cupola.open(tmp_path)
    assert log.runs == [] and len(log.scalars()) == 0 and list(log.scalars().to_pandas().columns)
    LogFile(tmp_path / "r").points("x", [1])
    assert log.runs == []
    log.refresh()
    assert log.scalars().step.tolist() == [1]


def test_errors_say_what_there_is(logdir: Path):
    with pytest.raises(LogdirError, match="not there; wanted the directory"):
        cupola.open(logdir / "none")
    with pytest.raises(LogdirError, match="is a file"):
        cupola.open(next((logdir / "a2").iterdir()))
    log = cupola.open(logdir)
    with pytest.raises(UnknownSeries, match=r"no run 'b'.*Log\.runs"):
        log.scalars(run="b")
    with pytest.raises(UnknownSeries, match="no run 'b'"):
        log.tags(run="b")
    with pytest.raises(UnknownSeries, match=r"no scalars under the tag 'acc' in the run 'a10'.*Log\.tags"):
        log.scalars(run="a10", tag="acc")


def test_an_address_that_is_no_path_is_an_error_with_the_command_that_copies_it() -> None:
    with pytest.raises(LogdirError, match="aws s3 sync s3://bucket/logs logs"):
        cupola.open("s3://bucket/logs")
