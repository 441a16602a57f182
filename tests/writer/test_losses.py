"""What could not be encoded, or was dropped, is said at the end: in the log and in the file that lacks it."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tests.support.event_files import files, read_file, steps

from cupola import SummaryWriter
from cupola.cli.inspect import describe
from cupola.values.deferred import Deferred, DeferredFiles
from cupola.writer.patience import Patience


def broken(name: str, error: Exception | None = None) -> Deferred:
    def encode() -> list[bytes]:
        raise error or RuntimeError("no such thing")

    return Deferred(name, 0, encode)


def messages(directory: Path) -> list[str]:
    return [
        event.log_message.message
        for path in files(directory)
        for event in read_file(path).events
        if event.HasField("log_message")
    ]


def reasons(logdir: Path) -> dict[str, list[str]]:
    """The damage that readers show of each run."""
    return {
        run["run"]: [entry["reason"] for entry in run["damage"]]
        for run in describe(logdir)["runs"]
        if run["damage"]
    }


def test_failures_are_counted_in_the_file_and_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with SummaryWriter(tmp_path) as writer:
        for step in range(3):
            writer._log(broken("bad"), step)
        writer._log(broken("worse", ValueError("too large")), 0)
        writer.add_scalar("x", 1.0, 1)
    [message] = messages(tmp_path)
    assert message == "4 values could not be logged (first: 'bad': RuntimeError: no such thing)"
    assert reasons(tmp_path) == {".": [f"writer: {message}"]}
    assert [record.message for record in caplog.records if "4 values" in record.message] == [
        f"{tmp_path}: {message}"
    ]
    loaded = EventAccumulator(str(tmp_path))
    loaded.Reload()
    assert [point.step for point in loaded.Scalars("x")] == [1]


def test_one_value_is_singular(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer._log(broken("bad"))
    assert messages(tmp_path) == ["1 value could not be logged (first: 'bad': RuntimeError: no such thing)"]


def test_nothing_lost_says_nothing(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_histogram("h", [1.0])
    assert messages(tmp_path) == [] and reasons(tmp_path) == {}


def test_each_life_of_a_writer_counts_its_own(tmp_path: Path) -> None:
    writer = SummaryWriter(tmp_path)
    for _ in range(2):
        writer._log(broken("bad"))
        writer.close()
    assert (
        messages(tmp_path) == ["1 value could not be logged (first: 'bad': RuntimeError: no such thing)"] * 2
    )
    assert len(files(tmp_path)) == 2


def test_a_long_reason_is_cut_to_what_readers_show(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer._log(broken("n" * 10_000, ValueError("é" * 10_000)))
    [message] = messages(tmp_path)
    assert len(message.encode()) < 500
    assert reasons(tmp_path) == {".": [f"writer: {message}"]}


@pytest.mark.parametrize(
    "text",
    ["\n" * 600, "\U0001f389" * 600, "\ud800" * 600, "a\nb"],
    ids=["line breaks", "emoji", "lone surrogates", "two lines"],
)
def test_reasons_of_any_characters(tmp_path: Path, text: str) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer._log(broken(text, ValueError(text)))
    [message] = messages(tmp_path)
    assert "\n" not in message
    [[reason]] = reasons(tmp_path).values()
    assert reason.startswith("writer: 1 value could not be logged (first: '")


def test_files_that_cannot_be_written(tmp_path: Path) -> None:
    def write(logdir: Path) -> None:
        raise OSError("no room")

    with SummaryWriter(tmp_path) as writer:
        writer._write_files(DeferredFiles("embedding 'e'", 0, write))
    assert messages(tmp_path) == [
        "1 value could not be logged (files, first: embedding 'e': OSError: no room)"
    ]


def stuck(writer: SummaryWriter) -> Callable[[], None]:
    """Lets the encoding thread wait until the function that comes back is called."""
    began, go_on = threading.Event(), threading.Event()

    def encode() -> list[bytes]:
        began.set()
        assert go_on.wait(10)
        return []

    writer._log(Deferred("slow", 1000, encode))
    assert began.wait(10)
    return go_on.set


def test_drops_are_counted_in_the_file(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with SummaryWriter(tmp_path, max_bytes=2000) as writer:
        writer._queue.patience_s = 0.05
        go_on = stuck(writer)
        for step in range(5):
            writer.add_text("t", "x" * 100, step)
        go_on()
        assert writer._queue.drain(Patience())
        writer.add_text("t", "x", 5)
    events = [event for path in files(tmp_path) for event in read_file(path).events]
    kept = [event.step for event in events if any(v.tag.startswith("t/") for v in event.summary.value)]
    assert kept == [5]
    [message] = messages(tmp_path)
    assert message == "5 values dropped (text, first: 't': encoding was stuck for 0.05 s with 0 MiB waiting)"
    assert reasons(tmp_path) == {".": [f"writer: {message}"]}
    assert len([record for record in caplog.records if "was dropped" in record.message]) == 1


END = """
import os, sys
from cupola import SummaryWriter
from cupola.values.deferred import Deferred
def encode():
    raise RuntimeError("no such thing")
writer = SummaryWriter(sys.argv[1])
writer.add_scalar("x", 1.0, 1)
writer._log(Deferred("bad", 0, encode))
"""


@pytest.mark.parametrize("end", ["", "raise SystemExit", "del writer"])
def test_a_process_that_ends_without_close_says_it_too(tmp_path: Path, end: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", END + end, str(tmp_path)], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert messages(tmp_path) == ["1 value could not be logged (first: 'bad': RuntimeError: no such thing)"]
    assert steps(tmp_path, "x") == [1]


def test_a_forked_child_says_nothing_of_the_parents_losses(tmp_path: Path) -> None:
    writer = SummaryWriter(tmp_path)
    writer._log(broken("bad"))
    writer.flush()
    pid = os.fork()
    if pid == 0:
        writer.add_scalar("child", 1.0)
        writer.close()
        os._exit(0)
    os.waitpid(pid, 0)
    writer.close()
    assert len(files(tmp_path)) == 2 and len(messages(tmp_path)) == 1


def test_without_a_file_the_log_says_it(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "cupola"), SummaryWriter(tmp_path, write_to_disk=False) as writer:
        writer._log(broken("bad"))
    assert "1 value could not be logged" in caplog.text and files(tmp_path) == []
