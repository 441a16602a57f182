"""What the terminal is told while logs are read, and that nothing is lost where it takes no words."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest
from tests.support.command import COMMAND, call, hear_interrupts, running
from tests.support.log import wait
from tests.support.log_file import LogFile

from cupola.cli import report
from cupola.cli.report import Report
from cupola.index.local import LocalProvider
from cupola.plugins import plugins
from cupola.types import Progress


def damaged(folder: Path, name: str = "1") -> None:
    file = LogFile(folder, name).points("x", range(3))
    data = bytearray(file.path.read_bytes())
    data[-20] ^= 1
    file.path.write_bytes(data)


class Reading:
    """A provider that has read `done` of ten files."""

    loading = True
    version = 1

    def __init__(self, done: int) -> None:
        self.done = done

    def progress(self) -> Progress:
        return Progress(10, self.done, 3_200_000_000, self.done * 320_000_000, 12_345, 2, 4.0)

    def sources(self) -> list:
        return []

    def damage(self) -> list:
        return []


def test_a_long_scan_is_one_line_written_over(monkeypatch, capsys):
    monkeypatch.setattr(report, "LONG_S", 0.0)
    monkeypatch.setattr(report, "DRAW_S", 0.01)
    provider = Reading(4)
    told = Report(lambda: provider, is_terminal=True)  # type: ignore[arg-type,return-value]
    told.start()
    time.sleep(0.2)
    provider.done, provider.loading = 10, False
    time.sleep(0.2)
    told.stop()
    said = capsys.readouterr().err
    drawn = [part for part in said.split("\r\x1b[K") if part]
    assert drawn[0] == (
        "cupola: reading … 4 of 10 files, 1.3 GB of 3.2 GB, 12,345 points, 320 MB/s, 6 s left"
    )
    assert len(drawn) > 3
    assert drawn[-1] == "cupola: read 10 files, 3.2 GB, 12,345 points in 0 s\n" and said.count("\n") == 1


def test_where_nothing_can_be_written_over_nothing_is(monkeypatch, capsys):
    monkeypatch.setattr(report, "LONG_S", 0.0)
    provider = Reading(4)
    told = Report(lambda: provider, is_terminal=False)  # type: ignore[arg-type,return-value]
    told.start()
    time.sleep(0.5)
    told.stop()
    assert capsys.readouterr().err == ""


def test_damage_is_told_once_each_and_not_without_end(tmp_path: Path, monkeypatch, capsys):
    monkeypatch.setattr(report, "LOOK_S", 0.02)
    damaged(tmp_path / "bad\x1b[31m")
    provider = LocalProvider(tmp_path, plugins().values(), poll_s=0.02)
    provider.start()
    told = Report(lambda: provider, is_terminal=False)
    told.start()
    lines: list[str] = []

    def said(number: int) -> bool:
        lines.extend(capsys.readouterr().err.splitlines())
        return len(lines) >= number

    wait(lambda: said(1))
    assert re.fullmatch(
        r"cupola: bad\\x1b\[31m: events\.out\.tfevents\.1 at byte \d+, \d+ bytes skipped: data-crc", lines[0]
    )
    LogFile(tmp_path / "good").points("x", [1])
    time.sleep(0.2)
    assert not said(2)
    for number in range(50):
        damaged(tmp_path / "many", f"{number}")
    wait(lambda: said(21))
    time.sleep(0.3)
    said(0)
    assert len(lines) == 21 and any(
        "cannot be read; `cupola inspect` lists them all" in line for line in lines
    )
    told.stop()
    provider.stop()


def test_telling_does_not_keep_the_log_attended(tmp_path: Path):
    """Else a quiet server would poll as if somebody looked."""
    provider = LocalProvider(tmp_path, plugins().values())
    provider.poll()
    asked = []
    provider._follower.attend = lambda: asked.append(1)  # type: ignore[method-assign]
    provider.progress(), provider.damage(), provider.sources(), provider.version
    assert asked == []


def test_quiet(tmp_path: Path):
    damaged(tmp_path / "bad")
    with running(tmp_path, tmp_path / "missing", "--quiet", "--port", "0", "--load_fast=true") as (
        _,
        process,
    ):
        assert process.stderr is not None
        time.sleep(1.0)
        assert select.select([process.stderr], [], [], 0)[0] == []
    with running("demo", "--quiet", "--port", "0") as (_, process):
        assert process.stderr is not None and select.select([process.stderr], [], [], 0.2)[0] == []


FULL = Path("/dev/full")
WORDS = {
    "nothing": [],
    "help": ["--help"],
    "version": ["--version"],
    "inspect's help": ["inspect", "--help"],
    "demo's help": ["demo", "--help"],
    "completion": ["completion", "bash"],
    "completion's help": ["completion", "--help"],
    "a mistake": ["--bogus"],
}


@pytest.mark.skipif(not FULL.exists(), reason="only Linux has a file that is always full")
@pytest.mark.parametrize("case", WORDS)
@pytest.mark.parametrize("streams", ["stdout", "stderr", "both"])
def test_a_full_disk_is_no_traceback(tmp_path: Path, case: str, streams: str):
    with FULL.open("w") as full:
        out = full if streams != "stderr" else subprocess.PIPE
        err = full if streams != "stdout" else subprocess.PIPE
        done = subprocess.run(
            [*COMMAND, *WORDS[case]], stdout=out, stderr=err, text=True, timeout=30, cwd=tmp_path
        )
    assert done.returncode in (0, 2), done
    assert "Traceback" not in (done.stderr or "") and "ignored" not in (done.stderr or "")


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_a_long_scan_with_a_clean_line(tmp_path: Path, sent: signal.Signals):
    """On a terminal of its own."""
    LogFile(tmp_path / "run").points("x", [1])
    master, slave = os.openpty()
    process = subprocess.Popen(
        [*COMMAND, tmp_path, "--port", "0"], stdout=slave, stderr=slave, preexec_fn=hear_interrupts
    )
    os.close(slave)
    said = bytearray()

    def read() -> None:
        try:
            while piece := os.read(master, 4096):
                said.extend(piece)
        except OSError:
            return

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    wait(lambda: b"http://" in said, 10)
    process.send_signal(sent)
    process.wait(5)
    reader.join(5)
    os.close(master)
    assert b"Traceback" not in said and b"cupola shows" in said


def test_the_demonstration_writes_among_nobodys_files(tmp_path: Path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("x")
    done = call("demo", "--logdir", tmp_path / "mine", "--port", "0")
    assert done.returncode == 2 and "is not empty; wanted a new or an empty directory" in done.stderr
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["thesis.txt"]
    LogFile(tmp_path / "logs" / "run").points("x", [1])
    assert call("demo", "--logdir", tmp_path / "logs").returncode == 2
    with running("demo", "--logdir", tmp_path / "new", "--port", "0"):
        pass
    files = {path: path.stat().st_mtime_ns for path in (tmp_path / "new").rglob("*") if path.is_file()}
    with running("demo", "--logdir", tmp_path / "new", "--port", "0"):
        pass
    again = {path: path.stat().st_mtime_ns for path in (tmp_path / "new").rglob("*") if path.is_file()}
    assert files == again, "its own directory is shown as it is"
    (tmp_path / "new" / ".cupola-demo").write_text("")
    assert "half a demonstration; delete it" in call("demo", "--logdir", tmp_path / "new").stderr
    assert "cannot write to /proc/x" in call("demo", "--logdir", "/proc/x").stderr
    unwritable = {"TMPDIR": "/proc", "TEMP": "/proc", "TMP": "/proc"}
    if os.geteuid() != 0:
        assert "set TMPDIR" in call("demo", environment=unwritable, cwd="/").stderr
