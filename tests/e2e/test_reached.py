"""cupola's address clicked on a page of another site, in both browsers, over plain HTTP to a host that is not
loopback: browsers then say nothing of where a request comes from (no `Sec-Fetch-*`).
"""

from __future__ import annotations

import contextlib
import functools
import http.server
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from .firefox import look_in_firefox
from .logs import write

NODE, WIKI = "node7.example", "wiki.example"
ARGUMENTS = [f"--host-resolver-rules=MAP {NODE} 127.0.0.1, MAP {WIKI} 127.0.0.1"]
PREFERENCES = {"network.dns.localDomains": f"{NODE},{WIKI}"}
CARD = "[data-card='train/loss'] .note"


@contextlib.contextmanager
def wiki(folder: Path, links: dict[str, str]) -> Iterator[str]:
    """Address of a site whose page has these links, by their ids."""
    items = "".join(f'<p><a id="{name}" href="{href}">{name}</a>' for name, href in links.items())
    frames = "".join(f'<iframe name="{name}" src="{href}"></iframe>' for name, href in links.items())
    folder.mkdir()
    (folder / "index.html").write_text(f"<!doctype html><title>wiki</title>{items}")
    (folder / "frames.html").write_text(f"<!doctype html><title>frames</title>{frames}")
    handler = functools.partial(QuietHandler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://{WIKI}:{server.server_port}/"
        server.shutdown()


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def links(tmp_path: Path, cupola: Callable[..., Any]) -> dict[str, str]:
    """Addresses of a cupola that asks for a token, as somebody might paste them."""
    write(tmp_path / "logs", {"train/loss": [(i, 1 - i / 200) for i in range(101)]})
    printed = cupola(tmp_path / "logs", "--token", "--allow_host", NODE).address.replace("localhost", NODE)
    bare = printed.partition("?")[0]
    return {
        "printed": printed,
        "bare": f"{bare}#scalars",
        "cut": printed[:-7],
        "api": f"{bare}api/catalog",
        "foreign": printed.replace(NODE, WIKI),
    }


def test_a_link_in_a_wiki_opens_the_page(tmp_path: Path, visit: Callable[..., Any], links: dict[str, str]):
    with wiki(tmp_path / "wiki", links) as address:
        page = visit(address, allow=("401", "favicon", "Cross-Origin-Opener-Policy"))
        page.click("#bare")
        page.wait_for_selector("h1:has-text('asks for its token')")
        page.goto(address)
        page.click("#cut")
        page.wait_for_selector("p:has-text('it was cut')")
        page.goto(address)
        page.click("#printed")
        page.wait_for_selector(CARD)
        assert "token" not in page.url and "token" not in page.evaluate("document.referrer")
        assert page.locator("[data-live=live]").wait_for() is None
        page.goto(address)
        page.click("#bare")  # what somebody copied from the address bar, now that there is a cookie
        page.wait_for_selector(CARD)
        page.reload()
        page.wait_for_selector(CARD)


def test_what_another_site_may_not_do(tmp_path: Path, visit: Callable[..., Any], links: dict[str, str]):
    with wiki(tmp_path / "wiki", links) as address:
        page = visit(links["printed"], allow=(".*",))
        page.wait_for_selector(CARD)
        page.goto(address)
        page.click("#api")  # a link into the API: a download, a long answer
        page.wait_for_load_state()
        assert "no token" in page.inner_text("body")
        page.goto(f"{address}frames.html")
        page.wait_for_timeout(500)
        for frame in page.frames[1:]:
            with contextlib.suppress(Exception):  # Chromium's own error page has no body to look at
                assert "cupola" not in frame.inner_text("body", timeout=500)
        page.goto(address)
        read = page.evaluate(
            """(address) => Promise.all(["cors", "no-cors"].map((mode) =>
                fetch(address, {mode, credentials: "include"}).then((r) => r.text()).catch(String)))""",
            links["api"],
        )
        assert [text for text in read if "runs" in text] == []
        assert (
            page.evaluate(
                """(address) => new Promise((resolve) => {
                const source = new EventSource(address, {withCredentials: true});
                source.onopen = () => resolve("open"); source.onerror = () => resolve("refused");
            })""",
                links["bare"].replace("#scalars", "api/live"),
            )
            == "refused"
        )
        page.click("#foreign")
        page.wait_for_selector("pre:has-text('--allow_host wiki.example')")


def test_a_link_in_a_wiki_opens_the_page_in_firefox(tmp_path: Path, links: dict[str, str]):
    with wiki(tmp_path / "wiki", links) as address:
        cut, bare, printed, again, api, foreign = look_in_firefox(
            (address, "#cut", "h1"),
            (address, "#bare", "h1"),
            (address, "#printed", CARD),
            (address, "#bare", CARD),
            (address, "#api", "body"),
            (address, "#foreign", "pre"),
            preferences=PREFERENCES,
        )
    assert "asks for its token" in cut["found"] and "asks for its token" in bare["found"]
    for seen in (printed, again):
        assert seen["found"] == "0.5" and "token" not in seen["address"] and seen["errors"] == []
    assert "no token" in api["found"]
    assert "--allow_host wiki.example" in foreign["found"]


def test_the_same_over_https(tmp_path: Path, cupola: Callable[..., Any], visit: Callable[..., Any]) -> None:
    """From a page of plain HTTP, so from another site whatever its name; in both browsers."""
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        f"/CN={NODE}",
        "-days",
        "30",
    ]
    command += ["-addext", f"subjectAltName=DNS:{NODE}", "-keyout", str(key), "-out", str(cert)]
    subprocess.run(command, check=True, capture_output=True)
    write(tmp_path / "logs", {"train/loss": [(i, 1 - i / 200) for i in range(101)]})
    words = ("--token", "--allow_host", NODE, "--certfile", str(cert), "--keyfile", str(key))
    printed = cupola(tmp_path / "logs", *words).address.replace("localhost", NODE)
    assert printed.startswith("https://")
    links = {"printed": printed, "bare": f"{printed.partition('?')[0]}#scalars"}
    with wiki(tmp_path / "wiki", links) as address:
        page = visit(address, allow=("favicon",), ignore_https_errors=True)
        for link in links:
            page.goto(address)
            page.click(f"#{link}")
            page.wait_for_selector(CARD)
            page.wait_for_selector("[data-live=live]")
            assert "token" not in page.url
        assert {(c["name"][:9], c["secure"]) for c in page.context.cookies()} == {("__Secure-", True)}
        seen = look_in_firefox(
            *((address, f"#{link}", CARD) for link in links),
            preferences={**PREFERENCES, "dom.security.https_first": False},
        )
    assert [(each["found"], each["errors"]) for each in seen] == [("0.5", [])] * 2


