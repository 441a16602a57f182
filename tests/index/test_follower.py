"""Following: known files keep their turn, notifications are used but not relied on, idling costs nothing."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support.log import read, steps, wait
from tests.support.log_file import LogFile

from cupola.index import follower as follower_module
from cupola.index import watcher as watcher_module
from cupola.index.follower import Follower
from cupola.index.inotify import Inotify
from cupola.index.local import LocalProvider
from cupola.index.logdir import Logdir
from cupola.index.pace import Pace
from cupola.index.watcher import Notified, PollingWatcher, file_system

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="inotify is Linux's")


def poll(provider: LocalProvider, walk: int | None = None, **notified) -> None:
    """One poll as the thread does it, read to the end."""
    provider._follower._poll(Notified(**notified), turn=True, walk=walk)
    provider._follower._pool.drain()


def test_known_files_keep_their_turn_while_a_tree_is_walked(tmp_path: Path):
    file = LogFile(tmp_path / "run").points("x", [0])
    provider = read(tmp_path)
    for number in range(1000):
        (tmp_path / "tree" / f"{number // 10}" / f"{number}").mkdir(parents=True)
    poll(provider, walk=10)
    logdir = provider._follower._logdir
    step = polls = 0
    while logdir.is_walking:
        step += 1
        file.points("x", [step])
        poll(provider, walk=10)
        polls += 1
        assert steps(provider, "run", "x")[-1] == step
    assert polls >= 100


def test_the_first_walk_is_in_slices_too(tmp_path: Path):
    for number in range(100):
        (tmp_path / f"d{number}").mkdir()
    LogFile(tmp_path / "run").points("x", [0])
    logdir = Logdir(str(tmp_path))
    found = logdir.poll(limit=10)
    slices = 1
    while logdir.is_walking:
        found += logdir.poll(everything=True, limit=10)
        slices += 1
    assert [directory.name for directory in found] == ["run"] and slices == 11


def test_loading_ends_after_the_walk(tmp_path: Path):
    for number in range(50):
        LogFile(tmp_path / f"r{number}").points("x", [0])
    from cupola.plugins import plugins

    provider = LocalProvider(tmp_path, plugins().values())
    while provider._follower.loading:
        poll(provider, walk=7)
        assert provider._follower.loading == provider._follower._logdir.is_walking
    assert len(provider.series()) == 50


@linux
def test_notifications_tell_whom_to_poll(tmp_path: Path, follow, monkeypatch):
    """Turns are an hour apart, so what is seen was notified."""
    monkeypatch.setattr(Pace, "turn_s", lambda *_: 3600.0)
    file = LogFile(tmp_path / "run").points("x", [0])
    asset = tmp_path / "run" / "projector_config.pbtxt"
    asset.write_text("")
    provider = follow(tmp_path)
    wait(lambda: not provider.loading and provider._follower._watcher.covers_all)
    provider.runs()
    for step in range(1, 5):
        file.points("x", [step])
        wait(lambda: steps(provider, "run", "x") == list(range(step + 1)))  # noqa: B023
    LogFile(tmp_path / "deep" / "new").points("x", range(3))
    wait(lambda: steps(provider, "deep/new", "x") == [0, 1, 2])
    LogFile(tmp_path / "aside").points("y", range(4)).path.replace(file.path)
    wait(lambda: steps(provider, "run", "y") == [0, 1, 2, 3] and steps(provider, "run", "x") == [])
    (tmp_path / "deep").rename(tmp_path / "other")
    wait(lambda: "other/new" in [run.name for run in provider.runs()])
    cursor = provider.changes(0).cursor
    asset.write_text("embeddings {}")
    wait(lambda: any(key.plugin == "projector" for key in provider.changes(cursor).series))
    file.path.unlink()
    wait(lambda: steps(provider, "run", "y") == [])


@linux
def test_an_overflow_polls_everything(tmp_path: Path, follow, monkeypatch):
    monkeypatch.setattr(Pace, "turn_s", lambda *_: 3600.0)
    files = [LogFile(tmp_path / f"r{number}").points("x", [0]) for number in range(400)]
    provider = follow(tmp_path)
    wait(lambda: not provider.loading)
    provider.runs()
    watcher = provider._follower._watcher
    monkeypatch.setattr(watcher, "take", lambda: (watcher._inotify.read(), Notified(overflow=True))[1])
    for file in files:
        file.points("x", [1])
    wait(lambda: all(steps(provider, f"r{number}", "x") == [0, 1] for number in range(400)))


@linux
@pytest.mark.parametrize("why", ["no inotify", "no watches left", "another machine's file system"])
def test_without_notifications_everything_is_polled(tmp_path: Path, follow, monkeypatch, why: str):
    if why == "no inotify":
        monkeypatch.setattr(follower_module, "make_watcher", PollingWatcher)
    elif why == "no watches left":
        monkeypatch.setattr(Inotify, "add", refuse)
    else:
        monkeypatch.setattr(watcher_module, "file_system", lambda path: "nfs4")
    file = LogFile(tmp_path / "run").points("x", [0])
    provider = follow(tmp_path)
    wait(lambda: steps(provider, "run", "x") == [0])
    assert not provider._follower._watcher.covers_all
    file.points("x", [1])
    wait(lambda: steps(provider, "run", "x") == [0, 1])


def refuse(*_: object) -> int:
    raise OSError(28, "No space left on device")


@linux
def test_files_behind_links_are_polled(tmp_path: Path, follow):
    file = LogFile(tmp_path / "elsewhere").points("x", [0])
    (tmp_path / "logs" / "run").mkdir(parents=True)
    (tmp_path / "logs" / "run" / "events.out.tfevents.7").symlink_to(file.path)
    provider = follow(tmp_path / "logs")
    wait(lambda: steps(provider, "run", "x") == [0])
    assert not provider._follower._watcher.covers_all
    file.points("x", [1])
    wait(lambda: steps(provider, "run", "x") == [0, 1])


@linux
def test_a_thousand_watches_end_with_their_directories(tmp_path: Path, follow):
    for number in range(50):
        LogFile(tmp_path / f"r{number}").points("x", [0])
    provider = follow(tmp_path)
    watcher = provider._follower._watcher
    wait(lambda: not provider.loading and len(watcher._directories) == 51)
    for number in range(50):
        (tmp_path / f"r{number}" / "events.out.tfevents.1").unlink()
        (tmp_path / f"r{number}").rmdir()
    wait(lambda: provider.runs() == [] and len(watcher._directories) == 1)
    assert watcher.covers_all


def test_nothing_is_polled_while_nobody_looks_and_nothing_moves(tmp_path: Path, follow, monkeypatch):
    LogFile(tmp_path / "run").points("x", [0])
    provider = follow(tmp_path)
    wait(lambda: not provider.loading)
    wait(lambda: provider._follower._thread is not None)
    polls = []
    real: Callable = Follower._poll
    monkeypatch.setattr(
        Follower, "_poll", lambda *arguments, **named: polls.append(1) or real(*arguments, **named)
    )
    time.sleep(0.3)
    assert len(polls) <= 1
    cursor = provider.changes(0).cursor  # somebody looks: everything is polled at once
    wait(lambda: bool(polls))
    assert provider.changes(cursor).series == frozenset()


def test_pace():
    pace = Pace(0.1)
    assert not pace.is_attended(False) and pace.is_attended(True)
    assert pace.asked() and not pace.asked() and pace.is_attended(False)
    cases = [(hot, notified) for hot in (False, True) for notified in (False, True)]
    attended = {(hot, notified): pace.turn_s(True, hot, notified) for hot, notified in cases}
    alone = {(hot, notified): pace.turn_s(False, hot, notified) for hot, notified in cases}
    assert attended[True, False] == 0.1, "a file that grows is seen within a poll"
    assert all(alone[case] > attended[case] for case in attended)
    assert pace.gap_s(True, cost_s=0.0) == 0.05 and pace.gap_s(True, cost_s=0.5) == 10.0
    assert Pace(30.0).turn_s(True, True, False) == 30.0


@linux
def test_the_kind_of_a_file_system():
    assert file_system("/proc/self") == "proc"
    assert file_system(os.path.realpath("/")) == file_system("/") != ""
