"""Real browsers on a real `cupola`: a server process for each log directory, a fresh profile for each page.

A page on which anything was logged as an error, thrown, or refused by the Content-Security-Policy fails its
test.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:  # the other tests run without it
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page

HERE = Path(__file__).parent
START_S = 20.0
PATIENCE_MS = 15_000
"""How long a page is waited for: software draws it, beside other tests."""

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Software WebGL is slow, and most rooms draw in two dimensions.
FLAT = ["--disable-gpu"]
WEBGL = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.e2e)


class Cupola:
    """A running `cupola`."""

    def __init__(self, logdir: Path | None, *arguments: str) -> None:
        command = [sys.executable, *_launcher(), *(["--logdir", str(logdir)] if logdir else [])]
        rest = [*arguments] if "--port" in arguments else [*arguments, "--port", "0"]
        self.process = subprocess.Popen(
            [*command, *rest], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.address = self._wait_for_address()

    def _wait_for_address(self) -> str:
        assert self.process.stdout
        timer = threading.Timer(START_S, self.process.kill)
        timer.start()
        said = ""
        for line in self.process.stdout:
            said += line
            if found := re.search(r"https?://\S+", line):
                timer.cancel()
                # What it says later must not fill the pipe.
                self._reader = threading.Thread(target=self.process.stdout.read, daemon=True)
                self._reader.start()
                return found[0]
        raise AssertionError(f"cupola did not say its address within {START_S} s:\n{said}")

    @property
    def port(self) -> int:
        found = re.search(r":(\d+)/", self.address)
        assert found
        return int(found[1])

    def stop(self) -> None:
        if self.process.stdout is None or self.process.stdout.closed:
            return
        self.process.terminate()
        self.process.wait(10)
        self._reader.join(10)
        self.process.stdout.close()


def _launcher() -> list[str]:
    """`python -m cupola`; with the page of the folder CUPOLA_PAGE, if that is set, while one develops it."""
    folder = os.environ.get("CUPOLA_PAGE")
    if not folder:
        return ["-m", "cupola"]
    code = (
        "from pathlib import Path; import cupola.server.page as page; from cupola.cli import main; "
        f"page.Page.__init__.__defaults__ = (Path({folder!r}),); raise SystemExit(main())"
    )
    return ["-c", code]


@pytest.fixture
def cupola() -> Iterator[Callable[..., Cupola]]:
    """`cupola(logdir, *arguments)` starts a server that ends with the test."""
    with contextlib.ExitStack() as stack:

        def start(logdir: Path | None, *arguments: str) -> Cupola:
            server = Cupola(logdir, *arguments)
            stack.callback(server.stop)
            return server

        yield start


def _browser(arguments: list[str]) -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert path, "no Chromium found; `make browser` installs it"
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*CHROMIUM_ARGUMENTS, *arguments])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def chromium(request: pytest.FixtureRequest) -> Iterator[Browser]:
    """A browser for a module's tests; `WEBGL = True` in the module gives it software WebGL, `ARGUMENTS` what
    else it is started with.
    """
    drawing = WEBGL if getattr(request.module, "WEBGL", False) else FLAT
    yield from _browser([*drawing, *getattr(request.module, "ARGUMENTS", ())])


@pytest.fixture
def visit(chromium: Browser, cupola: object) -> Iterator[Callable[..., Page]]:
    """`visit(address, allow=(), **context)` opens a page in a fresh profile.

    Errors that match none of the patterns in `allow` fail the test at its end; `context` goes to Playwright's
    `new_context`.
    """
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def open_page(address: str, allow: tuple[str, ...] = (), **options: Any) -> Page:
        options = {"viewport": {"width": 1440, "height": 900}, "locale": "en-US", **options}
        context = chromium.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)

        def complain(text: str) -> None:
            if not any(re.search(pattern, text) for pattern in allow):
                problems.append(text)

        def said(message: ConsoleMessage) -> None:
            if message.type == "error":
                complain(f"console: {message.text} ({message.location.get('url', '')})")

        def dismiss(dialog: Dialog) -> None:
            complain(f"dialog: {dialog.message}")
            dialog.dismiss()

        page.on("console", said)
        page.on("pageerror", lambda error: complain(f"thrown: {error}"))
        page.on("dialog", dismiss)
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not problems, "\n".join(problems)
