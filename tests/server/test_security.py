"""Who may ask, on every route; what an answer may do in a browser."""

from __future__ import annotations

import random
import socket
from pathlib import Path

import pytest
from tests.support.log import read
from tests.support.log_file import LogFile
from tests.support.server import Client, client, listening

from cupola.server.app import App
from cupola.server.security import HEADERS, Access, host_is_allowed

ROUTES = [
    "/",
    "/index.html",
    "/api/info",
    "/api/catalog",
    "/api/live",
    "/api/scalars/series",
    "/api/nothing",
    "/nothing",
]

ALLOWED = ["localhost", "localhost:6006", "LOCALHOST:1", "127.0.0.1", "127.0.0.1:6006", "[::1]", "[::1]:6006"]
ALLOWED += ["192.168.1.20:6006", "10.0.0.1", "[fe80::1]:80", "0.0.0.0:6006"]

FOREIGN = [
    "evil.example",
    "evil.example:6006",
    "localhost.evil.example",
    "evil-localhost",
    "localhost.",
    "127.0.0.1.",
]
FOREIGN += [
    "127.0.0.1.evil.example",
    "127.0.0.1.nip.io",
    "user@localhost",
    "localhost:6006@evil.example",
    "localhost@evil",
]
FOREIGN += [
    "",
    " ",
    "localhost localhost",
    "localhost,evil.example",
    "localhost/evil",
    "localhost:6006/",
    "local\thost",
]
FOREIGN += [
    "[evil.example]",
    "[::1].evil.example",
    "[::1",
    "::1",
    "[127.0.0.1]",
    "[::ffff:1.2.3.4]x",
    "[]",
    "localhost:",
]
FOREIGN += [
    "localhost:66006x",
    "localhost:-1",
    "127.1",
    "0x7f000001",
    "2130706433",
    "127.0.0.01",
    "١٢٧.0.0.1",
    "localhost\0",
]
FOREIGN += [
    "localho\u017ft",
    "localhost%00",
    "xn--localhost-",
    "*",
    "null",
    "ip6-localhost",
    "sub.localhost",
    "a" * 300,
]


@pytest.fixture
def app(tmp_path: Path) -> Client:
    LogFile(tmp_path / "run").points("x", range(3))
    return client(read(tmp_path))


@pytest.mark.parametrize("host", ALLOWED)
def test_addresses_that_cannot_be_rebound_are_answered(host: str):
    assert host_is_allowed(host, frozenset())


def test_foreign_hosts_are_refused():
    generator = random.Random(1)
    letters = "abcdefghijklmnopqrstuvwxyz0123456789-.:@[]/%"
    strange = [
        "".join(generator.choices(letters, k=generator.randint(1, 30))) + ".example" for _ in range(200)
    ]
    for host in FOREIGN + strange:
        assert not host_is_allowed(host, frozenset()), host


def test_names_from_the_command_line_are_allowed_whole():
    assert host_is_allowed("Lab.Example:6006", frozenset({"lab.example"}))
    assert not host_is_allowed("x.lab.example", frozenset({"lab.example"}))


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("method", ["GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE"])
def test_no_route_answers_a_foreign_host(app: Client, route: str, method: str):
    for host in ("evil.example", "localhost.evil.example:6006"):
        answer = app.ask(method, route, headers={"Host": host})
        assert answer.status_code == 403, (route, host)
        assert method == "HEAD" or "--allow_host" in answer.json()["error"]


def test_two_hosts_none_or_a_target_with_a_host_of_its_own(tmp_path: Path):
    with listening(read(tmp_path)) as address:
        port = int(address.rsplit(":", 1)[1])

        def status(text: str) -> int:
            with socket.create_connection(("127.0.0.1", port), 5) as sock:
                sock.sendall(text.replace("\n", "\r\n").encode() + b"\r\n\r\n")
                return int(sock.recv(100).split()[1])

        assert status("GET /api/info HTTP/1.1\nHost: localhost") == 200
        assert status("GET /api/info HTTP/1.1\nHost: localhost\nHost: evil.example") in (400, 403)
        assert status("GET /api/info HTTP/1.1\nHost: evil.example\nHost: localhost") in (400, 403)
        assert status("GET /api/info HTTP/1.1\nX-Forwarded-Host: localhost\nHost: evil.example") == 403
        assert status("GET /api/info HTTP/1.0") in (400, 403)
        assert status("GET http://evil.example/api/info HTTP/1.1\nHost: evil.example") in (400, 403)
        assert status("GET http://evil.example/api/info HTTP/1.1\nHost: localhost") == 400


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_another_site_starts_is_refused(app: Client, site: str):
    def status(method: str = "GET", mode: str = "no-cors", dest: str = "empty") -> int:
        headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": dest}
        return app.ask(method, "/", headers=headers).status_code

    assert status() == status(dest="image") == status(mode="cors") == 403
    assert status(mode="navigate", dest="iframe") == status(mode="navigate", dest="object") == 403
    assert status("POST", mode="navigate", dest="document") == 403
    assert status(mode="navigate", dest="document") == 200  # a link to cupola was followed


