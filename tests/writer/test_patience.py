"""flush, close and the end of the process wait ten seconds in all for what does not get on, and no longer."""

from __future__ import annotations

import logging
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.command import hear_interrupts
from tests.support.event_files import events, steps

from cupola import SummaryWriter
from cupola._codec import _inject_write_fault
from cupola.values.deferred import Deferred
from cupola.writer import patience as patience_module
from cupola.writer.event_writer import EventWriter
from cupola.writer.patience import HEALTHY_BYTES_PER_S, LONGEST_WORK_S, Patience


@pytest.fixture(autouse=True)
def no_fault() -> Iterator[None]:
    yield
    _inject_write_fault(0, 0, 0)


class Clock:
    """In the place of the monotonic one."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        monkeypatch.setattr(time, "monotonic", lambda: self.now)


def test_time_without_progress_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    patience = Patience(10)
    for _ in range(99):
        clock.now += 0.1
        patience.credit_bytes(0)
        patience.credit_work(False)
        assert not patience.is_over
    clock.now += 0.2
    assert patience.is_over and patience.left_s == 0 and patience.slice_s == 0


def test_a_trickle_ends_and_a_healthy_stream_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    waited = {}
    for rate in (256 << 10, 2 << 20, HEALTHY_BYTES_PER_S, 100 << 20):
        patience, began = Patience(10), clock.now
        while not patience.is_over and clock.now - began < 100:
            clock.now += 0.05
            patience.credit_bytes(int(rate * 0.05))
        waited[rate >> 10] = round(clock.now - began)
    assert waited == {256: 10, 2048: 11, 16384: 100, 102400: 100}


def test_work_that_gets_on_counts_after_ten_minutes_only(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    patience, began = Patience(10), clock.now
    while not patience.is_over:
        clock.now += 1.0
        patience.credit_work(True)
    assert clock.now - began == pytest.approx(LONGEST_WORK_S + 10, abs=2)


def test_one_patience_for_all_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience_module, "PATIENCE_S", 0.5)
    writer = SummaryWriter(tmp_path)
    group = {f"k{index}": 1.0 for index in range(8)}
    writer.add_scalars("g", group, 0)
    writer.flush()
    _inject_write_fault(1, 0, times=8, stall_s=2.0)
    writer.add_scalars("g", group, 1)
    for wait in (writer.flush, writer.close):
        began = time.monotonic()
        wait()
        assert 0.4 < time.monotonic() - began < 1.5
    _inject_write_fault(0, 0, 0)
    deadline = time.monotonic() + 20  # what was not waited for is written all the same
    while any(steps(tmp_path / f"g_{key}", "g") != [0, 1] for key in group):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_what_still_waits_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(patience_module, "PATIENCE_S", 0.2)
    file = EventWriter(tmp_path)
    file.write_scalar("x", 0.0, 0, 0.0)
    file.flush()
    _inject_write_fault(1, 0, times=1, stall_s=1.0)
    file.write_scalar("x", 0.0, 1, 0.0)
    with caplog.at_level(logging.WARNING, "cupola"):
        assert not file.flush()
    assert "1 events" in caplog.text and "still wait for storage" in caplog.text
    assert file.flush(Patience(10))
    file.close()
    assert steps(tmp_path, "x") == [0, 1]


def compute(seconds: float) -> Deferred:
    """An encoding that takes CPU time."""

    def encode() -> list[bytes]:
        end = time.thread_time() + seconds
        while time.thread_time() < end:
            pass
        return []

    return Deferred("computed", 1000, encode)


def test_encoding_that_computes_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience_module, "PATIENCE_S", 0.3)
    writer = SummaryWriter(tmp_path)
    for _ in range(3):
        writer._log(compute(0.3))
    writer.add_text("t", "x", 1)
    assert writer._queue.drain()
    writer.close()


def test_room_in_the_queue_is_waited_for_while_encoding_computes(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path, max_bytes=2000) as writer:
        writer._queue.patience_s = 0.3
        for _ in range(3):
            writer._log(compute(0.6))  # each as large as the bound
        assert writer._files.main and not writer._files.main._losses.take()


def test_encoding_that_is_stuck_is_given_up(tmp_path: Path) -> None:
    writer = SummaryWriter(tmp_path)
    writer._log(Deferred("stuck", 1000, lambda: time.sleep(2) or []))
    began = time.monotonic()
    assert not writer._queue.drain(Patience(0.3))
    assert time.monotonic() - began < 1.5
    writer.close()


PROGRAM = """
import os, signal, sys, threading, time
from cupola import SummaryWriter
from cupola._codec import _inject_write_fault
from cupola.writer import patience
patience.PATIENCE_S = {patience_s}
w = SummaryWriter({directory!r})
w.add_scalar("x", 0, 0)
w.flush()
_inject_write_fault(1, 0, 1 << 60, {stall_s})
def later(seconds, number):
    threading.Thread(target=lambda: (time.sleep(seconds), os.kill(os.getpid(), number)), daemon=True).start()
