"""Which directories a command line names, and what is said of them."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import httpx
import pytest
from tensorboard.backend.event_processing.data_ingester import _parse_event_files_spec
from tests.support.command import call, running
from tests.support.log import wait
from tests.support.log_file import LogFile

from cupola.cli import UsageError, main
from cupola.cli.logdirs import roots_of
from cupola.cli.nearby import log_directories
from cupola.cli.options import serve_parser
from cupola.index.roots import Root


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def named(*words: str) -> dict[str, str]:
    """Path below here → name."""
    roots = roots_of(serve_parser().parse(words))
    return {os.path.relpath(root.path): root.name for root in roots}


def test_names_tell_directories_apart():
    assert named("logs") == {"logs": ""}
    assert named("a", "b/c", "--port", "0", "d/") == {"a": "a", "b/c": "c", "d": "d"}
    assert named("x/logs", "y/logs", "z") == {"x/logs": "x/logs", "y/logs": "y/logs", "z": "z"}
    assert named("--logdir", "a", "--logdir=b", "c", "a") == {"c": "c", "a": "a", "b": "b"}
    assert named("--logdir_spec", "old:a,new:b/c,d") == {"a": "old", "b/c": "new", "d": "d"}
    assert named("--logdir_spec", "only:a") == {"a": "only"}


@pytest.mark.parametrize("spec", ["old:/x/a,new:/x/b", "/x/a", "/x:y/z", "one:/a:b", "name:~/q"])
def test_a_spec_is_read_as_tensorboard_reads_it(spec: str):
    roots = roots_of(serve_parser().parse(["--logdir_spec", spec]))
    theirs = _parse_event_files_spec(spec)
    assert {root.path for root in roots} == set(theirs)
    assert {root.path: root.name for root in roots if theirs[root.path]} == {
        p: n for p, n in theirs.items() if n
    }


def test_patterns_paths_and_files(tmp_path: Path):
    (tmp_path / "odd[1]").mkdir()
    assert [root.is_pattern for root in roots_of(serve_parser().parse(["exp-*", "odd[1]"]))] == [True, False]
    assert named(f"file://{tmp_path}/with%20space") == {"with space": ""}
    (tmp_path / "README").write_text("x")
    assert named("README", "logs") == {"logs": ""}
    for words, wanted in (
        (["README"], "is a file; wanted the directory that holds the runs"),
        (["s3://bucket/x"], "aws s3 sync s3://bucket/x"),
        (["--logdir", "gs://bucket/x"], "gcloud storage"),
        (["a", "hdfs://x/y"], "hdfs dfs -get"),
        (["~nobody-of-that-name/x"], "no such home directory"),
        (["--logdir_spec", "name:"], "gives 'name' no path"),
        (["inspetc", "logs"], "did you mean inspect?"),
        (["dmeo"], "`cupola ./dmeo` waits for a directory"),
        (["dev"], "TensorBoard.dev has been shut down"),
    ):
        with pytest.raises(UsageError, match=wanted.replace("?", r"\?").replace(".", r"\.")):
            roots_of(serve_parser().parse(words))
    (tmp_path / "dmeo").mkdir()
    assert named("dmeo") == {"dmeo": ""} and named("./demos") == {"demos": ""}


@pytest.mark.parametrize("command", [["inspect"], ["inspect", "--logdir"], ["demo", "--logdir"], []])
def test_no_command_waits_for_an_address_or_a_file(tmp_path: Path, command: list[str]):
    (tmp_path / "file").write_text("x")
    for word in ("s3://bucket/x", "file", "gs://b"):
        done = call(*command, word)
        assert done.returncode == 2 and done.stderr.count("\n") == 1, done
        assert "not on this machine" in done.stderr or "is a file" in done.stderr


def test_several_directories_are_shown_side_by_side(tmp_path: Path):
    for name in ("a", "b"):
        LogFile(tmp_path / name / "run").points("x", [1])
    with running("a", "--port", "0", "b") as (address, _):
        wait(lambda: not httpx.get(f"{address}api/catalog").json()["loading"])
        catalog = httpx.get(f"{address}api/catalog").json()
        assert [run["run"] for run in catalog["runs"]] == ["a/run", "b/run"]
        assert [entry["location"] for entry in catalog["logdirs"]] == [
            str(tmp_path / "a"),
            str(tmp_path / "b"),
        ]
    assert main(["inspect", "a", "b"]) == 0


def test_missing_empty_and_unreadable_are_told_apart_at_once(tmp_path: Path):
    (tmp_path / "logs").mkdir()
    (tmp_path / "loop").symlink_to("loop")
    with running("--logdir", "log", "--port", "0") as (_, process):
        assert process.stderr is not None
        assert process.stderr.readline() == (
            f"cupola: {tmp_path}/log does not exist yet; waiting for it (there is {tmp_path}/logs)\n"
        )
    with running("logs", "--port", "0") as (_, process):
        assert process.stderr is not None
        assert (
            process.stderr.readline()
            == f"cupola: {tmp_path}/logs holds no event files yet; waiting for them\n"
        )
    with running("loop", "--port", "0") as (address, process):
        assert process.stderr is not None
        assert (
            "cannot be read: too many levels of symbolic links; let this account" in process.stderr.readline()
        )
        wait(lambda: httpx.get(f"{address}api/catalog").json()["logdirs"][0]["problem"] == "unreadable")
    with running("none-*", "--port", "0") as (_, process):
        assert process.stderr is not None and "nothing matches" in process.stderr.readline()
    for name, said in (
        ("log", f"is not there; wanted the directory with the runs; there is {tmp_path}/logs"),
        ("loop", "cannot be read"),
    ):
        done = call("inspect", name)
        assert done.returncode == 2 and said in done.stderr


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become somebody else"
)
def test_a_directory_of_somebody_else_says_so(tmp_path: Path):
    code = (
        "import os; from cupola.cli.logdirs import tell_problems; from cupola.index import roots\n"
        "os.setgroups([]); os.setgid(65534); os.setuid(65534); tell_problems([roots.Root('locked')])"
    )
    with tempfile.TemporaryDirectory() as folder:  # pytest's own are closed to others
        Path(folder).chmod(0o755)
        Path(folder, "locked").mkdir(mode=0o700)
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=folder)
    assert "locked cannot be read: permission denied; let this account read and enter it" in done.stderr


def test_without_a_word_it_says_what_there_is(tmp_path: Path, capsys):
    LogFile(tmp_path / "runs" / "a").points("x", [1])
    LogFile(tmp_path / "runs" / "b").points("x", [1])
    LogFile(tmp_path / "other" / "logs" / "only").points("x", [1])
    LogFile(tmp_path / ".hidden" / "a").points("x", [1])
    assert main([]) == 2
    said = capsys.readouterr().err
    assert said.startswith("cupola: no log directory given")
    assert said.index("cupola runs ") < said.index("usage:")
    assert "cupola other/logs    (1 run)" in said and "hidden" not in said
    assert log_directories("runs") == {"runs": 1} or log_directories("runs") == {"runs/a": 1, "runs/b": 1}


def test_root_names():
    assert Root("/").directory().name == "."
