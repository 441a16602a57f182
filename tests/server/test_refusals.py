"""What a person reads in a browser where a request is refused."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import pytest
from tests.support.log import read
from tests.support.server import BROWSER, Client, client

from cupola.server.notice import choose_language
from cupola.server.security import HEADERS


@pytest.fixture
def app(tmp_path: Path) -> Client:
    return client(read(tmp_path))


REFUSALS = {
    "foreign name": ("/", {"Host": "lab.example:6006"}, 403, "--allow_host lab.example"),
    "two names": ("/", [("Host", "a.example"), ("Host", "b.example")], 403, "--allow_host NAME"),
    "script in the name": ("/", {"Host": "<script>alert(1)</script>"}, 403, "&lt;script&gt;"),
    "another site": ("/", {"Sec-Fetch-Site": "cross-site"}, 403, "--allow_host NAME"),
    "another origin": ("/", {"Origin": "http://evil.example"}, 403, "--allow_host NAME"),
    "no such file": ("/nothing", {}, 404, "--path_prefix /PATH"),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_a_browser_gets_a_page_where_it_is_refused(app: Client, case: str):
    path, headers, status, command = REFUSALS[case]
    headers = list(headers.items()) if isinstance(headers, dict) else headers
    for language, word in (("en-GB,en;q=0.9", "cupola"), ("zh-TW,zh;q=0.9,en;q=0.5", "启动"), ("", "cupola")):
        asked = [*headers, ("Accept", BROWSER), ("Accept-Language", language)]
        answer = app.ask("GET", path, headers=asked)
        assert answer.status_code == status
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert answer.headers["Cache-Control"] == "no-store"
        assert all(answer.headers[name] == value for name, value in HEADERS.items())
        assert command in answer.text and word in answer.text and "<script" not in answer.text
        assert f'lang="{"zh-CN" if "zh" in language else "en"}"' in answer.text
    assert app.ask("GET", path, headers=headers).json()["error"], "programs get JSON"
    api = app.ask("GET", f"/api{path}", headers=[*headers, ("Accept", BROWSER)])
    assert api.status_code == status and api.json()["error"]


def test_its_style_is_the_only_one_that_the_policy_lets_through(app: Client):
    answer = app.get("/", headers={"Host": "evil.example", "Accept": BROWSER})
    (style,) = re.findall("<style>(.*?)</style>", answer.text)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'self' 'sha256-{digest}';" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("de,fr", "en"),
        ("zh", "zh-CN"),
        ("en;q=0.5, zh-Hans-CN", "zh-CN"),
        ("zh;q=0.2,en;q=0.9", "en"),
        ("zh;q=x,;;q=,en", "en"),
    ],
)
def test_the_language_that_the_browser_likes_best(accepted: str, language: str):
    assert choose_language(accepted) == language
