"""Several log directories in one provider, patterns, and what is said of those that cannot be read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.support.log import steps
from tests.support.log_file import LogFile, tensor

from cupola.errors import LogdirError
from cupola.index.files import check_logdir
from cupola.index.local import LocalProvider
from cupola.index.roots import Root, similar
from cupola.plugins import plugins


def provider(*roots: Root) -> LocalProvider:
    opened = LocalProvider(roots, plugins().values())
    opened.load()
    return opened


def names(opened: LocalProvider) -> list[str]:
    return [run.name for run in opened.runs()]


def test_a_runs_name_begins_with_its_log_directorys(tmp_path: Path):
    LogFile(tmp_path / "a").points("x", [1])
    LogFile(tmp_path / "a" / "deep" / "er").points("x", [2])
    LogFile(tmp_path / "b" / "deep" / "er").points("x", [3])
    opened = provider(Root(str(tmp_path / "a"), "old"), Root(str(tmp_path / "b"), "new/one"))
    assert names(opened) == ["new/one/deep/er", "old", "old/deep/er"]
    assert steps(opened, "old", "x") == [1]
    assert steps(opened, "old/deep/er", "x") == [2]
    assert steps(opened, "new/one/deep/er", "x") == [3]
    assert opened.location == f"{tmp_path / 'a'}, {tmp_path / 'b'}"


def test_equal_runs_of_two_directories_keep_their_values_apart(tmp_path: Path):
    """The same run, tag, file name and offset: a blob's key is of the run as it is named here."""
    for place in ("a", "b"):
        LogFile(tmp_path / place / "run").write(tensor("t", 1, "text", place.encode() * 9))
    opened = provider(Root(str(tmp_path / "a"), "a"), Root(str(tmp_path / "b"), "b"))
    keys = {info.key.run: opened.blobs(info.key).key[0] for info in opened.series("text")}
    assert len(set(keys.values())) == 2
    for run, key in keys.items():
        assert run[0].encode() * 9 in opened.read(key)


def test_a_directory_in_another_is_shown_once_under_its_own_name(tmp_path: Path):
    LogFile(tmp_path / "all" / "one").points("x", [1])
    LogFile(tmp_path / "all" / "two").points("x", [1])
    whole, part = Root(str(tmp_path / "all"), "all"), Root(str(tmp_path / "all" / "two"), "best")
    for order in ((whole, part), (part, whole)):
        assert names(provider(*order)) == ["all/one", "best"]
    same = provider(Root(str(tmp_path / "all"), "a"), Root(str(tmp_path / "all"), "b"))
    assert names(same) == ["a/one", "a/two"] and [s.problem for s in same.sources()] == ["", ""]


def test_links_between_log_directories_are_inside(tmp_path: Path):
    LogFile(tmp_path / "b" / "run").points("x", [1])
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "link").symlink_to(tmp_path / "b" / "run")
    opened = provider(Root(str(tmp_path / "a"), "a"), Root(str(tmp_path / "b"), "b"))
    assert names(opened) == ["b/run"] and not opened.damage()


def test_a_pattern_stands_for_what_matches_it_now_and_later(tmp_path: Path):
    LogFile(tmp_path / "exp-1" / "seed0").points("x", [1])
    LogFile(tmp_path / "other").points("x", [1])
    (tmp_path / "exp-note.txt").write_text("no directory")
    opened = provider(Root(str(tmp_path / "exp-*"), is_pattern=True))
    assert names(opened) == ["exp-1/seed0"]
    LogFile(tmp_path / "exp-2").points("x", [1])
    opened.poll()
    assert names(opened) == ["exp-1/seed0", "exp-2"]
    deep = provider(Root(str(tmp_path / "*" / "seed?"), "named", is_pattern=True))
    assert names(deep) == ["named/exp-1/seed0"]
    nothing = provider(Root(str(tmp_path / "none-*"), is_pattern=True))
    assert [source.problem for source in nothing.sources()] == ["missing"]


def test_what_cannot_be_read_is_told_apart(tmp_path: Path, monkeypatch):
    for name in ("full", "logs", "locked", "empty"):
        (tmp_path / name).mkdir()
    (tmp_path / "file").write_text("x")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    scandir = os.scandir

    def refuse(path: str) -> object:
        if os.fspath(path) == str(tmp_path / "locked"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    opened = provider(*(Root(str(tmp_path / name), name) for name in ("empty", "logz", "locked", "loop")))
    said = {source.name: source for source in opened.sources()}
    assert {name: source.problem for name, source in said.items()} == {
        "empty": "",
        "logz": "missing",
        "locked": "unreadable",
        "loop": "unreadable",
    }
    assert said["locked"].reason == "Permission denied" and "symbolic links" in said["loop"].reason
    assert said["logz"].similar == (str(tmp_path / "logs"),)


def test_coming_and_going_is_a_change(tmp_path: Path):
    opened = provider(Root(str(tmp_path / "later")))
    for act, problem in ((Path.mkdir, ""), (Path.rmdir, "missing"), (Path.mkdir, "")):
        cursor = opened.changes(0).cursor
        act(tmp_path / "later")
        opened.poll()
        assert opened.changes(cursor).structure
        assert [source.problem for source in opened.sources()] == [problem]
        opened.poll()
        assert opened.changes(opened.changes(cursor).cursor).structure is False


def test_similar_names(tmp_path: Path):
    for name in ("logs", "runs", "Lightning_logs", ".logs", "zzz"):
        (tmp_path / name).mkdir()

    def found(*parts: str) -> list[str]:
        return [os.path.relpath(path, tmp_path) for path in similar(str(tmp_path.joinpath(*parts)))]

    for mistyped in ("log", "LOGS", "lgos"):
        assert found(mistyped)[0] == "logs"
    assert found("lightning") == ["Lightning_logs"]
    (tmp_path / "runs" / "exp1").mkdir()
    assert found("run", "exp1") == ["runs/exp1"]
    assert found("run", "exp2") == []
    assert found("nothing-like-it") == []


@pytest.mark.parametrize(
    ("address", "command"),
    [
        ("s3://bucket/logs", "aws s3 sync s3://bucket/logs logs"),
        ("s3:/bucket/logs", "aws s3 sync s3://bucket/logs logs"),
        ("gs://bucket", "gcloud storage rsync"),
        ("https://host/logs", "wget"),
        ("hf://org/logs", "mount it, or copy it first and show the copy"),
    ],
)
def test_an_address_that_is_no_path_is_refused_at_once(address: str, command: str):
    with pytest.raises(LogdirError) as error:
        check_logdir(address)
    assert command in str(error.value) and "not on this machine" in str(error.value)


def test_names_with_colons_are_paths(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "s3:" / "x").mkdir(parents=True)
    for path in ("node7:/data", "12:30/run", "a:b", "s3:/x"):
        check_logdir(path)
