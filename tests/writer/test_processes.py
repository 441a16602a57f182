"""Forks, other processes, threads: everyone logs, nobody hangs, nothing is lost or mixed up."""

from __future__ import annotations

import copy
import multiprocessing
import os
import pickle
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.support.event_files import files, read_file, scalars, steps

from cupola import SummaryWriter


def run(script: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", script, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    return done


FORK = """
import os, sys, threading, time
import numpy as np
from cupola import SummaryWriter
directory, forks = sys.argv[1], int(sys.argv[2])
writer = SummaryWriter(directory)
stop = False
def log_beside():
    step = 0
    while not stop:
        writer.add_scalar("thread", step, step)
        if step % 20 == 0:
            writer.add_histogram("h", np.arange(10.0), step)
        step += 1
        time.sleep(0.0005)
thread = threading.Thread(target=log_beside)
thread.start()
slowest = 0
for fork in range(forks):
    writer.add_scalar("parent", fork, fork)
    began = time.monotonic()
    pid = os.fork()
    if pid == 0:
        for step in range(10):
            writer.add_scalar(f"child{fork}", step, step)
        writer.add_histogram("child_h", np.arange(10.0), fork)
        writer.add_scalars("group", {"a": 1.0}, fork)
        if fork % 2:
            writer.flush()
        if fork % 3 == 0:
            writer.close()
        os._exit(0)
    while os.waitpid(pid, os.WNOHANG)[0] == 0:
        assert time.monotonic() - began < 2, "the child hangs"
        time.sleep(0.0005)
stop = True
thread.join()
writer.close()
"""


def test_forks_while_a_thread_logs(tmp_path: Path) -> None:
    forks = 100
    run(FORK, tmp_path, forks)
    points = scalars(tmp_path)
    for fork in range(forks):
        assert points[f"child{fork}"] == [(step, step) for step in range(10)]
    assert points["parent"] == [(step, step) for step in range(forks)]
    thread = [step for step, _ in points["thread"]]
    assert thread == list(range(len(thread)))
    events = [event for path in files(tmp_path) for event in read_file(path).events]
    histograms = [event.step for event in events for value in event.summary.value if value.tag == "child_h"]
    assert sorted(histograms) == list(range(forks))
    assert sorted(step for step, _ in scalars(tmp_path / "group_a")["group"]) == list(range(forks))
    assert len(files(tmp_path)) == forks + 1


def log_in_child(writer: SummaryWriter, number: int, fresh: str | None) -> None:
    if fresh is not None:
        writer = SummaryWriter(fresh)
    for step in range(1000):
        writer.add_scalar(f"child{number}", step, step)
    writer.add_histogram("h", np.arange(10.0), number)


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
@pytest.mark.parametrize("whose", ["inherited", "own"])
def test_multiprocessing(tmp_path: Path, method: str, whose: str) -> None:
    """Children log and end without closing; with spawn the writer is pickled."""
    context: Any = multiprocessing.get_context(method)  # typeshed's base class has no Process
    count = 4 if method == "fork" else 2
    with SummaryWriter(tmp_path) as writer:
        writer.add_scalar("parent", 0, 0)
        fresh = str(tmp_path) if whose == "own" else None
        children = [context.Process(target=log_in_child, args=(writer, i, fresh)) for i in range(count)]
        for child in children:
            child.start()
        for child in children:
            child.join(20)
            assert child.exitcode == 0
        writer.add_scalar("parent", 1, 1)
    for number in range(count):
        assert steps(tmp_path, f"child{number}") == list(range(1000))
    assert steps(tmp_path, "parent") == [0, 1]
    events = [event for path in files(tmp_path) for event in read_file(path).events]
    assert sum(value.tag == "h" for event in events for value in event.summary.value) == count


def test_data_loader_workers(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")

    class Logging(torch.utils.data.Dataset):  # type: ignore[name-defined]
        def __init__(self, writer: SummaryWriter) -> None:
            self.writer = writer

        def __len__(self) -> int:
            return 64

        def __getitem__(self, index: int) -> int:
            self.writer.add_scalar("item", index, index)
            return index

    with SummaryWriter(tmp_path) as writer:
        for _ in torch.utils.data.DataLoader(Logging(writer), batch_size=4, num_workers=2):
            writer.add_scalar("batch", 1, 1)
    assert sorted(steps(tmp_path, "item")) == list(range(64))
    assert len(steps(tmp_path, "batch")) == 16


def test_workers_that_do_not_log_make_no_files(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path):
        for _ in range(3):
            pid = os.fork()
            if pid == 0:
                os._exit(0)
            os.waitpid(pid, 0)
    assert len(files(tmp_path)) == 1


def test_threads(tmp_path: Path) -> None:
    count, each = 64, 1000
    with SummaryWriter(tmp_path) as writer:

        def log(number: int) -> None:
            for step in range(each):
                writer.add_scalar(f"tag{number}", step, step)
                if step % 250 == 0:
                    writer.add_scalars("group", {"a": number, "b": number}, step)

        threads = [threading.Thread(target=log, args=(number,)) for number in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    points = scalars(tmp_path)
    assert all(points[f"tag{number}"] == [(step, step) for step in range(each)] for number in range(count))
    for key in "ab":
        assert len(files(tmp_path / f"group_{key}")) == 1
        assert len(steps(tmp_path / f"group_{key}", "group")) == count * 4


SAME_SECOND = """
import sys
from cupola import SummaryWriter
directory, name, writers = sys.argv[1:]
for step in range(int(writers)):
    with SummaryWriter(directory) as writer:
        writer.add_scalar(name, step, step)
"""


def test_same_directory_same_second(tmp_path: Path) -> None:
    """Processes that open writer after writer: names never clash, and sort by age within each process."""
    processes, writers = 8, 1000
    command = [sys.executable, "-c", SAME_SECOND, str(tmp_path)]
    running = [subprocess.Popen([*command, f"p{number}", str(writers)]) for number in range(processes)]
    assert [process.wait(90) for process in running] == [0] * processes
    points = scalars(tmp_path)
    for number in range(processes):
        assert points[f"p{number}"] == [(step, step) for step in range(writers)]
    assert len(files(tmp_path)) == processes * writers


def test_copies_write_to_files_of_their_own(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path, comment="c", purge_step=3, filename_suffix=".end") as writer:
        writer.add_scalar("x", 0, 0)
        for step, other in enumerate(
            [pickle.loads(pickle.dumps(writer)), copy.deepcopy(writer), copy.copy(writer)], 1
        ):
            assert other.get_logdir() == tmp_path and other.filename_suffix == ".end"
            other.add_scalar("x", step, step)
            other.add_scalars("g", {"a": 1}, step)
            other.close()
    assert steps(tmp_path, "x") == [0, 1, 2, 3]
    assert len(files(tmp_path)) == 4
    assert all(path.name.endswith(".end") for path in files(tmp_path))
    starts = [e for path in files(tmp_path) for e in read_file(path).events if e.HasField("session_log")]
    assert len(starts) == 1 and starts[0].step == 3


def test_a_thousand_runs_leave_file_descriptors_to_the_program(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        for step in range(3):
            writer.add_scalars("group", {f"key{number}": number for number in range(300)}, step)
            writer.flush()
            assert len(os.listdir("/proc/self/fd")) < 150  # noqa: PTH208
        (removed,) = files(tmp_path / "group_key299")
        removed.unlink()
        writer.add_scalars("group", {"key299": 1.0}, 3)
    assert all(steps(tmp_path / f"group_key{number}", "group") == [0, 1, 2] for number in range(299))
    assert all(len(files(tmp_path / f"group_key{number}")) == 1 for number in range(300))
    assert steps(tmp_path / "group_key299", "group") == [3]


def test_changing_the_working_directory_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    writer = SummaryWriter("run")
    monkeypatch.chdir(tmp_path / "elsewhere")
    writer.add_scalars("group", {"a": 1.0}, 0)
    writer.add_embedding(np.zeros((2, 2)))
    writer.add_hparams({"lr": 1}, {"m": 1}, run_name="session")
    writer.close()
    writer.add_scalar("x", 1.0, 1)
    writer.close()
    assert writer.get_logdir() == "run"
    assert steps(tmp_path / "run", "x") == [1] and steps(tmp_path / "run" / "group_a", "group") == [0]
    assert (tmp_path / "run" / "projector_config.pbtxt").exists() and files(tmp_path / "run" / "session")
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_flush_interval(tmp_path: Path) -> None:
    """Without flush, a point is soon in the file, the first at once."""
    writer = SummaryWriter(tmp_path, flush_secs=120)
    for step in range(4):
        writer.add_scalar("x", step, step)
        deadline = time.monotonic() + 1.0
        while steps(tmp_path, "x") != list(range(step + 1)):
            assert time.monotonic() < deadline
            time.sleep(0.01)
    writer.close()