"""


def program(
    directory: Path, code: str, patience_s: float, stall_s: float
) -> subprocess.CompletedProcess[str]:
    script = PROGRAM.format(directory=str(directory), patience_s=patience_s, stall_s=stall_s) + code
    command = [sys.executable, "-c", script]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, preexec_fn=hear_interrupts)


def test_the_end_of_the_process(tmp_path: Path) -> None:
    """Storage that stalls, and storage that takes a block now and then: 25 of them would take 10 s."""
    code = """
for i in range(100_000):
    w.add_scalar("x", i, i)
w.add_scalars("g", {"a": 1, "b": 2, "c": 3}, 1)
"""
    for name, stall_s in (("stalls", 30.0), ("trickles", 0.4)):
        began = time.monotonic()
        done = program(tmp_path / name, code, 1.0, stall_s)
        assert done.returncode == 0, done.stderr
        assert time.monotonic() - began < 8
        assert "were lost" in done.stderr and "the process ends" in done.stderr, done.stderr


@pytest.mark.parametrize("call", ["w.flush()", "w.close()"])
def test_an_interrupt_ends_the_wait(tmp_path: Path, call: str) -> None:
    code = f"""
w.add_scalar("x", 1, 1)
later(0.3, signal.SIGINT)
began = time.monotonic()
try:
    {call}
except KeyboardInterrupt:
    print(time.monotonic() - began)
w.add_scalar("x", 2, 2)
patience.PATIENCE_S = 20
"""
    done = program(tmp_path, code, 20.0, 2.0)
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) < 1.5
    assert sorted(steps(tmp_path, "x")) == [0, 1, 2]


def test_a_handler_logs_and_flushes_during_the_wait(tmp_path: Path) -> None:
    code = """
w.add_scalar("x", 1, 1)
def handle(number, frame):
    w.add_scalar("x", 2, 2)
    w.add_histogram("h", [1.0, 2.0], 2)
    w.flush()
    print("handled")
signal.signal(signal.SIGUSR1, handle)
later(0.2, signal.SIGUSR1)
w.flush()
w.close()
"""
    done = program(tmp_path, code, 20.0, 0.5)
    assert done.returncode == 0 and done.stdout == "handled\n", done.stderr
    assert steps(tmp_path, "x") == [0, 1, 2]


def test_what_is_not_encoded_at_the_end_is_counted(tmp_path: Path) -> None:
    code = """
_inject_write_fault(0, 0, 0)
from cupola.values.deferred import Deferred
w._log(Deferred("stuck", 1000, lambda: time.sleep(30) or []))
time.sleep(0.2)
w.add_text("t", "x", 1)
w.add_image("i", __import__("numpy").zeros((3, 4, 4)), 1)
"""
    began = time.monotonic()
    done = program(tmp_path, code, 0.5, 0.0)
    assert time.monotonic() - began < 15
    assert "values dropped" in done.stderr and "the process ends" in done.stderr, done.stderr
    assert "1 text" in done.stderr and "1 images" in done.stderr
    assert any("values dropped" in each.log_message.message for each in events(tmp_path))
