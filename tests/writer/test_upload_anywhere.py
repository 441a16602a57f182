"""Calls to a writer with a URL from signal handlers and finalizers, within its own copying too."""

from __future__ import annotations

import gc
import os
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from tests.support import object_store
from tests.support.event_files import steps
from tests.support.object_store import Net, fetch
from tests.support.signals import interrupt, try_each

from cupola import SummaryWriter, _codec

URL = "net://bucket/run"


@pytest.fixture(autouse=True)
def net(monkeypatch: pytest.MonkeyPatch) -> None:
    object_store.install(monkeypatch)


def log_and_flush(writer: SummaryWriter, tag: str, step: int) -> None:
    writer.add_scalar(tag, 1.0, step)
    writer.flush()


needs_signals = pytest.mark.skipif(
    os.name == "nt" or not hasattr(_codec, "_signal_after"), reason="POSIX's signals, and tracing"
)


@needs_signals
def test_handlers_that_log_and_flush_within_a_flush(tmp_path: Path) -> None:
    writer, handled = SummaryWriter(URL), 0

    def handle() -> None:
        nonlocal handled
        handled += 1
        log_and_flush(writer, "handled", handled)

    returned, _ = try_each(lambda step: log_and_flush(writer, "x", step), handle, 40)
    writer.close()
    run = fetch(tmp_path) / "bucket/run"
    assert handled >= returned // 2 and steps(run, "handled") == list(range(1, handled + 1))


@needs_signals
def test_interrupts_within_a_flush_leave_nothing_held(tmp_path: Path) -> None:
    writer = SummaryWriter(URL)
    _, interrupted = try_each(lambda step: log_and_flush(writer, "x", step), interrupt, 80)
    assert interrupted >= 10
    elsewhere = threading.Thread(target=log_and_flush, args=(writer, "thread", 0), daemon=True)
    elsewhere.start()
    elsewhere.join(30)
    assert not elsewhere.is_alive()
    began = time.monotonic()
    log_and_flush(writer, "after", 2)
    assert time.monotonic() - began < 8  # nobody's patience ended
    writer.close()
    run = fetch(tmp_path) / "bucket/run"
    assert steps(run, "after") == [2] and steps(run, "thread") == [0]


class Logs:
    """Logs, flushes and opens another writer when the collector comes to it."""

    def __init__(self, writer: SummaryWriter, done: list[int]) -> None:
        self.writer, self.done, self.me = writer, done, self

    def __del__(self) -> None:
        log_and_flush(self.writer, "finalized", len(self.done))
        self.writer.add_scalars("group", {f"of{len(self.done)}": 1.0}, 0)
        self.done.append(threading.get_ident())


@pytest.mark.parametrize("has_thread", [True, False])
def test_finalizers_within_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_thread: bool) -> None:
    """On the copying thread, and on the caller's where there can be no more threads."""
    if not has_thread:

        def none_left(*arguments: object) -> int:
            raise RuntimeError("can't start new thread")

        monkeypatch.setattr("cupola.writer.upload.start_new_thread", none_left)
    writer, done, copied = SummaryWriter(URL), list[int](), list[int]()
    put = Net.pipe_file

    def pipe_file(self: Net, path: str, value: bytes, **options: Any) -> None:
        copied.append(threading.get_ident())
        if len(copied) <= 20:
            Logs(writer, done)
            gc.collect()
        put(self, path, value, **options)

    monkeypatch.setattr(Net, "pipe_file", pipe_file)
    gc.collect()
    gc.freeze()  # what other tests left need not be looked through again
    try:
        for step in range(20):
            log_and_flush(writer, "x", step)
        writer.close()
    finally:
        gc.unfreeze()
    assert done and set(done) <= set(copied)
    assert (set(copied) == {threading.get_ident()}) is not has_thread
    run = fetch(tmp_path) / "bucket/run"
    assert steps(run, "x") == list(range(20)) and steps(run, "finalized") == list(range(len(done)))
    assert steps(run / "group_of0", "group") == [0]
