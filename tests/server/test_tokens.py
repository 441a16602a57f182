"""The token of a server that others can reach, and the cookies that a link leaves."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from tests.server.test_security import ROUTES
from tests.support.log import read
from tests.support.log_file import LogFile
from tests.support.server import BROWSER, Client, client

from cupola.server.security import Access

TOKEN = "correct-horse-battery-staple-0123"


@pytest.fixture
def guarded(tmp_path: Path) -> Client:
    LogFile(tmp_path / "run").points("x", range(3))
    return client(read(tmp_path), access=Access(token=TOKEN, port=7777))


@pytest.mark.parametrize("route", ROUTES)
def test_no_route_answers_without_it(guarded: Client, route: str):
    for headers in ({}, {"Cookie": "cupola-token-7777=wrong"}, {"Cookie": f"cupola-token-6006={TOKEN}"}):
        assert guarded.get(route, headers=headers).status_code == 401
    for query in ("token=", "token=wrong", f"token={TOKEN}x", f"Token={TOKEN}", f"x={TOKEN}"):
        assert guarded.get(f"{route}?{query}").status_code == 401
    for value in ("", "Bearer", "Bearer ", "Bearer wrong", f"Basic {TOKEN}", "Bearer " + "é" * 9):
        assert guarded.get(route, headers={"Authorization": value.encode()}).status_code == 401


def test_the_printed_address_leaves_cookies_and_no_token_behind(guarded: Client):
    answer = guarded.get(f"/?a=1&token={TOKEN}")
    assert (answer.status_code, answer.headers["Location"]) == (303, "./?a=1")
    page, api = answer.headers.get_list("set-cookie")
    assert page == f"cupola-token-7777={TOKEN}; Max-Age=2592000; HttpOnly; SameSite=Lax"
    assert api == f"cupola-api-7777={TOKEN}; Max-Age=2592000; HttpOnly; SameSite=Strict"
    assert TOKEN not in answer.text
    opened = guarded.get("/?a=1", headers={"Cookie": f"other=1; {page.partition(';')[0]}"})
    assert opened.status_code == 200


@pytest.mark.parametrize(
    ("scheme", "forwarded", "secure"),
    [("http", None, False), ("https", None, True), ("http", "https", True), ("http", "http", False)],
)
def test_a_cookie_set_over_tls_stays_there(guarded: Client, scheme: str, forwarded: str | None, secure: bool):
    """And has a name of its own: without TLS it can be neither sent nor replaced."""
    headers = {"X-Forwarded-Proto": forwarded} if forwarded else {}
    answer = guarded.get(f"{scheme}://localhost:7777/?token={TOKEN}", headers=headers)
    for cookie in answer.headers.get_list("set-cookie"):
        assert cookie.startswith("__Secure-") == cookie.endswith("; Secure") == secure
        given = {"Cookie": cookie.partition(";")[0]}
        assert guarded.get("/", headers=given).status_code == 200


def test_a_link_on_another_site_leads_to_the_page_and_not_into_the_api(guarded: Client):
    """Over plain HTTP browsers leave the strict cookie out, and say no more."""
    lax = {"Cookie": f"cupola-token-7777={TOKEN}"}
    assert guarded.get("/", headers=lax).status_code == 200
    for route in ROUTES[2:7]:
        assert guarded.get(route, headers=lax).status_code == 401
    strict = {"Cookie": f"cupola-api-7777={TOKEN}"}
    assert guarded.get("/api/info", headers=strict).status_code == 200


def test_a_link_clicked_elsewhere_is_redirected_whatever_the_browser_says_of_it(guarded: Client):
    for said in (
        {},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"},
    ):
        answer = guarded.get(f"/?token={TOKEN}", headers=said)
        assert (answer.status_code, answer.headers["Location"]) == (303, "./")


def test_an_old_bookmark_does_not_lock_out_who_has_the_cookie(guarded: Client):
    answer = guarded.get("/?token=of-last-week", headers={"Cookie": f"cupola-token-7777={TOKEN}"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "./")
    assert "set-cookie" not in answer.headers


def test_it_never_redirects_elsewhere(guarded: Client):
    for path in (
        "//evil.example/",
        "/\\evil.example",
        "/%5Cevil.example",
        "/a%0d%0aX: y",
        "/..//evil.example",
    ):
        address = f"http://localhost:6006{path}?token={TOKEN}"
        location = guarded.ask("GET", address).headers["Location"]
        assert re.fullmatch(r"\./[\w%.:~-]*", location, re.ASCII)
        assert urlsplit(urljoin(address, location)).netloc == "localhost:6006"


def test_a_script_may_put_it_into_the_address(guarded: Client):
    assert guarded.get(f"/api/info?token={TOKEN}").json()["location"]
    assert "set-cookie" not in guarded.get(f"/api/info?token={TOKEN}").headers


@pytest.mark.parametrize(
    ("query", "cookie", "why"),
    [
        (f"?token={TOKEN[:9]}", "", f"has 9 characters, a whole one has {len(TOKEN)}: it was cut"),
        (f"?token={TOKEN[::-1]}", "", "of an earlier start"),
        ("", "cupola-token-7777=a; cupola-api-7777=a", "Your browser holds the token of an earlier start"),
        ("", "", "its cookie has expired"),
    ],
)
def test_a_person_is_told_why_and_what_to_do(guarded: Client, query: str, cookie: str, why: str):
    headers = {"Accept": BROWSER, "Cookie": cookie}
    answer = guarded.get(f"/{query}", headers=headers)
    assert answer.status_code == 401 and answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert why in answer.text and "--token_file" in answer.text
    assert why in guarded.get(f"/api/info{query}", headers=headers).json()["error"]


def test_scripts_may_send_it_as_a_bearer(guarded: Client):
    answer = guarded.get("/api/info", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.json()["location"]


def test_the_host_is_checked_first(guarded: Client):
    headers = {"Authorization": f"Bearer {TOKEN}", "Host": "evil.example"}
    assert guarded.get("/api/info", headers=headers).status_code == 403
