"""What is seen when something is wrong, by axe-core, in either theme and language."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from . import axe
from .logs import Log
from .test_accessibility import LANGUAGES, open_page

Start = Callable[..., Any]
Visit = Callable[..., Page]

HOST = "elsewhere.example"
ARGUMENTS = [f"--host-resolver-rules=MAP {HOST} 127.0.0.1"]
REFUSED = ("Failed to load resource", "Cross-Origin-Opener-Policy header has been ignored")
LOST = ("net::ERR_", *REFUSED)


@pytest.fixture(params=[("light", "en-US"), ("dark", "zh-CN")], ids=["light-en", "dark-zh"])
def look(request: pytest.FixtureRequest) -> tuple[str, str]:
    return request.param


def damage(folder: Path) -> None:
    log = Log(folder).scalars({"loss": [(i, 1.0) for i in range(10)]})
    data = bytearray(log.path.read_bytes())
    data[-60] ^= 0xFF
    log.path.write_bytes(data)


def test_directories_that_hold_nothing(
    tmp_path: Path, cupola: Start, visit: Visit, look: tuple[str, str]
) -> None:
    """Not there, not to be read, and empty: one page tells them apart."""
    theme, language = look
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "empty").mkdir()
    (tmp_path / "logs").mkdir()
    address = cupola(tmp_path / "log", str(tmp_path / "loop"), str(tmp_path / "empty")).address
    page = open_page(visit, address, theme, language=language)
    for problem in ("missing", "unreadable"):
        page.locator(f"[data-problem={problem}]").wait_for()
    assert axe.findings(page) == []


def test_a_damaged_run_and_a_lost_connection(
    tmp_path: Path, cupola: Start, visit: Visit, look: tuple[str, str]
) -> None:
    theme, language = look
    damage(tmp_path / "bad")
    (tmp_path / "loop").symlink_to("loop")
    server = cupola(tmp_path / "bad", str(tmp_path / "loop"))
    page = open_page(
        lambda address, **more: visit(address, allow=LOST, **more), server.address, theme, 1, language
    )
    page.locator("[data-logdir-problem]").wait_for()
    page.locator("[data-run=bad] .damage").click()
    page.get_by_role("dialog").wait_for()
    found = {"damage": axe.findings(page)}
    page.keyboard.press("Escape")
    server.stop()
    page.locator("[data-lost]").wait_for()
    found["lost"] = axe.findings(page)
    assert found == {"damage": [], "lost": []}


def test_refusals(tmp_path: Path, cupola: Start, visit: Visit, look: tuple[str, str]) -> None:
    """No token, half a token, a host that is not ours, an address that leads nowhere."""
    theme, language = look
    server = cupola(tmp_path, "--token")
    plain, _, token = server.address.partition("?token=")
    assert len(token) == 32
    found = {}
    for address in (
        plain,
        f"{plain}?token={token[:16]}",
        plain.replace("localhost", HOST).replace("127.0.0.1", HOST),
        f"{plain}no/such/page",
    ):
        page = visit(address, allow=REFUSED, bypass_csp=True, color_scheme=theme, locale=language)
        assert page.locator("html").get_attribute("lang") == LANGUAGES[language]
        assert page.locator("h1").inner_text() and page.title()
        axe.load(page)
        found[address] = axe.findings(page)
    assert {address: each for address, each in found.items() if each} == {}
