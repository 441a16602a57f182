"""Nothing is lost on a healthy disk, however large: the bound on what waits is for storage that stalls."""

from __future__ import annotations

import errno
import logging
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from tests.support.event_files import events, files, read_file, steps

from cupola import SummaryWriter
from cupola._codec import _inject_write_fault
from cupola.events import event
from cupola.index.local import LocalProvider
from cupola.plugins import plugins
from cupola.writer import storage
from cupola.writer.event_writer import EventWriter

BOUND = 1 << 16


@pytest.fixture(autouse=True)
def no_fault() -> Iterator[None]:
    yield
    _inject_write_fault(0, 0, 0)


def stall(seconds: float, times: int = 1, after: int = 1) -> None:
    """The next writes take longer."""
    _inject_write_fault(after, 0, times, seconds)


def large_event(step: int, size: int) -> bytes:
    return event.encode_event(0.0, step, log_message=event.encode_log_message("x" * size, level=20))


def logged(directory: Path) -> list[int]:
    """Steps of the events of `large_event`."""
    return [each.step for each in events(directory) if each.log_message.level == 20]


@pytest.mark.parametrize("size", [BOUND // 2, BOUND, 20 * BOUND, 5 << 20])
def test_events_of_any_size_beside_scalars(tmp_path: Path, size: int) -> None:
    file = EventWriter(tmp_path, max_bytes=BOUND)
    stall(0.02, times=20)
    for step in range(10):
        file.write(large_event(step, size))
        for scalar in range(10):
            file.write_scalar("x", 0.0, step * 10 + scalar, 0.0)
    report = file.report
    file.close()
    assert report["dropped"] == 0
    assert logged(tmp_path) == list(range(10)) and steps(tmp_path, "x") == list(range(100))


def test_slow_storage_is_waited_for_while_it_gets_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "PATIENCE_S", 0.3)
    file = EventWriter(tmp_path, max_bytes=BOUND)
    stall(0.1, times=1 << 60)
    for step in range(20):
        file.write(large_event(step, BOUND))
    assert file.report["dropped"] == 0
    _inject_write_fault(0, 0, 0)
    file.close()
    assert logged(tmp_path) == list(range(20))


def test_pictures_and_all_else_of_a_writer_with_little_room(tmp_path: Path) -> None:
    pictures = np.random.default_rng(0).integers(0, 256, (4, 3, 64, 64), np.uint8)
    with SummaryWriter(tmp_path, max_bytes=2 * BOUND) as writer:
        stall(0.01, times=100)
        for step in range(20):
            writer.add_images("i", pictures, step)
            writer.add_histogram("h", np.arange(10_000.0), step)
            writer.add_text("t", "x" * 50_000, step)
            for scalar in range(10):
                writer.add_scalar("x", 0.0, step * 10 + scalar)
        writer._queue.drain()
    values = [(value.tag, each.step) for each in events(tmp_path) for value in each.summary.value]
    for tag in ("i", "h", "t/text_summary"):
        assert [step for name, step in values if name == tag] == list(range(20)), tag
    assert steps(tmp_path, "x") == list(range(200))


def test_scalars_have_room_of_their_own(tmp_path: Path) -> None:
    """While a large event is stuck in storage and another waits for room."""
    file = EventWriter(tmp_path, max_bytes=BOUND)
    file.write_scalar("x", 0.0, 0, 0.0)
    file.flush()
    stall(1.0)
    file.write(large_event(0, 10 * BOUND))
    waiting = threading.Thread(target=file.write, args=(large_event(1, 10 * BOUND),))
    waiting.start()
    time.sleep(0.1)
    took = []
    for step in range(1, 200):
        before = time.perf_counter()
        file.write_scalar("x", 0.0, step, 0.0)
        took.append(time.perf_counter() - before)
    assert sum(seconds > 0.004 for seconds in took) <= 2  # the busy machine's
    waiting.join()
    report = file.report
    file.close()
    assert report["dropped"] == 0
    assert steps(tmp_path, "x") == list(range(200)) and logged(tmp_path) == [0, 1]


def test_scalars_faster_than_storage(tmp_path: Path) -> None:
    """The caller is slowed down to what storage takes, as long as it gets on."""
    file = EventWriter(tmp_path, max_bytes=1 << 20)
    stall(0.001, times=1 << 60)
    for step in range(100_000):
        file.write_scalar("x", 0.0, step, 0.0)
    _inject_write_fault(0, 0, 0)
    file.close()
    kept = steps(tmp_path, "x")
    assert len(kept) == file.report["written"] and kept == sorted(kept)
    assert len(kept) >= 99_000  # a busy machine may let the writing thread stand still for 8 ms


def test_events_wait_once_for_storage_that_stands_still(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What is dropped is counted by plugin, told at once, told at the end, and said in the file."""
    monkeypatch.setattr(storage, "PATIENCE_S", 0.2)
    file = EventWriter(tmp_path, max_bytes=BOUND)
    file.write_scalar("x", 0.0, 0, 0.0)
    file.flush()
    stall(2.0)
    file.write(large_event(0, BOUND))
    began = time.monotonic()
    with caplog.at_level(logging.WARNING, "cupola"):
        for step in range(1, 6):
            file.write(large_event(step, BOUND))
            if step == 1:
                assert 0.2 <= time.monotonic() - began < 1.5
                assert len([r for r in caplog.records if "being dropped" in r.message]) == 1
        for step in range(1, 1000):
            file.write_scalar("x", 0.0, step, 0.0)
        assert time.monotonic() - began < 1.9
        assert len([r for r in caplog.records if "being dropped" in r.message]) == 1
        dropped = file.dropped_by_kind
        assert dropped["log messages"] == 5 and dropped["scalars"] > 100
        file.close()
    kinds = f"{dropped['scalars']} scalars, 5 log messages"
    (note,) = [each.log_message.message for each in events(tmp_path) if each.log_message.level == 30]
    assert note == f"{sum(dropped.values())} events were dropped so far ({kinds}): storage was too slow"
    assert f"were lost ({kinds})" in caplog.text
    assert damage(tmp_path) == [f"writer: {note}"]


def damage(logdir: Path) -> list[str]:
    """What readers show as damage of the run."""
    provider = LocalProvider(logdir, plugins().values())
    provider.poll()
    return [each.reason for each in provider.runs()[0].damage]


def test_what_is_lost_last_is_said_too(tmp_path: Path) -> None:
    """No event follows that would bring the note."""
    script = f"""
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (65536, resource.RLIM_INFINITY))
from cupola import SummaryWriter
w = SummaryWriter({str(tmp_path)!r})
w.add_scalar("x", 0.0, 0)
w.flush()
w.add_text("big", "x" * 100000)  # fits into no file
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert "1 of 2 events" in done.stderr and "(1 text)" in done.stderr
    assert damage(tmp_path) == ["writer: 1 events were dropped so far (1 text): File too large"]
    assert steps(tmp_path, "x") == [0]


def test_kinds_of_what_is_dropped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of every plugin, in its own encoding."""
    writer = SummaryWriter(tmp_path)
    writer.add_scalar("s", 1.0, 0)
    writer.add_scalar("s", 1.0, 1, new_style=True)
    writer.add_image("i", np.zeros((3, 4, 4)), 0)
    writer.add_histogram("h", np.arange(3.0), 0)
    writer.add_text("t", "x", 0)
    writer.add_pr_curve("p", np.array([0, 1]), np.array([0.1, 0.9]), 0)
    writer.add_audio("a", np.zeros(10), 0)
    writer._queue.drain()
    file = writer._files.main
    assert file is not None
    file.flush()
    copies = [each.SerializeToString() for each in events(tmp_path) if each.summary.value]
    for payload in copies:
        file._native.drop(payload)
    kinds = {"scalars": 2, "images": 1, "histograms": 1, "text": 1, "pr_curves": 1, "audio": 1}
    assert file.dropped_by_kind == kinds
    writer.close()


def test_an_event_that_no_reader_takes_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cupola.writer.event_writer.LARGEST_EVENT", 1000)
    file = EventWriter(tmp_path)
    file.write(large_event(0, 1000))
    file.write_scalar("x", 0.0, 1, 0.0)
    file.close()
    assert steps(tmp_path, "x") == [1] and logged(tmp_path) == []
    (reason,) = damage(tmp_path)
    assert reason.startswith("writer: 1 value could not be logged (first: an event: 1,0")


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO])
def test_a_part_of_a_large_event_is_taken_back(tmp_path: Path, error: int) -> None:
    """It is written in several calls; the second fails."""
    file = EventWriter(tmp_path)
    file.write_scalar("x", 0.0, 0, 0.0)
    file.flush()
    _inject_write_fault(2, error)
    file.write(large_event(1, 3 << 20))
    file.close()
    contents = [read_file(path) for path in files(tmp_path)]
    assert [each.torn for each in contents] == [0, 0]
    assert logged(tmp_path) == [1] and steps(tmp_path, "x") == [0]
