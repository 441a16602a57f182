"""Storage that fails, stalls or goes away never harms the training loop, and what can be kept is kept."""

from __future__ import annotations

import errno
import logging
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.support.event_files import files, read_file, steps

from cupola import SummaryWriter
from cupola._codec import _inject_write_fault, _shift_wall_clock
from cupola.index.local import LocalProvider
from cupola.plugins import plugins
from cupola.writer.event_writer import EventWriter

ERRORS = [errno.ENOSPC, errno.EIO, errno.EFBIG]


@pytest.fixture(autouse=True)
def no_fault() -> Iterator[None]:
    yield
    _inject_write_fault(0, 0, 0)


def log(writer: SummaryWriter, count: int, start: int = 0) -> list[float]:
    """Logs steps of tag `x`; how long each call took, in seconds."""
    took: list[float] = []
    for step in range(start, start + count):
        before = time.perf_counter()
        writer.add_scalar("x", step, step)
        took.append(time.perf_counter() - before)
    return took


def assert_quick(took: list[float]) -> None:
    """No call over 10 ms, but for two that may be the busy machine's."""
    assert sum(seconds > 0.010 for seconds in took) <= 2, sorted(took)[-5:]


@pytest.mark.parametrize("error", ERRORS, ids=errno.errorcode.get)
def test_nth_write_fails(tmp_path: Path, error: int) -> None:
    """Each write of the process in turn: nothing is raised, no call is slow, no point is lost, every file
    reads.
    """
    took: list[float] = []
    for nth in range(1, 201):
        directory = tmp_path / str(nth)
        _inject_write_fault(nth, error)
        writer = SummaryWriter(directory)
        for part in range(4):
            # As many flushes, and so writes, as it takes to come to the nth.
            for _ in range(nth // 4 + 1):
                writer.add_scalar("early", part, part)
                writer.flush()
            took += log(writer, 5, part * 5)
        writer.close()
        _inject_write_fault(0, 0, 0)
        assert steps(directory, "x") == list(range(20)), nth
        assert all(read_file(path).torn == 0 for path in files(directory))
    assert_quick(took)


@pytest.mark.parametrize("error", ERRORS, ids=errno.errorcode.get)
def test_goes_on_when_room_returns(tmp_path: Path, error: int, caplog: pytest.LogCaptureFixture) -> None:
    writer = SummaryWriter(tmp_path)
    log(writer, 100)
    writer.flush()
    _inject_write_fault(1, error, times=1 << 60)
    with caplog.at_level(logging.WARNING, "cupola"):
        took = log(writer, 100, 100)
        before = time.perf_counter()
        writer.flush()
        assert time.perf_counter() - before < 2
        took += log(writer, 100, 200)
    assert_quick(took)
    assert len([r for r in caplog.records if "cannot write" in r.message]) == 1
    _inject_write_fault(0, 0, 0)
    log(writer, 100, 300)
    writer.close()
    kept = steps(tmp_path, "x")
    lost = writer_losses(tmp_path)
    assert kept == sorted(set(kept))
    assert set(range(300, 400)) <= set(kept)
    assert lost == [] or error == errno.EFBIG
    assert all(read_file(path).torn == 0 for path in files(tmp_path))


def writer_losses(directory: Path) -> list[str]:
    return [
        e.log_message.message
        for path in files(directory)
        for e in read_file(path).events
        if e.log_message.message
    ]


def test_failing_for_good_loses_only_what_cannot_be_written(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    writer = SummaryWriter(tmp_path)
    log(writer, 10)
    writer.flush()
    _inject_write_fault(1, errno.EIO, times=1 << 60)
    log(writer, 10, 10)
    before = time.perf_counter()
    with caplog.at_level(logging.WARNING, "cupola"):
        writer.close()
    assert time.perf_counter() - before < 2
    kept = steps(tmp_path, "x")  # the failing write took a part of its records
    assert kept == list(range(len(kept))) and 10 <= len(kept) < 20
    assert f"{20 - len(kept)} of 20 events" in caplog.text and "were lost" in caplog.text


def test_memory_is_bounded_and_drops_are_counted(tmp_path: Path) -> None:
    file = EventWriter(tmp_path, max_bytes=1 << 16)
    file.write_scalar("x", 0, 0, 0)
    file.flush()
    _inject_write_fault(1, errno.ENOSPC, times=1 << 60)
    file.flush()
    for step in range(1, 10001):
        file.write_scalar("x", step, step, 0)
    report = file.report
    assert report["dropped"] > 7000
    assert report["accepted"] + report["dropped"] == 10001
    _inject_write_fault(0, 0, 0)
    file.flush()
    file.write_scalar("x", 20000, 20000, 0)
    file.close()
    assert steps(tmp_path, "x") == [*range(report["accepted"]), 20000]
    assert f"{report['dropped']} events were dropped" in writer_losses(tmp_path)[0]
    provider = LocalProvider(tmp_path, plugins().values())
    provider.poll()
    (damage,) = provider.runs()[0].damage
    assert damage.reason == f"writer: {writer_losses(tmp_path)[0]}"


def test_stalled_storage_does_not_stall_training(tmp_path: Path) -> None:
    writer = SummaryWriter(tmp_path)
    log(writer, 1)
    writer.flush()
    _inject_write_fault(1, 0, times=1, stall_s=1.0)
    took: list[float] = []
    began = time.perf_counter()
    while time.perf_counter() - began < 1.2:
        before = time.perf_counter()
        writer.add_scalar("x", 1, len(took) + 1)
        took.append(time.perf_counter() - before)
        time.sleep(0.0002)
    assert sorted(took)[int(len(took) * 0.99)] < 100e-6
    writer.close()
    assert steps(tmp_path, "x") == list(range(len(took) + 1))


def test_stall_with_full_memory_waits_once_then_drops(tmp_path: Path) -> None:
    file = EventWriter(tmp_path, max_bytes=1 << 16)
    _inject_write_fault(1, 0, times=1, stall_s=1.0)
    took: list[float] = []
    for step in range(5000):
        before = time.perf_counter()
        file.write_scalar("x", step, step, 0)
        took.append(time.perf_counter() - before)
    assert sum(t > 0.004 for t in took) <= 3
    assert max(took) < 0.03
    report = file.report
    file.close()
    assert 0 < report["dropped"] == 5000 - report["accepted"]
    kept = steps(tmp_path, "x")
    assert len(kept) == report["accepted"] and kept == sorted(kept)


def test_file_size_limit(tmp_path: Path) -> None:
    """EFBIG from the system itself: several files, nothing lost."""
    script = f"""
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (65536, resource.RLIM_INFINITY))
from cupola import SummaryWriter
w = SummaryWriter({str(tmp_path)!r})
for i in range(10000):
    w.add_scalar("x", i, i)
w.add_text("big", "x" * 100000)  # fits into no file
w.add_scalar("x", 10000, 10000)
w.close()
"""
    done = run(script)
    assert done.returncode == 0, done.stderr
    assert steps(tmp_path, "x") == list(range(10001))
    assert len(files(tmp_path)) > 5
    assert all(path.stat().st_size <= 65536 for path in files(tmp_path))
    assert "1 of" in done.stderr and "lost" in done.stderr


def test_small_disk(tmp_path: Path) -> None:
    """A real full file system."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], capture_output=True)
    if mounted.returncode:
        pytest.skip("cannot mount a tmpfs here")
    try:
        (disk / "filler").write_bytes(b"x" * 40000)
        writer = SummaryWriter(disk / "run")
        took = log(writer, 1200)
        writer.flush()
        took += log(writer, 100, 1200)
        early = steps(disk / "run", "x")
        (disk / "filler").unlink()
        writer.flush()
        log(writer, 100, 1300)
        writer.close()
        late = steps(disk / "run", "x")
        count, torn = len(files(disk / "run")), [read_file(path).torn for path in files(disk / "run")]
    finally:
        subprocess.run(["umount", "-l", disk], check=True)
    assert_quick(took)
    assert early == list(range(len(early))) and 100 < len(early) < 1200
    assert late == list(range(1400))
    assert count == 2 and torn == [0, 0]


@pytest.mark.parametrize("how", ["directory", "file"])
def test_removed_while_writing(tmp_path: Path, how: str, caplog: pytest.LogCaptureFixture) -> None:
    run_directory = tmp_path / "run"
    writer = SummaryWriter(run_directory)
    log(writer, 10)
    writer.flush()
    if how == "directory":
        shutil.rmtree(run_directory)
    else:
        files(run_directory)[0].unlink()
    with caplog.at_level(logging.WARNING, "cupola"):
        for start in range(10, 50, 10):
            log(writer, 10, start)
            writer.flush()
        writer.close()
    assert steps(run_directory, "x") == list(range(10, 50))
    assert len([r for r in caplog.records if "removed" in r.message]) == 1


def test_directory_that_cannot_be_used_is_an_error_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        SummaryWriter(tmp_path / "file")
    with pytest.raises(OSError):
        SummaryWriter(tmp_path / "file" / "below")
    with pytest.raises(OSError):
        SummaryWriter("/proc/nowhere")


def test_full_disk_at_the_start_is_not(tmp_path: Path) -> None:
    _inject_write_fault(1, errno.ENOSPC, times=3)
    writer = SummaryWriter(tmp_path)
    log(writer, 10)
    writer.flush()
    writer.close()
    assert steps(tmp_path, "x") == list(range(10))
    assert len(files(tmp_path)) == 1


def test_clock_jumps(tmp_path: Path) -> None:
    """File names still sort by age, the flush timer still runs, wall times are the clock's."""
    step = 0
    try:
        for shift in (0, -3600, 365 * 86400, -3600, 0):
            _shift_wall_clock(shift)
            writer = SummaryWriter(tmp_path)
            for _ in range(3):
                writer.add_scalar("x", step, step)
                step += 1
                time.sleep(0.3)
                assert steps(tmp_path, "x") == list(range(step))
            wall_time = read_file(files(tmp_path)[-1]).events[-1].wall_time
            assert abs(wall_time - (time.time() + shift)) < 5
            writer.close()
    finally:
        _shift_wall_clock(0)


def run(script: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, **options
    )
