"""The operating system refuses: the n-th call of each kind, for every n. The file waits, others go on."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support.log import read, steps, wait
from tests.support.log_file import LogFile

from cupola.index import event_file as event_file_module
from cupola.index import logdir as logdir_module
from cupola.index.event_file import MAX_DAMAGE, EventFile
from cupola.index.local import LocalProvider
from cupola.index.run import Run
from cupola.plugins import plugins


class Fault:
    """Lets the calls from the `first` on, `times` of them, fail."""

    def __init__(self, real: Callable[..., object], error: BaseException, first: int, times: int = 1) -> None:
        self.real, self.error, self.first, self.times = real, error, first, times
        self.calls = 0
        self.lock = threading.Lock()

    def __call__(self, *arguments: object, **named: object) -> object:
        with self.lock:
            self.calls += 1
            fails = self.first <= self.calls < self.first + self.times
        if fails:
            raise self.error
        return self.real(*arguments, **named)

    def as_function(self) -> Callable[..., object]:
        """For a class's attribute: a function becomes a method there."""
        return lambda *arguments, **named: self(*arguments, **named)


PLACES = {
    "stat": (os, "stat"),
    "scandir": (os, "scandir"),
    "scan": (EventFile, "scan"),
}
ERRORS = [OSError(errno.EIO, "Input/output error"), OSError(errno.ESTALE, "Stale file handle")]
ERRORS += [PermissionError(errno.EACCES, "Permission denied"), InterruptedError(errno.EINTR, "Interrupted")]


@pytest.fixture
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that failed may be tried again at once."""
    for module in (event_file_module, logdir_module):
        monkeypatch.setattr(module, "FIRST_RETRY_S", 0.0)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("error", ERRORS, ids=lambda error: errno.errorcode[error.errno])
def test_every_call_may_fail_once(tmp_path: Path, monkeypatch, no_waiting, place: str, error: OSError):
    files = [
        LogFile(tmp_path / "a").points("x", [0]),
        LogFile(tmp_path / "b" / "c").points("x", [0]),
    ]
    holder, name = PLACES[place]
    real, first = getattr(holder, name), 0
    while True:
        first += 1
        fault = Fault(real, error, first)
        provider = LocalProvider(tmp_path, plugins().values())
        monkeypatch.setattr(holder, name, fault.as_function())
        for _ in range(3):
            provider.poll()
        monkeypatch.setattr(holder, name, real)
        provider.poll()
        last = len(steps(read(tmp_path), "a", "x"))
        assert steps(provider, "a", "x") == steps(provider, "b/c", "x") == list(range(last)), first
        assert [run.damage for run in provider.runs()] == [(), ()]
        assert not provider.loading
        if fault.calls < first:
            break
        for file in files:
            file.points("x", [last])
    assert first > 3


def test_a_file_that_cannot_be_read_is_marked_while_it_lasts(tmp_path: Path, monkeypatch, no_waiting):
    bad = LogFile(tmp_path / "bad").points("x", [0])
    good = LogFile(tmp_path / "good").points("x", [0])
    provider = read(tmp_path)
    real = EventFile.scan

    def scan(file: EventFile):
        if "bad" in file.path:
            raise OSError(errno.EIO, "Input/output error")
        return real(file)

    monkeypatch.setattr(EventFile, "scan", scan)
    for step in range(1, 4):
        bad.points("x", [step])
        good.points("x", [step])
        provider.poll()
        assert steps(provider, "good", "x") == list(range(step + 1))
        assert steps(provider, "bad", "x") == [0]
        assert [entry.reason for entry in provider.runs()[0].damage] == ["io: Input/output error"]
    monkeypatch.setattr(EventFile, "scan", real)
    cursor = provider.changes(0).cursor
    provider.poll()
    assert steps(provider, "bad", "x") == [0, 1, 2, 3]
    assert provider.runs()[0].damage == () and provider.changes(cursor).structure


def test_tries_grow_rarer(tmp_path: Path):
    file = EventFile(str(tmp_path), "events.out.tfevents.1")
    waits = []
    for _ in range(8):
        file.fail(OSError(errno.EIO, "Input/output error"), 100.0)
        waits.append(round(file.retry_at_s - 100, 3))
    assert waits == [0.1, 0.2, 0.4, 0.8, 1.6, 2.0, 2.0, 2.0]
    assert file.recover() and file.error is None and file.retry_at_s == 0


def test_damage_of_one_file_is_bounded(tmp_path: Path):
    file = EventFile(str(tmp_path), "events.out.tfevents.1")
    for place in range(1000):
        file.add_damage(place * 10, 7, "data-crc")
    assert len(file.damage) == MAX_DAMAGE
    assert sum(entry.length for entry in file.damage) == 7000


def test_a_fault_of_our_own_costs_one_file(tmp_path: Path, monkeypatch, caplog):
    LogFile(tmp_path / "bad").points("x", range(5))
    good = LogFile(tmp_path / "good").points("x", [0])
    real = Run.commit

    def commit(run, file, chunk, changes):
        real(run, file, chunk, changes)
        if run.name == "bad":
            raise ValueError("a fault")

    monkeypatch.setattr(Run, "commit", commit)
    provider = read(tmp_path)
    good.points("x", [1])
    provider.poll()
    assert steps(provider, "good", "x") == [0, 1]
    assert steps(provider, "bad", "x") == []
    assert [entry.reason for entry in provider.runs()[0].damage] == ["io: ValueError: a fault"]
    assert "could not be taken in" in caplog.text


def test_the_polling_thread_outlives_whatever_happens(tmp_path: Path, monkeypatch, follow, caplog):
    file = LogFile(tmp_path / "run").points("x", [0])
    provider = follow(tmp_path)
    wait(lambda: steps(provider, "run", "x") == [0])
    fault = Fault(logdir_module.Logdir.poll, MemoryError(), 1, 5)
    monkeypatch.setattr(logdir_module.Logdir, "poll", fault.as_function())
    file.points("x", [1])
    wait(lambda: fault.calls > 5 and steps(provider, "run", "x") == [0, 1])
    assert "the next poll follows" in caplog.text