def test_an_open_page_says_that_the_server_has_another_token(
    tmp_path: Path, cupola: Callable[..., Any], visit: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"train/loss": [(0, 1.0), (1, 0.5)]})
    monkeypatch.setenv("CUPOLA_TOKEN", "the-first-token-of-this-test")
    server = cupola(tmp_path, "--token")
    page = visit(server.address, allow=("ERR_", "401"))
    page.locator(CARD).wait_for()
    server.stop()
    page.locator("[data-lost]").wait_for()
    monkeypatch.setenv("CUPOLA_TOKEN", "the-second-token-of-this-test")
    cupola(tmp_path, "--token", "--port", str(server.port))
    page.locator("[data-refused] button").click()
    page.get_by_text("Your browser holds the token of an earlier start").wait_for()


def test_a_browser_that_cannot_run_the_page_says_so(
    tmp_path: Path, chromium: Any, cupola: Callable[..., Any]
) -> None:
    """Syntax that it does not know stands for whatever an old one lacks."""
    address = cupola(tmp_path).address
    page = chromium.new_page()
    page.route("**/*.js", lambda route: route.fulfill(body="old ?! browser", content_type="text/javascript"))
    page.goto(address)
    page.wait_for_selector("text=this browser is too old", timeout=8000)
    assert "Firefox 121" in page.inner_text("#app") and "浏览器版本过旧" in page.inner_text("#app")
    page.close()


def test_a_directory_that_is_not_there_is_said_with_what_was_meant(
    tmp_path: Path, cupola: Callable[..., Any], visit: Callable[..., Any]
) -> None:
    """And the page fills by itself once it is there; the other one, which cannot be read, stays marked."""
    (tmp_path / "logs").mkdir()
    (tmp_path / "loop").symlink_to("loop")
    page = visit(cupola(tmp_path / "log", str(tmp_path / "loop")).address)
    page.wait_for_selector(f"[data-problem=missing] >> text=cupola {tmp_path / 'logs'}")
    page.wait_for_selector("[data-problem=unreadable] >> text=Too many levels of symbolic links")
    write(tmp_path / "log", {"train/loss": [(i, 1 - i / 200) for i in range(101)]})
    page.wait_for_selector(CARD)
    mark = page.wait_for_selector("[data-logdir-problem]")
    assert "loop: cannot be read" in mark.get_attribute("title")
