"""What holds for the cards of every room: an error stays in its card, what stood stays while a question
fails.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, Request, Route, expect

from cupola import SummaryWriter

Start = Callable[..., Any]
Visit = Callable[..., Page]

BROKEN: dict[str, object] = {
    "images": {"run": "."},
    "text": {"run": "."},
    "histograms": {"run": "."},
    "scalars": None,
}
"""By the name of a room of cards, a series of which no card can be made."""


def write(logdir: Path, steps: int = 3) -> None:
    """Two series of each room of cards, `group/good` and `group/bad`."""
    writer = SummaryWriter(str(logdir))
    for tag in ("group/good", "group/bad"):
        for step in range(steps):
            writer.add_image(tag, np.full((3, 8, 8), 20 * step, np.uint8), step)
            writer.add_scalar(tag, step, step)
            writer.add_text(tag, f"step {step}", step)
            writer.add_histogram(tag, np.arange(10.0), step)
    writer.close()


def columns(document: object) -> bytes:
    """An answer of columns that has none."""
    header = json.dumps(document).encode()
    return len(header).to_bytes(4, "little") + header


@pytest.mark.parametrize("room", BROKEN)
def test_an_answer_that_breaks_a_card_breaks_no_other(
    room: str, tmp_path: Path, cupola: Start, visit: Visit
) -> None:
    write(tmp_path)

    def answer(route: Route, request: Request) -> None:
        if "group/bad" in (request.post_data or ""):
            # As if the server spoke another version of the protocol: a series without its columns, or none.
            route.fulfill(body=columns({"tag": "group/bad", "x": "step", "series": [BROKEN[room]]}))
        else:
            route.continue_()

    page = visit("about:blank", allow=("console: TypeError",))
    page.route(f"**/api/{room}/*", answer)
    page.goto(cupola(tmp_path).address + f"#{room}")
    expect(page.locator("[data-card='group/bad']").get_by_role("alert")).to_be_visible()
    good = page.locator("[data-card='group/good']")
    expect(good.locator("img, canvas, .text").first).to_be_visible()
    expect(page.get_by_role("main").get_by_role("alert")).to_have_count(1)
    page.unroute(f"**/api/{room}/*")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("[data-card='group/bad'] :is(img, canvas, .text)").first).to_be_visible()


def test_what_stood_stays_greyed_while_a_question_fails(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    write(tmp_path, steps=9)
    page = visit(
        cupola(tmp_path).address + "#images?tags=good", allow=("Failed to load resource", "ERR_FAILED")
    )
    card = page.locator("[data-card='group/good']")
    expect(card.locator("img")).to_have_attribute("alt", re.compile("step 8$"))
    page.route("**/api/images/**", lambda route: route.abort())
    card.get_by_role("slider").focus()
    page.keyboard.press("Home")
    expect(card.get_by_role("status")).to_contain_text(re.compile(r"as of \d+:\d\d"))
    expect(card.locator(".stale img")).to_have_attribute("alt", re.compile("step 8$"))
    page.unroute("**/api/images/**")
    page.keyboard.press("ArrowRight")
    expect(card.locator("img")).to_have_attribute("alt", re.compile("step 1$"))
    expect(card.get_by_role("status")).to_have_count(0)


def test_every_room_of_cards_is_tried() -> None:
    plugins = Path(__file__).parents[2] / "web" / "src" / "plugins"
    using = {
        path.parent.name for path in plugins.glob("*/*Room.svelte") if "CardDashboard" in path.read_text()
    }
    assert using == set(BROKEN)


def test_a_widened_card_keeps_the_key_and_stays_in_view(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    write(tmp_path)
    page = visit(cupola(tmp_path).address + "#scalars")
    card = page.locator("[data-card='group/good']")
    expect(card.locator("[data-key=w]")).to_be_attached()
    card.hover()
    page.keyboard.press("w")
    page.wait_for_function("() => location.hash.includes('wide=')")
    expect(card).to_be_focused()
    expect(card).to_be_in_viewport()
    page.keyboard.press("w")
    page.wait_for_function("() => !location.hash.includes('wide=')")
