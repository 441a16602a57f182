"""Opening, flushing, closing and going on; directories by every name."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tensorboard.compat.proto import event_pb2
from tests.support.event_files import events, files, load, read_file, steps, values

import cupola
from cupola import SummaryWriter
from cupola.errors import WrongType


def test_first_event(tmp_path: Path) -> None:
    SummaryWriter(tmp_path)
    [path] = files(tmp_path)
    [first] = read_file(path).events
    assert first.file_version == "brain.Event:2"
    assert first.source_metadata.writer == "cupola"
    assert abs(first.wall_time - time.time()) < 10
    stem, seconds, *_ = path.name.removeprefix("events.out.").split(".")
    assert stem == "tfevents" and len(seconds) == 10


def test_purge_step_is_written_once(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        for step in range(10):
            writer.add_scalar("x", step, step)
    resumed = SummaryWriter(tmp_path, purge_step=5)
    for step in range(5, 8):
        resumed.add_scalar("x", step + 100, step)
    resumed.close()
    resumed.add_scalar("x", 108, 8)
    resumed.close()
    starts = [event for event in events(tmp_path) if event.HasField("session_log")]
    assert [(event.step, event.session_log.status) for event in starts] == [(5, event_pb2.SessionLog.START)]
    assert [p.step for p in load(tmp_path).Scalars("x")] == [0, 1, 2, 3, 4, 5, 6, 7, 8]


def test_use_metadata(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        with writer.use_metadata(global_step=17, walltime=13.0):
            writer.add_scalar("x", 0.1)
            writer.add_scalar("x", 0.1, global_step=7)
            writer.add_scalar("x", 0.1, walltime=18.0)
            writer.add_text("t", "x")
            writer.add_scalars("g", {"a": 1})
        writer.add_scalar("x", 0.1)
    seen = [
        (event.step, event.wall_time)
        for event in events(tmp_path)
        if event.summary.value and event.summary.value[0].tag == "x"
    ]
    assert seen[:3] == [(17, 13.0), (7, 13.0), (17, 18.0)]
    assert seen[3][0] == 0 and seen[3][1] > 1e9
    assert [(e.step, e.wall_time) for e in events(tmp_path / "g_a")[1:]] == [(17, 13.0)]
    assert (17, 13.0) in [
        (e.step, e.wall_time)
        for e in events(tmp_path)
        if e.summary.value and "text" in e.summary.value[0].tag
    ]


def test_close_and_go_on(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_scalar("x", 0, 0)
        assert writer.file_writer is writer._get_file_writer()
        assert writer.all_writers == {str(tmp_path): writer.file_writer}
    assert writer.file_writer is None and writer.all_writers is None
    writer.close()
    writer.flush()
    writer.add_scalar("x", 1, 1)
    writer.add_histogram("h", [1.0], 1)
    assert writer.file_writer is not None
    writer.close()
    bound = writer.add_scalar
    bound("x", 2, 2)
    writer.close()
    assert steps(tmp_path, "x") == [0, 1, 2]
    assert len(files(tmp_path)) == 3


def test_flush_covers_everything_before_it(tmp_path: Path) -> None:
    writer = SummaryWriter(tmp_path)
    for step in range(20):
        writer.add_scalar("x", step, step)
        writer.add_histogram("h", np.random.default_rng(0).normal(size=10000), step)
        writer.add_scalars("g", {"a": 1.0}, step)
        writer.flush()
        assert steps(tmp_path, "x") == list(range(step + 1))
        assert sum(value.tag == "h" for value in values(tmp_path)) == step + 1
        assert len(steps(tmp_path / "g_a", "g")) == step + 1
    writer.close()


def test_write_to_disk_false(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path / "none", write_to_disk=False) as writer:
        writer.add_scalar("x", 1, 1)
        writer.add_scalars("g", {"a": 1}, 1)
        writer.add_histogram("h", [1.0], 1)
        writer.add_embedding(np.zeros((2, 2)))
        writer.add_hparams({"a": 1}, {"b": 2})
        assert writer.file_writer is not None
        writer.file_writer.add_summary(cupola.summary.scalar("x", 1.0), 1)
        with pytest.raises(WrongType):
            writer.add_scalar("x", None)
    assert not (tmp_path / "none").exists()


def test_default_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    SummaryWriter(comment="_lr=1").close()
    [run] = (tmp_path / "runs").iterdir()
    assert run.name.endswith("_lr=1") and len(files(run)) == 1
    with SummaryWriter("run", "ignored") as writer:
        assert writer.log_dir == writer.logdir == writer.get_logdir() == "run"


def test_directory_by_every_name(tmp_path: Path) -> None:
    for number, made in enumerate(
        [
            lambda d: SummaryWriter(d),
            lambda d: SummaryWriter(log_dir=d),
            lambda d: SummaryWriter(logdir=str(d)),
        ]
    ):
        made(tmp_path / str(number)).close()
        assert len(files(tmp_path / str(number))) == 1
    with SummaryWriter(tmp_path / "a", logdir=tmp_path / "b") as writer:
        assert writer.log_dir == tmp_path / "b"
    with pytest.raises(TypeError):
        SummaryWriter(tmp_path, unknown=1)  # type: ignore[call-arg]


def test_the_fast_path_comes_back_when_a_file_is_closed_behind_the_writer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the peers' `FileWriter` is closed, or a remote file is large enough: the next file's native
    method is taken again.
    """
    slow: list[int] = []
    log_scalar = SummaryWriter._log_scalar

    def count(self: SummaryWriter, *args: Any, **kwargs: Any) -> None:
        slow.append(1)
        log_scalar(self, *args, **kwargs)

    monkeypatch.setattr(SummaryWriter, "_log_scalar", count)
    with SummaryWriter(tmp_path) as writer:
        assert writer.file_writer is not None
        for step in range(20):
            if step == 5:
                writer.file_writer.close()
            writer.add_scalar("x", step, step)
    assert steps(tmp_path, "x") == list(range(20))
    assert len(slow) <= 2
