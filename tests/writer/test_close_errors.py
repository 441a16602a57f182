"""What close(2) reports, where quotas and network file systems say that data could not be kept."""

from __future__ import annotations

import errno
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.event_files import events, files, steps

from cupola import SummaryWriter
from cupola._codec import _inject_close_fault, _inject_write_fault
from cupola.cli.inspect import describe
from cupola.writer.event_writer import EventWriter
from cupola.writer.patience import Patience

ERRORS = [errno.ENOSPC, errno.EIO, errno.EDQUOT]


@pytest.fixture(autouse=True)
def no_fault() -> Iterator[None]:
    yield
    _inject_close_fault(0, 0, 0)
    _inject_write_fault(0, 0, 0)


def reasons(logdir: Path) -> list[str]:
    """The damage that readers show."""
    return [entry["reason"] for run in describe(logdir)["runs"] for entry in run["damage"]]


@pytest.mark.parametrize("error", ERRORS, ids=errno.errorcode.get)
def test_close(tmp_path: Path, error: int, caplog: pytest.LogCaptureFixture) -> None:
    file = EventWriter(tmp_path)
    for step in range(10):
        file.write_scalar("x", 0.0, step, 0.0)
    _inject_close_fault(1, error)
    with caplog.at_level(logging.WARNING, "cupola"):
        file.close()
    report = file.report
    assert (report["failures"], report["close_failures"], report["in_doubt"]) == (1, 1, 10)
    (warning,) = [record.message for record in caplog.records]
    assert "closing an event file" in warning and "Some of the 10 events" in warning
    assert os.strerror(error) in warning
    (reason,) = reasons(tmp_path)
    assert reason.startswith("writer: closing an event file failed: ") and "10 events" in reason
    assert len(files(tmp_path)) == 2 and steps(tmp_path, "x") == list(range(10))


def test_close_after_a_failed_write(tmp_path: Path) -> None:
    """The file that is left behind may lack what counted as written."""
    file = EventWriter(tmp_path)
    for step in range(10):
        file.write_scalar("x", 0.0, step, 0.0)
    file.flush()
    _inject_write_fault(1, errno.ENOSPC)
    _inject_close_fault(1, errno.ENOSPC)
    file.write_scalar("x", 0.0, 10, 0.0)
    file.flush()
    assert (file.report["close_failures"], file.report["in_doubt"]) == (1, 10)
    file.write_scalar("x", 0.0, 11, 0.0)
    file.close()
    assert len(reasons(tmp_path)) == 1 and steps(tmp_path, "x") == list(range(12))


def test_close_between_writes(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Of many files only some stay open between writes: the others are closed each time."""
    writer = SummaryWriter(tmp_path)
    names = [f"k{index}" for index in range(80)]
    writer.add_scalars("g", dict.fromkeys(names, 1.0), 0)
    writer.flush()
    _inject_close_fault(1, errno.EIO)
    with caplog.at_level(logging.WARNING, "cupola"):
        for step in (1, 2):
            writer.add_scalars("g", dict.fromkeys(names, 1.0), step)
            writer.flush()
        writer.close()
    assert len([record for record in caplog.records if "closing an event file" in record.message]) == 1
    assert len(reasons(tmp_path)) == 1
    for name in names:
        assert steps(tmp_path / f"g_{name}", "g") == [0, 1, 2]


def test_the_end_of_a_process_closes_too(tmp_path: Path) -> None:
    script = f"""
import errno
from cupola import SummaryWriter
from cupola._codec import _inject_close_fault
w = SummaryWriter({str(tmp_path)!r})
w.add_scalar("x", 1.0, 1)
_inject_close_fault(1, errno.EDQUOT)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and "closing an event file" in done.stderr
    assert steps(tmp_path, "x") == [1] and len(reasons(tmp_path)) == 1


def test_a_close_that_stalls_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    file = EventWriter(tmp_path)
    file.write_scalar("x", 0.0, 0, 0.0)
    file.flush()
    _inject_close_fault(1, 0, stall_s=1.0)
    patience = Patience(0.2)
    file.close(patience)
    assert patience.is_over and [each.step for each in events(tmp_path) if each.summary.value] == [0]
