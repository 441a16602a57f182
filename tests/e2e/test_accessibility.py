"""Every room, and what opens above it, by axe-core: both themes, both languages, at 100 % and at 200 %."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from cupola.cli.demo import write

from . import axe
from .logs import Log

WEBGL = True
ROOMS = sorted(path.parent.name for path in Path(__file__).parents[2].glob("web/src/plugins/*/index.ts"))
"""As web/src/shell/rooms.ts finds them."""

LANGUAGES = {"en-US": "en", "zh-CN": "zh-CN"}
WIDTH, HEIGHT = 1440, 1600

PAIRWISE = {("light", 1, "en-US"), ("light", 2, "zh-CN"), ("dark", 1, "zh-CN"), ("dark", 2, "en-US")}
"""Each pair of a theme, a zoom and a language; the other four are for the night."""

# Nothing near what is seen is still on its way.
SETTLED = """() => document.querySelector("main > :not(h1)") !== null
    && ![...document.querySelectorAll("[aria-busy=true]")].some(element => {
        const {top, bottom} = element.getBoundingClientRect();
        return bottom > 0 && top < innerHeight;
    })"""

Start = Callable[..., Any]
Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    logdir = tmp_path_factory.mktemp("accessibility")
    write(logdir)
    Log(logdir / "lr 0.1").unknown("holograms", "scene", 0)
    return logdir


def open_page(visit: Visit, address: str, theme: str, zoom: int = 1, language: str = "en-US") -> Page:
    page = visit(
        address,
        bypass_csp=True,
        color_scheme=theme,
        # In the midst of a transition a colour is another.
        reduced_motion="reduce",
        locale=language,
        # What zooming by the browser does to a page: fewer and larger CSS pixels.
        device_scale_factor=zoom,
        viewport={"width": WIDTH // zoom, "height": HEIGHT // zoom},
    )
    axe.load(page)
    page.wait_for_function(SETTLED)
    assert page.locator("html").get_attribute("data-theme") == theme
    assert page.locator("html").get_attribute("lang") == LANGUAGES[language]
    return page


def go(page: Page, room: str) -> None:
    page.evaluate("room => { location.hash = room }", room)
    page.locator(f"[data-room={room}][aria-current=page]").wait_for()
    page.wait_for_function(SETTLED)


@pytest.mark.parametrize(
    ("theme", "zoom", "language"),
    [
        pytest.param(*look, marks=() if look in PAIRWISE else pytest.mark.slow)
        for look in itertools.product(("light", "dark"), (1, 2), LANGUAGES)
    ],
)
def test_no_room_has_a_finding(
    logs: Path, cupola: Start, visit: Visit, theme: str, zoom: int, language: str
) -> None:
    page = open_page(visit, cupola(logs).address, theme, zoom, language)
    expect(page.locator("[data-room]")).to_have_count(len(ROOMS))  # a server answers while it still reads
    assert sorted(tab.get_attribute("data-room") or "" for tab in page.locator("[data-room]").all()) == ROOMS
    found = {}
    for room in ROOMS:
        go(page, room)
        found[room] = axe.findings(page)
    assert {room: findings for room, findings in found.items() if findings} == {}


@pytest.mark.parametrize(
    ("theme", "zoom"),
    [
        ("light", 1),
        ("dark", 2),
        pytest.param("dark", 1, marks=pytest.mark.slow),
        pytest.param("light", 2, marks=pytest.mark.slow),
    ],
)
def test_what_opens_above_a_room_has_no_finding(
    logs: Path, cupola: Start, visit: Visit, theme: str, zoom: int
) -> None:
    page = open_page(visit, cupola(logs).address, theme, zoom)
    found = {}

    def look(what: str, close: str = "Escape") -> None:
        page.wait_for_function(SETTLED)
        found[what] = axe.findings(page)
        page.keyboard.press(close)

    page.keyboard.press("?")
    page.locator("dialog[open]").wait_for()
    look("help")
    page.keyboard.press("Control+k")
    page.get_by_role("listbox").wait_for()
    look("palette")
    for button in page.locator(".shell > header [aria-haspopup=true]").all():
        button.press("Enter")
        look(f"the header's menu {button.get_attribute('title')}")
    for dialog in ("Save this view", "Copy link"):
        page.keyboard.press("Control+k")
        page.get_by_role("listbox").wait_for()
        page.keyboard.type(dialog)
        page.keyboard.press("Enter")
        page.locator("dialog[open] header").wait_for()
        look(dialog)
    page.keyboard.press("p")
    look("a frozen page", "p")
    if zoom == 2:
        page.keyboard.press("b")
        page.locator("aside").wait_for()
        look("the list over the page")
    for room in ROOMS:
        go(page, room)
        cards = page.locator("main [data-card]")
        if not cards.count():
            continue
        if (menu := cards.first.locator("[aria-haspopup=true]")).count():
            menu.first.press("Enter")
            look(f"a card's menu in {room}")
        cards.first.press("f")
        page.locator("dialog[open]").wait_for()
        look(f"a large card of {room}")
        page.locator("dialog[open]").wait_for(state="detached")
    assert {what: findings for what, findings in found.items() if findings} == {}
    looked = " ".join(found)
    # On a narrow screen what is seldom used is in one menu.
    assert (
        looked.count("header") == (3 if zoom == 1 else 2)
        and "card's menu in scalars" in looked
        and "card of images" in looked
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("hash_", ["", "#nowhere"])
def test_what_stands_where_no_room_can_has_no_finding(
    tmp_path: Path, cupola: Start, visit: Visit, theme: str, hash_: str
) -> None:
    if hash_:
        Log(tmp_path / "run").unknown("holograms", "scene", 0)
    page = open_page(visit, cupola(tmp_path).address + hash_, theme)
    assert axe.findings(page) == []