@pytest.mark.parametrize("prefix", ["", "/team/cupola"])
def test_a_link_elsewhere_may_lead_to_the_page_but_not_into_the_api(tmp_path: Path, prefix: str):
    """An answer there may be a download, take long or never end."""
    asked = client(read(tmp_path), path_prefix=prefix, access=Access(path_prefix=prefix))
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    for path in ("/", "/index.html"):
        assert asked.get(prefix + path, headers=headers).status_code == 200
    for path in (
        "/api",
        "/api/",
        "/api/info",
        "/api/live",
        "/api/scalars/series",
        "/api/nothing",
        "//api/info",
    ):
        assert asked.get(prefix + path, headers=headers).status_code in (403, 404), path
    assert asked.get(f"{prefix}/api/info", headers=headers).status_code == 403


def test_origins_are_compared_where_browsers_say_no_more(app: Client):
    def status(origin: str) -> int:
        return app.get("/api/info", headers={"Origin": origin}).status_code

    assert status("http://localhost:6006") == 200
    for origin in (
        "http://evil.example",
        "null",
        "http://localhost:6007",
        "http://localhost:6006.evil.example",
    ):
        assert status(origin) == 403
    assert app.get("/api/info", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200


def test_pages_of_a_named_proxy_may_ask_whatever_host_it_sends(tmp_path: Path):
    LogFile(tmp_path / "run").points("x", range(3))
    access = Access(frozenset({"lab.example.org"}), frozenset({"lab.example.org"}))
    asked = client(read(tmp_path), access=access)

    def status(origin: str | None, host: str = "127.0.0.1:6006", **headers: str) -> int:
        named = {"Origin": origin} if origin else {}
        return asked.get("/api/info", headers={"Host": host, **named, **headers}).status_code

    for origin in (
        "http://lab.example.org",
        "https://lab.example.org",
        "http://lab.example.org:8080",
        "https://LAB.example.org:1",
    ):
        for host in ("127.0.0.1:6006", "localhost", "lab.example.org", "lab.example.org:6006"):
            assert status(origin, host) == 200, (origin, host)
    for origin in (
        "http://evil.example",
        "http://lab.example.org.evil.example",
        "http://x.lab.example.org",
        "http://evil.example/lab.example.org",
        "http://lab.example.org@evil.example",
        "http://evil.example#lab.example.org",
        "http://lab.example.org:80:80",
        "http://localhost:6007",
        "http://127.0.0.1",
        "file://lab.example.org",
        "lab.example.org",
        "null",
        "http://",
    ):
        assert status(origin) == 403, origin
    assert status("http://lab.example.org", "evil.example") == 403, "the Host is checked all the same"
    for site in ("cross-site", "same-site"):
        assert status("http://lab.example.org", **{"Sec-Fetch-Site": site}) == 403
    twice = [("Host", "localhost"), ("Origin", "http://lab.example.org"), ("Origin", "http://evil.example")]
    assert asked.ask("GET", "/api/info", headers=twice).status_code == 403


def test_a_host_of_its_own_is_no_proxy(tmp_path: Path):
    """Names that are the server's own (`--host`) may not be another port's."""
    asked = client(read(tmp_path), access=Access(frozenset({"node7"})))
    headers = {"Host": "node7:6006", "Origin": "http://node7:8888"}
    refused = asked.get("/api/info", headers=headers)
    assert refused.status_code == 403
    assert "node7:8888" in refused.json()["error"] and "--allow_host" in refused.json()["error"]
    assert asked.get("/api/info", headers=headers | {"Origin": "http://node7:6006"}).status_code == 200


@pytest.mark.parametrize("route", ROUTES[:4] + ROUTES[5:])
def test_every_answer_is_locked_down(app: Client, route: str):
    answer = app.get(route, headers={"Origin": "http://localhost:6006"})
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy and "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert not [name for name in answer.headers if name.startswith("access-control-")]


def test_a_simple_request_of_a_form_changes_nothing(app: Client):
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""):
        answer = app.ask(
            "POST", "/api/scalars/table", content=b'{"tags": ["x"]}', headers={"Content-Type": kind}
        )
        assert answer.status_code == 415


def test_an_app_without_access_asks_for_no_token(tmp_path: Path):
    assert Client(App(read(tmp_path))).get("/api/info").status_code == 200
