"""Which directories and files count: links, loops, FIFOs, odd names, what cannot be listed."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from tests.support.log import read, steps
from tests.support.log_file import LogFile

from cupola.errors import LogdirError
from cupola.index.directory import display_name
from cupola.index.local import LocalProvider
from cupola.plugins import Plugin
from cupola.types import SeriesKey


def names(provider) -> list[str]:
    return [run.name for run in provider.runs()]


def test_runs_are_the_directories_with_event_files(tmp_path: Path):
    LogFile(tmp_path).points("x", range(3))
    LogFile(tmp_path / "a" / "b10").points("x", range(3))
    LogFile(tmp_path / "a" / "b2").points("x", range(3))
    (tmp_path / "a" / "notes.txt").write_text("no run")
    (tmp_path / "empty").mkdir()
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "events.out.tfevents.1.profile-empty").write_bytes(b"")
    provider = read(tmp_path)
    assert names(provider) == [".", "a/b2", "a/b10"]
    assert all(steps(provider, run, "x") == [0, 1, 2] for run in names(provider))
    assert not provider.loading


def test_a_file_is_no_log_directory(tmp_path: Path):
    file = LogFile(tmp_path)
    with pytest.raises(LogdirError, match="is a file; wanted the directory"):
        read(file.path)


def test_a_missing_directory_is_waited_for_and_may_come_and_go(tmp_path: Path):
    provider = read(tmp_path / "later")
    assert names(provider) == []
    for _ in range(2):
        LogFile(tmp_path / "later" / "run").points("x", range(2))
        provider.poll()
        assert names(provider) == ["run"]
        shutil.rmtree(tmp_path / "later")
        provider.poll()
        assert names(provider) == [] and provider.series() == []


def test_links_are_followed_and_loops_end(tmp_path: Path):
    logs, elsewhere = tmp_path / "logs", tmp_path / "elsewhere"
    LogFile(logs / "run").points("x", range(3))
    LogFile(elsewhere / "deep").points("x", range(5))
    (logs / "run" / "loop").symlink_to(logs)
    (logs / "aaa_latest").symlink_to(logs / "run")
    (logs / "outside").symlink_to(elsewhere)
    (logs / "broken").symlink_to(tmp_path / "nowhere")
    provider = read(logs)
    assert names(provider) == ["outside/deep", "run"]
    provider.poll()
    assert names(provider) == ["outside/deep", "run"]


def test_a_linked_event_file_is_read(tmp_path: Path):
    file = LogFile(tmp_path / "elsewhere").points("x", range(3))
    (tmp_path / "logs" / "run").mkdir(parents=True)
    (tmp_path / "logs" / "run" / "events.out.tfevents.7").symlink_to(file.path)
    provider = read(tmp_path / "logs")
    file.points("x", [3])
    provider.poll()
    assert steps(provider, "run", "x") == [0, 1, 2, 3]


def test_what_is_no_regular_file_is_never_opened(tmp_path: Path):
    LogFile(tmp_path / "run").points("x", range(3))
    os.mkfifo(tmp_path / "run" / "events.out.tfevents.fifo")
    (tmp_path / "run" / "events.out.tfevents.directory").mkdir()
    (tmp_path / "run" / "events.out.tfevents.device").symlink_to("/dev/zero")
    provider = read(tmp_path)
    assert names(provider) == ["run"] and provider.runs()[0].files == 1


def test_names_that_are_not_utf8_are_shown_with_escapes(tmp_path: Path):
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/r\xff\xfen"))
    LogFile(odd).points("x", range(3))
    LogFile(tmp_path / "r\\xff\\xfen").points("x", range(4))  # looks the same
    provider = read(tmp_path)
    assert sorted(names(provider)) == ["r\\xff\\xfen", "r\\xff\\xfen (2)"]
    assert sorted(len(steps(provider, run, "x")) for run in names(provider)) == [3, 4]
    assert display_name("a/b") == "a/b"


def test_a_directory_that_cannot_be_listed_is_marked_and_tried_again(tmp_path: Path, monkeypatch):
    LogFile(tmp_path / "bad").points("x", range(3))
    LogFile(tmp_path / "good").points("x", range(3))
    real = os.scandir

    def refuse(path):
        if str(path).endswith("bad"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", refuse)
    provider = read(tmp_path)
    bad, good = provider.runs()
    assert [(damage.file, damage.reason) for damage in bad.damage] == [("bad", "io: Permission denied")]
    assert good.damage == () and steps(provider, "good", "x") == [0, 1, 2]
    monkeypatch.undo()
    monkeypatch.setattr(time, "monotonic", lambda: 1e9)
    provider.poll()
    assert provider.runs()[0].damage == () and steps(provider, "bad", "x") == [0, 1, 2]


def test_a_tree_deeper_than_pythons_stack(tmp_path: Path, monkeypatch):
    LogFile(tmp_path / "run").points("x", range(3))
    monkeypatch.chdir(tmp_path)
    for _ in range(1200):
        Path("d").mkdir()
        os.chdir("d")
    os.chdir(tmp_path)
    try:
        provider = read(tmp_path)
        assert steps(provider, "run", "x") == [0, 1, 2]
        Path("d").rename("run/d")
        provider.poll()
        assert names(provider) == ["run"]
    finally:
        subprocess.run(["rm", "-rf", "d", "run/d"], check=True)  # too deep for pytest to clean up


def test_a_directory_renamed_is_a_run_renamed(tmp_path: Path):
    LogFile(tmp_path / "old").points("x", range(3))
    provider = read(tmp_path)
    (tmp_path / "old").rename(tmp_path / "new")
    provider.poll()
    assert names(provider) == ["new"] and steps(provider, "new", "x") == [0, 1, 2]
    assert steps(provider, "old", "x") == []


def test_assets_are_patterns_below_a_run(tmp_path: Path):
    plugin = Plugin("profile", assets=("plugins/profile/*/*.xplane.pb", "notes.*"))
    session = tmp_path / "run" / "plugins" / "profile" / "2026"
    session.mkdir(parents=True)
    (session / "host.xplane.pb").write_bytes(b"one")
    (session / "host.txt").write_bytes(b"no")
    (session / "deeper").mkdir()
    (session / "deeper" / "host.xplane.pb").write_bytes(b"no")
    provider = LocalProvider(tmp_path, [plugin])
    provider.poll()
    key = SeriesKey("run", "profile", "plugins/profile/2026/host.xplane.pb")
    assert [info.key for info in provider.series()] == [key] and names(provider) == ["run"]
    assert provider.asset("run", key.tag).read() == b"one"
    (tmp_path / "notes.md").write_text("")
    other = session / "other.xplane.pb"
    other.write_bytes(b"two")
    provider.poll()
    assert names(provider) == [".", "run"] and len(provider.series("profile")) == 3
    cursor = provider.changes(0).cursor
    other.write_bytes(b"three")
    provider.poll()
    assert provider.changes(cursor).series == {SeriesKey("run", "profile", key.tag.replace("host", "other"))}
    shutil.rmtree(session.parent)
    provider.poll()
    assert names(provider) == ["."]
