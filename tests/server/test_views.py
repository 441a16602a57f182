"""Views and settings: kept in the user's own directory, whatever stands there and whatever is sent."""

from __future__ import annotations

import json
import os
import stat
import threading
from pathlib import Path
from typing import Any

import pytest
from tests.support.log import read
from tests.support.log_file import LogFile
from tests.support.server import Client, client

from cupola.server import views
from cupola.server.config_file import config_directory

VIEW = {"hash": "#scalars?smoothing=0.9", "others": ["#images?size=2"]}
ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "config"
    monkeypatch.setenv("CUPOLA_CONFIG_DIR", str(path))
    return path


@pytest.fixture
def logdir(tmp_path: Path) -> Path:
    LogFile(tmp_path / "logs" / "run").points("loss", range(3))
    return tmp_path / "logs"


@pytest.fixture
def server(logdir: Path, config: Path) -> Client:
    return client(read(logdir))


def change(server: Client, body: Any) -> Any:
    answer = server.ask("PATCH", "/api/views", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def kept(config: Path) -> list[Path]:
    return sorted(path for path in config.rglob("*") if path.is_file())


def test_nothing_is_written_before_something_is_kept(server: Client, config: Path):
    answer = server.get("/api/views").json()
    assert answer == {"last": None, "named": {}, "settings": {}, "problems": []}
    assert not config.exists()


def test_what_is_kept_is_there_for_another_server(server: Client, logdir: Path, config: Path):
    change(server, {"last": VIEW})
    change(server, {"named": {"paper 日本": VIEW, "__proto__": VIEW}})
    change(server, {"settings": {"theme": "dark", "smoothing": 0.95}})
    again = client(read(logdir)).get("/api/views").json()
    assert again == {
        "last": VIEW,
        "named": {"paper 日本": VIEW, "__proto__": VIEW},
        "settings": {"theme": "dark", "smoothing": 0.95},
        "problems": [],
    }


def test_one_file_for_each_log_directory_and_one_for_settings(
    server: Client, config: Path, logdir: Path, tmp_path: Path
):
    other = client(read(tmp_path / "other"))
    change(server, {"last": VIEW, "settings": {"language": "zh-CN"}})
    change(other, {"last": {"hash": "#text"}})
    assert server.get("/api/views").json()["last"] == VIEW
    assert other.get("/api/views").json()["last"] == {"hash": "#text"}
    assert other.get("/api/views").json()["settings"] == {"language": "zh-CN"}
    assert [path.parent.name for path in kept(config)] == ["config", "views", "views"]
    assert json.loads(kept(config)[1].read_text())["location"] in (str(logdir), str(tmp_path / "other"))
    assert [
        path.name for path in logdir.rglob("*") if not path.is_dir() and "tfevents" not in path.name
    ] == []


def test_changes_name_only_what_they_change(server: Client):
    change(server, {"named": {"a": VIEW, "b": VIEW}, "settings": {"theme": "dark", "language": "en"}})
    renamed = change(server, {"named": {"a": None, "c": {"hash": "#text"}}})
    assert renamed["named"] == {"b": VIEW, "c": {"hash": "#text"}}
    assert change(server, {"settings": {"theme": None}})["settings"] == {"language": "en"}
    assert change(server, {"last": VIEW})["named"] == renamed["named"]
    assert change(server, {"last": None})["last"] is None
    assert change(server, {})["named"] == renamed["named"]


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_only_the_user_may_read_it(server: Client, config: Path):
    change(server, {"last": VIEW, "settings": {"theme": "dark"}})
    assert {stat.S_IMODE(path.stat().st_mode) for path in kept(config)} == {0o600}
    assert stat.S_IMODE((config / "views").stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "body",
    [
        {"last": "#scalars"},
        {"last": {}},
        {"last": {"hash": 3}},
        {"last": {"hash": "javascript:alert(1)"}},
        {"last": {"hash": "#a", "others": "#b"}},
        {"last": {"hash": "#a", "others": [1]}},
        {"last": {"hash": "#a", "others": ["b"]}},
        {"last": {"hash": "#a", "more": 1}},
        {"last": {"hash": "#a", "others": ["#b"] * (views.MAX_OTHERS + 1)}},
        {"named": []},
        {"named": "a"},
        {"named": {"": VIEW}},
        {"named": {" \n": VIEW}},
        {"named": {"x" * (views.MAX_NAME_CHARACTERS + 1): VIEW}},
        {"named": {"a": "#scalars"}},
        {"settings": 3},
        {"settings": {"": 1}},
        {"settings": {"<b>": 1}},
        {"settings": {"x" * 65: 1}},
        {"settings": {"theme": "x" * (views.MAX_SETTING_CHARACTERS + 1)}},
        {"format": 2},
        {"else": 1},
    ],
)
def test_what_is_no_view_is_refused_and_changes_nothing(server: Client, config: Path, body: Any):
    before = change(server, {"last": VIEW, "named": {"a": VIEW}})
    answer = server.ask("PATCH", "/api/views", json=body)
    assert answer.status_code == 400 and "wanted" in answer.json()["error"]
    assert server.get("/api/views").json() == before


@pytest.mark.parametrize(
    "body",
    [
        {"last": {"hash": "#" + "x" * views.MAX_VIEW_CHARACTERS}},
        {"named": {f"{i}": VIEW for i in range(views.MAX_NAMED + 1)}},
        {"named": {f"{i}": {"hash": "#" + "x" * 400_000} for i in range(6)}},
        {"settings": {f"s{i}": 1 for i in range(views.MAX_SETTINGS + 1)}},
    ],
)
def test_there_is_a_bound(server: Client, config: Path, body: Any):
    assert server.ask("PATCH", "/api/views", json=body).status_code == 413
    assert kept(config) == []


def test_who_may_not_ask_may_not_change(server: Client, config: Path):
    def send(content: bytes, **headers: str) -> int:
        named = {"Content-Type": "application/json"}
        named |= {name.replace("_", "-"): value for name, value in headers.items()}
        return server.ask("PATCH", "/api/views", content=content, headers=named).status_code

    assert send(b'{"last":null}', Sec_Fetch_Site="cross-site") == 403
    assert send(b'{"last":null}', Origin="http://evil.example") == 403
    assert send(b'{"last":null}', Host="evil.example") == 403
    assert send(b"{}", Content_Type="text/plain") == 415
    for body in (b"", b"[]", b"{", b"\xff", b"[" * 100_000, b'{"settings":{"a":NaN}}'):
        assert send(body) == 400
    assert server.ask("DELETE", "/api/views").status_code == 405
    assert kept(config) == []


DAMAGED = {
    "half a document": b'{"format": 1, "last": {"hash": "#scal',
    "no JSON": b"\x00\xff\xfe garbage",
    "a list": b"[1, 2]",
    "no form": b'{"last": {"hash": "#scalars"}}',
    "a form that is a word": b'{"format": "1"}',
    "a form that is true": b'{"format": true}',
    "last is a number": b'{"format": 1, "last": 3}',
    "named is a list": b'{"format": 1, "named": [1]}',
    "deep": b'{"format": 1, "last": ' + b"[" * 100_000,
    "a bad view among named ones": b'{"format": 1, "named": {"bad": 1}}',
}


@pytest.mark.parametrize("what", DAMAGED)
def test_a_damaged_file_is_told_and_kept_aside(
    server: Client, config: Path, what: str, caplog: pytest.LogCaptureFixture
):
    change(server, {"last": VIEW})
    (path,) = kept(config)
    path.write_bytes(DAMAGED[what])
    answer = server.get("/api/views").json()
    assert answer["last"] is None and answer["named"] == {}
    (problem,) = answer["problems"]
    assert problem["kind"] == "damaged" and problem["path"] == str(path) and not problem["kept"]
    assert str(path) in caplog.text
    assert path.read_bytes() == DAMAGED[what], "a look changes nothing"
    answer = change(server, {"named": {"new": VIEW}})
    assert answer["named"] == {"new": VIEW}
    (problem,) = answer["problems"]
    assert Path(problem["kept"]).read_bytes() == DAMAGED[what]
    assert json.loads(path.read_text())["named"] == {"new": VIEW}
    change(server, {"last": VIEW})
    assert len(kept(config)) == 2, "put aside once"


def test_what_is_good_in_an_edited_file_is_used(server: Client, config: Path):
    change(server, {"named": {"good": VIEW}, "settings": {"theme": "dark"}})
    for path in kept(config):
        document = json.loads(path.read_text())
        document.get("named", {})["bad"] = 1
        document.get("settings", {})["<bad>"] = 1
        path.write_text(json.dumps({**document, "mine": "a note"}))
    answer = server.get("/api/views").json()
    assert answer["named"] == {"good": VIEW} and answer["settings"] == {"theme": "dark"}
    assert [problem["kind"] for problem in answer["problems"]] == ["damaged", "damaged"]


def test_members_that_are_not_known_are_left(server: Client, config: Path):
    change(server, {"last": VIEW})
    (path,) = kept(config)
    path.write_text(json.dumps({**json.loads(path.read_text()), "mine": "a note"}))
    change(server, {"last": None})
    assert json.loads(path.read_text())["mine"] == "a note"


def test_a_file_of_a_later_version_is_left_alone(server: Client, config: Path):
    change(server, {"last": VIEW})
    (path,) = kept(config)
    path.write_text('{"format": 2, "last": {"new": "form"}}')
    assert server.get("/api/views").json()["problems"][0]["kind"] == "newer"
    answer = change(server, {"last": VIEW})
    assert answer["last"] == VIEW and answer["problems"][0]["kind"] == "newer"
    assert server.get("/api/views").json()["last"] == VIEW, "kept until the server ends"
    assert path.read_text() == '{"format": 2, "last": {"new": "form"}}'
    assert kept(config) == [path]


def test_too_long_a_file_is_not_read(server: Client, config: Path):
    change(server, {"last": VIEW})
    (path,) = kept(config)
    with path.open("ab") as file:
        file.truncate(9 << 20)
    assert server.get("/api/views").json()["problems"][0]["kind"] == "damaged"


def test_a_directory_that_cannot_be_written(logdir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CUPOLA_CONFIG_DIR", str(tmp_path / "file" / "below"))
    server = client(read(logdir))
    answer = server.get("/api/views").json()
    answer = change(server, {"last": VIEW, "settings": {"theme": "dark"}})
    assert answer["last"] == VIEW and answer["settings"] == {"theme": "dark"}
    assert {problem["kind"] for problem in answer["problems"]} <= {"unwritable", "unreadable"}
    assert len(answer["problems"]) == 2 and all(problem["reason"] for problem in answer["problems"])
    assert server.get("/api/views").json() == answer, "kept until the server ends"


@pytest.mark.skipif(os.name != "posix" or ROOT, reason="root may write anywhere")
def test_a_directory_without_permission(server: Client, config: Path):
    config.mkdir(mode=0o500)
    answer = change(server, {"last": VIEW})
    assert answer["last"] == VIEW and answer["problems"][0]["kind"] == "unwritable"
    config.chmod(0o700)
    assert change(server, {"last": None})["problems"] == [], "tried again with the next change"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_in_its_place_stops_nobody(server: Client, config: Path):
    change(server, {"last": VIEW})
    (path,) = kept(config)
    path.unlink()
    os.mkfifo(path)
    assert server.get("/api/views").json()["problems"][0]["kind"] == "unreadable"
    assert change(server, {"last": VIEW})["last"] == VIEW
    assert path.is_fifo()


def test_a_full_disk_leaves_the_old_file(server: Client, config: Path, monkeypatch: pytest.MonkeyPatch):
    change(server, {"last": VIEW})
    (path,) = kept(config)
    before = path.read_bytes()

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    answer = change(server, {"last": None})
    assert answer["problems"][0]["reason"] == "No space left on device"
    assert kept(config) == [path] and path.read_bytes() == before


@pytest.mark.skipif(os.name != "posix", reason="links need a privilege elsewhere")
def test_a_linked_file_stays_a_link(server: Client, config: Path, tmp_path: Path):
    change(server, {"settings": {"theme": "dark"}})
    (path,) = kept(config)
    real = tmp_path / "dotfiles.json"
    path.rename(real)
    path.symlink_to(real)
    change(server, {"settings": {"theme": "light"}})
    assert path.is_symlink() and json.loads(real.read_text())["settings"] == {"theme": "light"}


def test_two_servers_on_one_file(logdir: Path, config: Path):
    servers = [client(read(logdir)) for _ in range(2)]
    change(servers[0], {"named": {"a": VIEW}})
    change(servers[1], {"named": {"b": VIEW}})
    assert set(servers[0].get("/api/views").json()["named"]) == {"a", "b"}

    def work(server: Client, name: str) -> None:
        for _ in range(20):
            change(server, {"last": {"hash": f"#{name}{'x' * 5000}"}})

    threads = [threading.Thread(target=work, args=pair) for pair in zip(servers, "ab", strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answer = servers[0].get("/api/views").json()
    assert answer["problems"] == [] and answer["last"]["hash"][1] in "ab"
    assert len(kept(config)) == 1, "no temporary file is left"


@pytest.mark.parametrize(
    ("platform", "variables", "wanted"),
    [
        ("linux", {}, "home/.config/cupola"),
        ("linux", {"XDG_CONFIG_HOME": "{tmp}/xdg"}, "xdg/cupola"),
        ("linux", {"XDG_CONFIG_HOME": "relative"}, "home/.config/cupola"),
        ("linux", {"XDG_CONFIG_HOME": "", "CUPOLA_CONFIG_DIR": ""}, "home/.config/cupola"),
        ("darwin", {}, "home/Library/Application Support/cupola"),
        ("win32", {"APPDATA": "{tmp}/roaming"}, "roaming/cupola"),
        ("win32", {}, "home/AppData/Roaming/cupola"),
        ("linux", {"CUPOLA_CONFIG_DIR": "~/mine"}, "home/mine"),
        ("win32", {"CUPOLA_CONFIG_DIR": "{tmp}/mine"}, "mine"),
    ],
)
def test_where_it_is_kept(
    platform: str,
    variables: dict[str, str],
    wanted: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    for name in ("XDG_CONFIG_HOME", "APPDATA", "CUPOLA_CONFIG_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    for name, value in variables.items():
        monkeypatch.setenv(name, value.replace("{tmp}", str(tmp_path)))
    monkeypatch.setattr("cupola.server.config_file.sys.platform", platform)
    assert config_directory() == tmp_path / wanted
