"""Symbolic links to directories: followed inside, so far outside, and what is not followed says so."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.support.log import read, steps
from tests.support.log_file import LogFile

from cupola.index import links


def said(provider) -> dict[str, list[str]]:
    return {run.name: [damage.reason for damage in run.damage] for run in provider.runs()}


def test_a_run_that_lives_elsewhere_is_a_run(tmp_path: Path):
    file = LogFile(tmp_path / "disk" / "run").points("x", range(3))
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "mine").symlink_to(file.path.parent)
    provider = read(tmp_path / "logs")
    file.points("x", [3])
    provider.poll()
    assert steps(provider, "mine", "x") == [0, 1, 2, 3] and said(provider) == {"mine": []}


def test_a_large_tree_behind_a_link_is_followed_so_far_and_says_so(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(links, "MAX_LINKED", 20)
    for number in range(15):
        (tmp_path / "disk" / f"{number}" / "deep" / "deeper").mkdir(parents=True)
    LogFile(tmp_path / "disk" / "run").points("x", range(3))
    LogFile(tmp_path / "logs" / "good").points("x", range(5))
    (tmp_path / "logs" / "link").symlink_to(tmp_path / "disk")
    listed = []
    real = os.scandir
    monkeypatch.setattr(os, "scandir", lambda path: listed.append(path) or real(path))
    provider = read(tmp_path / "logs")
    assert len(listed) == 2 + 1 + 20, "the log directory, the run, the link, and 20 behind it"
    assert steps(provider, "good", "x") == [0, 1, 2, 3, 4] and steps(provider, "link/run", "x") == [0, 1, 2]
    ((reason,),) = [reasons for run, reasons in said(provider).items() if run == "link"]
    assert reason.startswith("link: leaves the log directory; only the first 20 directories")


@pytest.mark.parametrize("target", ["/", "/proc", "..", "../..", "/proc/self/root"])
def test_what_is_no_log_is_not_followed_and_says_so(tmp_path: Path, monkeypatch, target: str):
    LogFile(tmp_path / "a" / "logs" / "good").points("x", range(5))
    (tmp_path / "a" / "logs" / "link").symlink_to(target)
    listed = []
    real = os.scandir
    monkeypatch.setattr(os, "scandir", lambda path: listed.append(path) or real(path))
    provider = read(tmp_path / "a" / "logs")
    assert len(listed) == 2
    assert steps(provider, "good", "x") == [0, 1, 2, 3, 4]
    ((reason,),) = [reasons for run, reasons in said(provider).items() if run == "link"]
    assert reason.startswith("link: leads to ") and reason.endswith("it is not followed")


def test_a_link_that_is_put_right_is_followed(tmp_path: Path):
    LogFile(tmp_path / "disk" / "run").points("x", range(3))
    (tmp_path / "logs").mkdir()
    link = tmp_path / "logs" / "link"
    link.symlink_to("/")
    provider = read(tmp_path / "logs")
    assert list(said(provider)) == ["link"]
    link.unlink()
    link.symlink_to(tmp_path / "disk")
    provider.poll()
    assert said(provider) == {"link/run": []} and steps(provider, "link/run", "x") == [0, 1, 2]
    link.unlink()
    link.symlink_to("/")
    provider.poll()
    assert list(said(provider)) == ["link"]
    link.unlink()
    provider.poll()
    assert said(provider) == {}


def test_a_directory_behind_a_link_that_cannot_be_listed_is_no_run(tmp_path: Path, monkeypatch):
    (tmp_path / "disk" / "secret").mkdir(parents=True)
    LogFile(tmp_path / "disk" / "run").points("x", [0])
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "link").symlink_to(tmp_path / "disk")
    real = os.scandir

    def refuse(path):
        if str(path).endswith("secret"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert said(read(tmp_path / "logs")) == {"link/run": []}
