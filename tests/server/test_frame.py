"""The token in the path: what it opens, to whom, and that all else stays closed."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.log import read
from tests.support.log_file import LogFile
from tests.support.server import BROWSER, Client, client

from cupola.server.frame import Frame
from cupola.server.security import HEADERS, Access

TOKEN = "aB3-_.~x" * 3
PREFIXES = ["", "/team/cupola"]
FOREIGN_FRAME = {
    "Host": "hub.example.org",
    "Origin": "https://hub.example.org",
    "Sec-Fetch-Site": "cross-site",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Dest": "iframe",
}


def asked(logdir: Path, frame: Frame | None, prefix: str = "") -> Client:
    LogFile(logdir / "run").points("x", range(3))
    access = Access(token="another-token-for-cookies", path_prefix=prefix, frame=frame)
    return client(read(logdir), path_prefix=prefix, access=access)


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("path", ["", "index.html", "cupola.svg", "api/info", "api/catalog"])
def test_a_frame_of_any_site_is_answered(tmp_path: Path, prefix: str, path: str):
    frame = Frame(TOKEN, "any")
    answer = asked(tmp_path, frame, prefix).get(f"{frame.path(prefix)}{path}", headers=FOREIGN_FRAME)
    assert answer.status_code in (200, 404 if path == "cupola.svg" else 200)  # 404: the page is not built
    assert "X-Frame-Options" not in answer.headers
    assert "frame-ancestors" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_nothing_else_of_the_headers_changes(tmp_path: Path):
    frame = Frame(TOKEN, "any")
    answer = asked(tmp_path, frame).get(frame.path())
    policy = HEADERS["Content-Security-Policy"].split("; ")
    assert answer.headers["Content-Security-Policy"].split("; ") == [
        each for each in policy if each != "frame-ancestors 'none'"
    ]
    same = HEADERS.keys() - {
        "Content-Security-Policy",
        "X-Frame-Options",
        "Cross-Origin-Resource-Policy",
    }
    assert {name: answer.headers[name] for name in same} == {name: HEADERS[name] for name in same}


@pytest.mark.parametrize("prefix", PREFIXES)
def test_beside_the_tokens_path_all_stays_closed(tmp_path: Path, prefix: str):
    server = asked(tmp_path, Frame(TOKEN, "any"), prefix)
    for path in (
        "/",
        "/api/info",
        f"/?token={TOKEN}",
        f"/x/@{TOKEN}/",
        f"/api/@{TOKEN}/info",
        f"//@{TOKEN}/",
    ):
        for headers in (FOREIGN_FRAME, {}):
            answer = server.get(prefix + path, headers=headers)
            assert answer.status_code in (401, 403), (path, headers)
            assert answer.headers["X-Frame-Options"] == "DENY"
            assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    "given",
    [
        "",
        TOKEN[:-1],
        TOKEN + "x",
        TOKEN.upper(),
        "another-token-for-cookies",
        "%00",
        "ü" * 24,
        "../@" + TOKEN,
    ],
)
def test_a_wrong_token_is_refused_and_says_what_to_do(tmp_path: Path, given: str):
    server = asked(tmp_path, Frame(TOKEN, "any"))
    for path in (f"/@{given}", f"/@{given}/", f"/@{given}/api/info"):
        if path == f"/@../@{TOKEN}/":
            continue  # a client takes `..` out of the path itself
        answer = server.get(path, headers=FOREIGN_FRAME)
        assert answer.status_code == 401, path
        assert "run the notebook's cell again" in answer.json()["error"]
        assert "Access-Control-Allow-Origin" not in answer.headers
    page = server.get(f"/@{given}/", headers={"Accept": BROWSER}).text
    assert "%cupola --logdir LOGDIR" in page and TOKEN not in page


def test_without_a_frame_the_path_means_nothing(tmp_path: Path):
    assert asked(tmp_path, None).get(f"/@{TOKEN}/").status_code == 401
    assert client(read(tmp_path)).get(f"/@{TOKEN}/").status_code == 404


@pytest.mark.parametrize("prefix", PREFIXES)
def test_a_forgotten_slash_is_added_by_a_relative_redirect(tmp_path: Path, prefix: str):
    """The addresses of the page are relative, and a proxy may have changed what stands before them."""
    frame = Frame(TOKEN, "any")
    answer = asked(tmp_path, frame, prefix).get(frame.path(prefix).rstrip("/"))
    assert (answer.status_code, answer.headers["Location"]) == (308, f"./@{TOKEN}/")


def test_where_a_proxy_adds_the_token_other_sites_stay_out(tmp_path: Path):
    frame = Frame(TOKEN, "self")
    server = asked(tmp_path, frame)
    own = {"Host": "hub.example.org", "Origin": "http://hub.example.org"}
    for path in ("", "api/info"):
        answer = server.get(frame.path() + path, headers=own)
        assert answer.status_code == 200
        assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
        assert "X-Frame-Options" not in answer.headers
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert server.get(frame.path() + path, headers=FOREIGN_FRAME).status_code == 403
        foreign = {**own, "Origin": "http://evil.example"}
        assert server.get(frame.path() + path, headers=foreign).status_code == 403
    followed = {**FOREIGN_FRAME, "Sec-Fetch-Dest": "document"}
    assert server.get(frame.path(), headers=followed).status_code == 200
    assert server.get(frame.path() + "api/info", headers=followed).status_code == 403
