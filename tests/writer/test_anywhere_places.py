"""Log calls from finalizers, logging handlers, tasks, forks and a process at its end: all of them arrive."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from tests.support.event_files import files, read_file, steps
from tests.support.log_calls import CALLS, CONTROLS, logged

from cupola import SummaryWriter
from cupola.values.deferred import Deferred

FAST = {name: call for name, call in {**CALLS, **CONTROLS}.items() if name not in ("add_graph", "add_figure")}


def submit(writer: SummaryWriter, function: object) -> None:
    """Has the encoding thread call a function."""
    writer._log(Deferred("job", 1, lambda: [function(), b""][1:2] and []))  # type: ignore[operator]


@pytest.mark.parametrize("name", FAST)
def test_the_encoding_thread_itself(tmp_path: Path, name: str) -> None:
    """As a finalizer does that the garbage collector runs there."""
    called: list[int] = []
    with SummaryWriter(tmp_path) as writer:
        FAST[name](writer, 0)
        submit(writer, lambda: (FAST[name](writer, 1), called.append(threading.get_ident())))
        submit(writer, lambda: None)
        assert writer._queue.drain() and writer._queue.drain() and writer._queue.idle
    assert called and called[0] != threading.get_ident()


@pytest.mark.parametrize("name", FAST)
def test_finalizers_run_by_the_collector(tmp_path: Path, name: str) -> None:
    """Cycles whose finalizers log, collected at every other allocation of the calls, on any thread."""
    count = 0
    with SummaryWriter(tmp_path) as writer:
        FAST[name](writer, 0)

        class Logs:
            def __init__(self) -> None:
                self.me = self

            def __del__(self) -> None:
                nonlocal count
                count += 1
                writer.add_scalar("finalized", 1.0, count)
                writer.add_histogram("finalized/h", [1.0], count)

        before = gc.get_threshold()
        gc.set_threshold(5)
        try:
            for step in range(20):
                Logs()
                FAST[name](writer, step)
        finally:
            gc.set_threshold(*before)
        deadline = time.monotonic() + 60
        while count < 20 and time.monotonic() < deadline:
            gc.collect()  # does nothing while another thread collects
            time.sleep(0.01)
    assert count == 20
    assert sorted(steps(tmp_path, "finalized")[:20]) and len(steps(tmp_path, "finalized")) == 20
    assert sum(n for (tag, _, kind), n in logged(tmp_path).items() if tag == "./finalized/h") == 20


def test_a_logging_handler_that_logs_to_the_writer(tmp_path: Path) -> None:
    """It is called for the writer's own warnings, flushes, and its lock is held by a thread that waits."""
    emitted: list[str] = []
    with SummaryWriter(tmp_path) as writer:

        class ToWriter(logging.Handler):
            def emit(self, record: logging.LogRecord) -> None:
                emitted.append(record.getMessage())
                writer.add_text("log", record.getMessage())
                submit(writer, self.fail)
                writer.flush()

            def fail(self) -> None:
                raise ValueError("this fails, and is warned of")

        handler, log = ToWriter(), logging.getLogger("cupola")
        log.addHandler(handler)
        try:
            log.warning("begin")
            writer.flush()
        finally:
            log.removeHandler(handler)
    assert emitted[0] == "begin" and len(emitted) == 2


def test_tasks_and_pools(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:

        async def task(number: int) -> None:
            for step in range(20):
                writer.add_scalar(f"task{number}", step, step)
                writer.add_histogram(f"h{number}", np.arange(5.0), step)
                await asyncio.sleep(0)

        async def main() -> None:
            tasks = [asyncio.create_task(task(number)) for number in range(10)]
            await asyncio.sleep(0)
            tasks[0].cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

        asyncio.run(main())
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda step: writer.add_scalar("pool", step, step), range(100)))
    for number in range(1, 10):
        assert steps(tmp_path, f"task{number}") == list(range(20))
    assert sorted(steps(tmp_path, "pool")) == list(range(100))


ENDING = """
import atexit, sys, weakref
from cupola import SummaryWriter
directory = sys.argv[1]
def log(writer, tag):
    writer.add_scalar(tag, 1.0, 0)
    writer.add_histogram(tag + "/h", [1.0], 0)
    writer.add_scalars("group", {tag: 1.0}, 0)
def at_exit():
    log(writer, "atexit")
    log(SummaryWriter(directory + "/late"), "new")
atexit.register(at_exit)
import cupola.writer.process_hooks
atexit.register(log, SummaryWriter(directory), "first")
writer = SummaryWriter(directory)
class Logs:
    def __init__(self, tag):
        self.tag, self.writer, self.me = tag, writer, self
    def __del__(self):
        log(self.writer, self.tag)
thing = Logs("global")
class Held: pass
held = Held()
weakref.finalize(held, log, writer, "finalize")
"""


def test_the_end_of_the_interpreter(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ENDING, str(tmp_path)], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0 and not done.stderr, done.stderr
    found = {tag for tag, _, _ in logged(tmp_path)}
    for tag in ("atexit", "first", "global", "finalize"):
        assert {f"./{tag}", f"./{tag}/h"} <= found
        assert steps(tmp_path / f"group_{tag}", "group") == [0]
    assert {"late/new", "late/new/h"} <= found


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("name", FAST)
def test_forks_within_every_call(tmp_path: Path, name: str) -> None:
    """A child that is forked while another thread is within the call logs and ends."""
    with SummaryWriter(tmp_path) as writer:
        FAST[name](writer, 0)
        writer.flush()
        stop, own = threading.Event(), set(files(tmp_path))

        def beside() -> None:
            while not stop.is_set():
                FAST[name](writer, 1)

        thread = threading.Thread(target=beside)
        thread.start()
        try:
            for fork in range(5):
                child = os.fork()
                if child == 0:
                    FAST[name](writer, 2)
                    writer.add_scalar("child", 1.0, fork)
                    os._exit(0)
                assert os.waitpid(child, 0)[1] == 0
        finally:
            stop.set()
            thread.join()
    # Each child has a file of its own; in the parent's are a million calls, which take long to read.
    events = [event for path in set(files(tmp_path)) - own for event in read_file(path).events]
    children = [event.step for event in events for value in event.summary.value if value.tag == "child"]
    assert sorted(children) == list(range(5))
