"""A token that stays the same when cupola is started again."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import httpx
import pytest
from tests.support.command import call, running

STABLE = "a-token-of-our-own_1.2~3"


@pytest.fixture
def logdir(tmp_path: Path) -> Path:
    (tmp_path / "logs").mkdir()
    return tmp_path / "logs"


def test_cookies_and_bookmarks_outlive_a_restart(logdir: Path, tmp_path: Path):
    file = tmp_path / "token"
    with httpx.Client() as browser:
        with running(logdir, "--port", "0", "--token_file", file) as (address, process):
            assert process.stderr is not None and f"{file} is new" in process.stderr.readline()
            port = re.search(r":(\d+)/", address)[1]  # type: ignore[index]
            assert browser.get(address, follow_redirects=True).status_code == 200
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        with running(logdir, "--port", port, "--token_file", file) as (again, _):
            assert again == address
            bare = address.partition("?")[0]
            assert browser.get(bare).status_code == browser.get(f"{bare}api/info").status_code == 200
            assert httpx.get(bare).status_code == 401


def test_the_environment_gives_it_too(logdir: Path, tmp_path: Path):
    with running(logdir, "--port", "0", environment={"CUPOLA_TOKEN": STABLE}) as (address, _):
        assert address.endswith(f"/?token={STABLE}"), "on localhost too: it was asked for"
        assert httpx.get(address, follow_redirects=False).headers["location"] == "./"
    (tmp_path / "token").write_text("another-token-in-a-file\n")
    (tmp_path / "token").chmod(0o644)
    words = ["--port", "0", "--token_file", str(tmp_path / "token")]
    with running(logdir, *words, environment={"CUPOLA_TOKEN": STABLE}) as (address, process):
        assert address.endswith("/?token=another-token-in-a-file"), "what the command says goes first"
        assert process.stderr is not None and "chmod 600" in process.stderr.readline()
    with running(logdir, "--port", "0", environment={"CUPOLA_TOKEN": ""}) as (address, _):
        assert "token" not in address


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is empty; wanted 16 to 512"),
        ("short", "is of 5 characters"),
        ("two words of a token", "is one with other characters"),
        ("ünïcödé-ünïcödé-ünïcödé", "is one with other characters"),
        ("x" * 600, "is of 600 characters"),
    ],
)
def test_a_token_that_is_none(logdir: Path, tmp_path: Path, content: str, said: str):
    (tmp_path / "token").write_text(content, "utf-8")
    done = call(logdir, "--port", "0", "--token_file", tmp_path / "token")
    assert done.returncode == 2 and said in done.stderr and "secrets.token_urlsafe" in done.stderr
    if content:
        done = call(logdir, "--port", "0", environment={"CUPOLA_TOKEN": content})
        assert done.returncode == 2 and f"CUPOLA_TOKEN {said}" in done.stderr


@pytest.mark.parametrize("place", [".", "no/such/place", "/dev/null/x", "~nobody-of-that-name/token"])
def test_a_place_that_cannot_be_written(logdir: Path, tmp_path: Path, place: str, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = call(logdir, "--port", "0", "--token_file", place)
    assert done.returncode == 2 and "choose another --token_file, or set CUPOLA_TOKEN" in done.stderr


def test_without_a_home_nothing_is_missed(logdir: Path):
    for home in ("/nonexistent", "/proc"):
        with running(logdir, "--port", "0", "--token", environment={"HOME": home}) as (address, _):
            assert httpx.get(address).status_code == 303
