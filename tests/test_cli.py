"""The command as a person types it."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.support.command import COMMAND, call, hear_interrupts, running
from tests.support.log import wait
from tests.support.log_file import LogFile

from cupola import __version__
from cupola.cli import main
from cupola.cli.options import UNNEEDED


@pytest.fixture
def logdir(tmp_path: Path) -> Path:
    LogFile(tmp_path / "run").points("loss", range(5))
    return tmp_path


def test_it_shows_a_log_directory_and_follows_it(logdir: Path):
    with running(logdir, "--port", "0") as (address, _):
        assert address.startswith("http://localhost:")
        wait(lambda: not httpx.get(f"{address}api/catalog").json()["loading"])
        LogFile(logdir / "later").points("loss", [1])
        wait(lambda: len(httpx.get(f"{address}api/catalog").json()["runs"]) == 2)
        assert "text/html" in httpx.get(address).headers["content-type"]


def test_a_missing_directory_is_waited_for(tmp_path: Path):
    with running("--logdir", tmp_path / "later", "--port=0") as (address, process):
        assert httpx.get(f"{address}api/catalog").json()["runs"] == []
        LogFile(tmp_path / "later" / "run").points("x", [1])
        wait(lambda: len(httpx.get(f"{address}api/catalog").json()["runs"]) == 1)
        assert process.stderr is not None and "does not exist yet; waiting" in process.stderr.readline()


def test_prefix_title_token_and_loading_once(logdir: Path):
    words = ["--path_prefix", "/a/b/", "--window-title", "Mine", "--token", "--reload_interval", "0"]
    with running(logdir, "--port", "0", *words) as (address, _), httpx.Client() as browser:
        assert re.fullmatch(r"http://localhost:\d+/a/b/\?token=[\w-]{32}", address)
        assert httpx.get(address.partition("?")[0]).status_code == 401
        assert browser.get(address, follow_redirects=True).status_code == 200
        info = browser.get(address.partition("?")[0] + "api/info").json()
        assert info["window_title"] == "Mine"
        LogFile(logdir / "later").points("loss", [1])
        assert len(browser.get(address.partition("?")[0] + "api/catalog").json()["runs"]) == 1


def test_the_next_free_port_is_taken_and_said(logdir: Path, monkeypatch):
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind(("127.0.0.1", 6006))
            taken.listen()
        except OSError:
            pass  # somebody else has it: as good
        with running(logdir) as (address, process):
            port = int(address.rsplit(":", 1)[1].strip("/"))
            assert port > 6006
            assert process.stderr is not None
            assert re.search(rf"port 6006 is taken.*; using {port}", process.stderr.readline())


def test_a_given_port_that_is_taken_is_an_error(logdir: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = call(logdir, "--port", str(port))
    assert done.returncode == 2
    assert f"cannot listen on localhost port {port}: address already in use; choose another" in done.stderr


def test_binding_for_others_asks_for_a_token(logdir: Path):
    with running(logdir, "--bind_all", "--port", "0") as (address, _):
        port, token = re.fullmatch(r"http://[^:]+:(\d+)/\?token=([\w-]{32,})", address).groups()  # type: ignore[union-attr]
        base = f"http://127.0.0.1:{port}"
        assert httpx.get(f"{base}/api/info").status_code == 401
        assert httpx.get(f"{base}/api/info", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    with running(logdir, "--host", "127.0.0.2", "--port", "0") as (address, _):
        assert "?token=" in address
    with running(logdir, "--host", "127.0.0.1", "--port", "0") as (address, _):
        assert "?token=" not in address and httpx.get(address).status_code == 200


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "no log directory given; wanted `cupola LOGDIR`"),
        (["a", "--port", "http"], "'http' is no port; wanted a number"),
        (["a", "--port", "70000"], "is no port"),
        (["a", "--path_prefix", "x"], "is no path; wanted one like /cupola"),
        (["a", "--reload_interval", "-1"], "is no time; wanted seconds"),
        (["a", "--host", "x", "--bind_all"], "both --host and --bind_all"),
        (["a", "--host", "256.1.1.1", "--port", "0"], "cannot listen on 256.1.1.1"),
        (["a", "--bogus"], "unrecognized arguments: --bogus"),
        (["inspect"], "no log directory given"),
        (["inspect", "no/such"], "is not there; wanted the directory"),
    ],
)
def test_mistakes_end_with_status_2_and_a_hint(words: list[str], message: str, capsys):
    status: Any
    try:
        status = main(words)
    except SystemExit as exit:
        status = exit.code
    assert status == 2
    assert message in capsys.readouterr().err


def test_a_file_for_a_directory_is_an_error(logdir: Path, capsys):
    file = next((logdir / "run").iterdir())
    assert main([str(file)]) == 2
    assert "is a file; wanted the directory that holds the runs" in capsys.readouterr().err
    assert main(["inspect", str(file)]) == 2


def test_tensorboards_flags_are_understood(logdir: Path):
    words = [f"{flag}=1" for flag in UNNEEDED]
    with running(logdir, "--port", "0", *words) as (_, process):
        assert process.stderr is not None
        for _ in UNNEEDED:
            assert "is not needed: " in process.stderr.readline()


def test_version_and_help(capsys):
    for words, wanted in ((["--version"], f"cupola {__version__}"), (["--help"], "cupola inspect logs")):
        with pytest.raises(SystemExit) as exit:
            main(words)
        assert exit.value.code == 0 and wanted in capsys.readouterr().out


def test_inspect(logdir: Path, capsys):
    file = LogFile(logdir / "bad" / "deep").points("x\x1b[31m", [3, 9])
    data = bytearray(file.path.read_bytes())
    data[-20] ^= 1
    file.path.write_bytes(data)
    assert main(["inspect", str(logdir)]) == 0
    said = capsys.readouterr().out
    assert "2 runs, 2 series, 6 points, 1 damaged place" in said
    assert re.search(r"scalars  loss +5  steps 0 to 4", said)
    assert re.search(r"scalars  x\\x1b\[31m +1  steps 3 to 3", said)
    assert re.search(r"damaged: events\.out\.tfevents\.1 at byte \d+, \d+ bytes skipped: data-crc", said)
    assert "\x1b" not in said


def test_inspect_as_json_and_as_a_flag(logdir: Path, capsys):
    assert main(["inspect", str(logdir), "--json"]) == 0
    (run,) = json.loads(capsys.readouterr().out)["runs"]
    assert run["run"] == "run" and run["start"] == "2023-11-14T22:13:20+00:00"
    assert run["series"] == [
        {"plugin": "scalars", "tag": "loss", "kind": "scalar", "count": 5, "first_step": 0, "last_step": 4}
    ]
    assert main(["--inspect", "--logdir", str(logdir), "--tag", "none"]) == 0
    assert "1 run, 0 series, 0 points" in capsys.readouterr().out


def test_inspect_of_nothing(tmp_path: Path, capsys):
    assert main(["inspect", str(tmp_path)]) == 1
    assert "0 runs" in capsys.readouterr().out


def test_the_demonstration(tmp_path: Path):
    with running("demo", "--logdir", tmp_path, "--port", "0") as (address, _):
        wait(lambda: not httpx.get(f"{address}api/catalog").json()["loading"])
        shown = httpx.get(f"{address}api/catalog").json()["series"]
        assert shown


def test_importing_cupola_is_cheap():
    code = "import sys, cupola; print(sorted(set(sys.modules) & {'numpy', 'starlette', 'torch', 'asyncio'}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def output_of(words: list[str | os.PathLike[str]], stdout: str, until: str) -> tuple[int, str]:
    """Exit status and standard error of a command whose standard output cannot be written; Ctrl-C once
    `until` was said there.
    """
    with open(stdout, "w") as out:
        process = subprocess.Popen(
            [*COMMAND, *words], stdout=out, stderr=subprocess.PIPE, text=True, preexec_fn=hear_interrupts
        )
    assert process.stderr is not None
    said = ""
    while until and until not in said and (line := process.stderr.readline()):
        said += line
    if until:
        address = re.search(r"http://\S+", said)
        assert address and httpx.get(f"{address[0]}api/info").status_code == 200, "it serves all the same"
        process.send_signal(signal.SIGINT)
    with process.stderr:
        said += process.stderr.read()
    return process.wait(20), said


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a file that is always full")
def test_an_output_that_takes_nothing_costs_the_words_only(logdir: Path):
    status, said = output_of([logdir, "--port", "0"], "/dev/full", "Ctrl-C ends it")
    assert status == 0 and "No space left" in said and "Traceback" not in said and "ignored" not in said
    status, said = output_of(["inspect", logdir], "/dev/full", "")
    assert status == 2 and said.count("\n") == 1 and "No space left" in said


def test_a_reader_that_closes_its_pipe_has_seen_enough(logdir: Path):
    pipe = subprocess.PIPE
    for words in (["inspect", str(logdir)], ["inspect", str(logdir), "--json"]):
        process = subprocess.Popen([*COMMAND, *words], stdout=pipe, stderr=pipe, text=True)
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        with process.stderr:
            assert process.stderr.read() == "" and process.wait(20) == 0
