"""`%cupola` without a notebook: which server it starts, reuses and lists, and what it says of mistakes."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.support.log import wait
from tests.support.log_file import LogFile

import cupola
from cupola.notebook import magic, servers


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The addresses of what cells have shown."""
    found: list[str] = []
    monkeypatch.setattr(magic, "_show", lambda server, height_px: found.append(server.address))
    yield found
    for server in servers.running():
        server.stop()


@pytest.fixture
def logdir(tmp_path: Path) -> Path:
    LogFile(tmp_path / "logs" / "run").points("x", range(3))
    return tmp_path / "logs"


def ask(address: str) -> Any:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return json.load(answer)


def test_a_cell_that_runs_again_finds_its_server(shown, logdir: Path, capsys, monkeypatch):
    magic.run(f"--logdir {logdir} --port 0")
    assert ask(f"{shown[0]}api/info")["location"] == str(logdir)
    assert capsys.readouterr() == ("", "")
    magic.run(f"--logdir {logdir} --port 0 --height 400")  # another height is no other server
    monkeypatch.chdir(logdir.parent)
    magic.run("logs --port=0")
    assert shown == [shown[0]] * 3 and len(servers.running()) == 1
    assert "runs already on port" in capsys.readouterr().out


def test_other_directories_and_options_have_their_own(shown, logdir: Path, tmp_path: Path):
    (tmp_path / "more").mkdir()
    for line in (
        f"{logdir} --port 0",
        f"{tmp_path / 'more'} --port 0",
        f"{logdir} --port 0 --window_title x",
    ):
        magic.run(line)
    assert len(set(shown)) == 3


def test_a_server_that_was_ended_is_started_anew(shown, logdir: Path):
    magic.run(f"{logdir} --port 0")
    os.kill(servers.running()[0].pid, signal.SIGKILL)
    wait(lambda: not servers.running())
    magic.run(f"{logdir} --port 0")
    assert shown[0] != shown[1] and ask(f"{shown[1]}api/info")


def test_without_a_word_it_lists(shown, logdir: Path, capsys, monkeypatch):
    monkeypatch.chdir(logdir.parent)
    magic.run("")
    said = capsys.readouterr()
    assert "no cupola runs in this kernel yet; `%cupola --logdir LOGDIR` starts one" in said.out
    assert "cupola logs" in said.err
    magic.run(f"{logdir} --port 0")
    magic.run("  # nothing")
    server = servers.running()[0]
    assert re.search(
        rf"port {server.port}: {re.escape(str(logdir))} \(started 0:00:\d\d ago; pid {server.pid}\)",
        capsys.readouterr().out,
    )


def test_others_of_this_machine_need_the_token(shown, logdir: Path):
    magic.run(f"{logdir} --port 0")
    root = shown[0].partition("/@")[0]
    for path in ("/", "/api/info", "/@/api/info"):
        with pytest.raises(urllib.error.HTTPError, match="401"):
            urllib.request.urlopen(root + path, timeout=10)
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert "cupola.notebook.child" in listed and shown[0].split("@")[1].rstrip("/") not in listed


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("--logdri logs", r"unrecognized arguments: --logdri; did you mean --logdir\?"),
        ("--logdir", "expected one argument"),
        ("logs --port 99999", "'99999' is no port"),
        ("logs --height tall", "'tall' is no height; wanted pixels, 100 to 10000"),
        ("'logs", "cannot be split into words"),
        ("--port 0", "no log directory given; wanted `%cupola --logdir LOGDIR`"),
        ("inspect logs", "`!cupola inspect logs` runs the command"),
        ("logs --host nowhere.invalid", "cannot listen on nowhere.invalid"),
        ("s3://bucket/logs", "is not on this machine"),
        (__file__, "is a file"),
    ],
)
def test_mistakes_are_told_in_a_sentence(shown, line: str, told: str, capsys):
    magic.run(line)
    assert re.search(told, capsys.readouterr().err)
    assert shown == [] and servers.running() == []


def test_a_port_that_is_taken(shown, logdir: Path, capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        magic.run(f"{logdir} --port {port}")
    said = capsys.readouterr().err
    assert re.search(
        rf"^cupola: cannot listen on localhost port {port}: .* choose another --port$", said, re.M
    )
    assert "Traceback" not in said and shown == []


def test_a_missing_directory_is_shown_and_named(shown, logdir: Path, capsys):
    magic.run(f"{logdir.parent / 'losg'} --port 0")
    assert (
        f"{logdir.parent / 'losg'} does not exist yet; waiting for it (there is {logdir})"
        in capsys.readouterr().err
    )
    assert ask(f"{shown[0]}api/info")


def test_help_is_help(shown, capsys):
    magic.run("--help")
    assert "--height" in capsys.readouterr().out


def test_the_server_ends_with_its_kernel_however_that_ends(logdir: Path):
    program = (
        "import os, signal; from cupola.notebook.servers import Server; "
        f"server = Server([{str(logdir)!r}, '--port', '0']); print(server.pid, flush=True); "
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    wait(lambda: not _is_running(int(done.stdout)))


def _is_running(pid: int) -> bool:
    try:
        return "cupola" in Path(f"/proc/{pid}/cmdline").read_text()
    except FileNotFoundError:
        return False


def test_modules_in_the_notebooks_folder_do_not_stand_in_the_way(shown, logdir: Path, monkeypatch):
    for name in ("logging", "json", "starlette", "cupola"):
        (logdir.parent / f"{name}.py").write_text("raise SystemExit(f'{__file__} was imported')")
    monkeypatch.chdir(logdir.parent)
    magic.run("logs --port 0")
    assert len(shown) == 1


def test_the_extension_is_loaded_lazily():
    names = []

    class Shell:
        def register_magic_function(self, function: Any, magic_kind: str, magic_name: str) -> None:
            names.append((magic_kind, magic_name))

    cupola.load_ipython_extension(Shell())
    assert names == [("line", "cupola")]
    program = "import sys, cupola; sys.exit(any(m.startswith(('cupola.', 'IPython')) for m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0
