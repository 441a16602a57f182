"""The view that is there in the morning, and what the shell says of a log: one server for each story."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .logs import write

Start = Callable[..., Any]
Visit = Callable[..., Page]

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}


@pytest.fixture
def logdir(tmp_path: Path) -> Path:
    for run, seed in (("a", 1), ("b", 2)):
        points = {tag: [(i, seed + i / 10) for i in range(10)] for tag in ("train/loss", "val/acc", "lr")}
        write(tmp_path / "sweep" / run, points)
    return tmp_path / "sweep"


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CUPOLA_CONFIG_DIR", str(tmp_path / "config"))
    return tmp_path / "config"


def saved(page: Page) -> None:
    """Waits until what was changed has been sent."""
    with page.expect_response(lambda answer: answer.request.method == "PATCH"):
        pass


def test_the_view_is_there_in_the_morning(logdir: Path, config: Path, cupola: Start, visit: Visit) -> None:
    server = cupola(logdir)
    page = visit(server.address)
    expect(page.locator("[data-run]")).to_have_count(2)
    expect(page.locator("[data-restored]")).to_have_count(0)
    page.get_by_label("Filter runs").fill("a")
    page.get_by_role("button", name="Theme").click()
    page.get_by_role("button", name="dark", exact=True).click()
    saved(page)
    page.context.close()
    server.stop()

    # Another port, another browser.
    page = visit(cupola(logdir).address)
    expect(page.locator("[data-run]")).to_have_count(1)
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    note = page.locator("[data-restored]")
    expect(note).to_contain_text("This is how you left this log")
    note.get_by_role("button", name="Start afresh").click()
    expect(page.locator("[data-run]")).to_have_count(2)
    expect(note).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(page.locator("[data-run]")).to_have_count(1)
    # An address that says something wins, and the log directory holds nothing of all this.
    other = visit(page.url.split("#")[0] + "#scalars?filter=b")
    expect(other.locator("[data-run=b]")).to_be_visible()
    assert all("tfevents" in path.name for path in logdir.rglob("*") if path.is_file())


def test_views_with_names(logdir: Path, config: Path, cupola: Start, visit: Visit) -> None:
    page = visit(cupola(logdir).address + "#scalars?filter=a")
    expect(page.locator("[data-run]")).to_have_count(1)

    def manage() -> None:
        page.get_by_role("button", name="Views").click()
        page.get_by_role("button", name="Save this view").click()

    manage()
    page.get_by_label("Name of this view").fill("for <b>the</b> paper")
    page.keyboard.press("Enter")
    page.get_by_label("Filter runs").fill("")
    expect(page.locator("[data-run]")).to_have_count(2)
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.keyboard.type("open view")
    page.keyboard.press("Enter")
    expect(page.locator("[data-run]")).to_have_count(1)
    manage()
    row = page.locator("[data-view]")
    row.get_by_role("button", name="Rename").click()
    page.get_by_label("New name of").fill("paper")
    page.keyboard.press("Enter")
    expect(row).to_have_attribute("data-view", "paper")
    row.get_by_role("button", name="Delete").click()
    expect(row).to_have_count(0)
    page.get_by_role("dialog").get_by_role("button", name="Undo").click()
    expect(row).to_have_attribute("data-view", "paper")
    saved(page)
    kept = json.loads(next((config / "views").iterdir()).read_text())
    assert kept["named"] == {"paper": {"hash": "#scalars?filter=a", "others": []}}


def test_a_link_says_what_it_cannot_carry(logdir: Path, cupola: Start, visit: Visit) -> None:
    page = visit(
        cupola(logdir).address + "#scalars?filter=a", permissions=["clipboard-read", "clipboard-write"]
    )
    page.get_by_role("button", name="Views").click()
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    expect(page.locator("[data-unshared=local]")).to_contain_text("names your own machine")
    assert page.evaluate("() => navigator.clipboard.readText()") == page.url


def test_what_cannot_be_kept_is_said(
    logdir: Path, tmp_path: Path, cupola: Start, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CUPOLA_CONFIG_DIR", str(tmp_path / "file"))
    page = visit(cupola(logdir).address)
    page.get_by_label("Filter runs").fill("a")
    saved(page)
    page.get_by_role("button", name="Views").click()
    expect(page.locator("[data-views-problem]").first).to_contain_text("last until this server ends")


def test_a_frozen_page_goes_on_with_the_newest(logdir: Path, cupola: Start, visit: Visit) -> None:
    page = visit(cupola(logdir).address)
    note = page.locator("[data-card=lr] .note")
    expect(note).to_have_text("1.9 – 2.9")
    expect(page.locator("[data-live=live]")).to_contain_text(re.compile(r"live\s*·\s*\d+ ?\w+ ago"))
    expect(page).to_have_title(re.compile(r"^sweep · train/loss 1\.9\d* · Scalars · cupola$"))
    page.keyboard.press("p")
    expect(page.locator("[data-live=paused]")).to_be_visible()
    write(logdir / "c", {"lr": [(0, 50.0)]})
    page.wait_for_timeout(1500)
    expect(note).to_have_text("1.9 – 2.9")
    expect(page.locator("[data-run]")).to_have_count(2)
    page.locator("[data-live=paused]").click()
    expect(note).to_have_text("1.9 – 50")
    expect(page.locator("[data-run]")).to_have_count(3)


def test_keys_for_rooms_and_the_help(logdir: Path, cupola: Start, visit: Visit) -> None:
    page = visit(cupola(logdir).address)
    expect(page.locator("[data-card]")).to_have_count(3)
    page.keyboard.press("g")
    page.keyboard.press("i")
    page.wait_for_function("() => location.hash.startsWith('#images')")
    page.keyboard.press("1")
    page.wait_for_function("() => location.hash.startsWith('#scalars')")
    page.keyboard.press("b")
    expect(page.locator("aside")).to_have_count(0)
    page.keyboard.press("b")
    expect(page.locator("aside")).to_be_visible()
    page.get_by_role("button", name="Help and keys").click()
    expect(page.locator("[data-version]")).to_contain_text("cupola")


def test_a_narrow_window_and_a_phone(logdir: Path, cupola: Start, visit: Visit) -> None:
    address = cupola(logdir).address
    page = visit(address)
    expect(page.locator("aside")).to_be_visible()
    left = page.locator("[data-room=scalars]").bounding_box()
    page.keyboard.press("g")
    page.keyboard.press("g")
    page.wait_for_function("() => location.hash.startsWith('#graphs')")
    assert page.locator("[data-room=scalars]").bounding_box() == left, "tabs stay where they are"
    page.go_back()
    # A window made narrow closes the list, and a wide one has it again.
    page.set_viewport_size({"width": 700, "height": 700})
    expect(page.locator("aside")).to_have_count(0)
    page.set_viewport_size({"width": 1024, "height": 700})
    expect(page.locator("aside")).to_be_visible()

    phone = visit(address + "#scalars", **PHONE)
    card = phone.locator("[data-card=lr]")
    expect(card).to_be_visible()
    expect(phone.locator("aside")).to_have_count(0)
    assert "Ctrl" not in phone.get_by_role("banner").inner_text()
    assert phone.evaluate("() => document.documentElement.scrollWidth") <= 390
    card.get_by_role("application").tap()
    expect(phone.locator("[data-tooltip], .tooltip").first).to_be_visible()
    phone.get_by_role("button", name="Show the run list").tap()
    expect(phone.locator("aside")).to_be_visible()
    phone.locator("[data-run=b] input[type=checkbox]").uncheck()
    phone.keyboard.press("Escape")
    expect(phone.locator("aside")).to_have_count(0)
    phone.get_by_role("button", name="Menu").tap()
    phone.get_by_role("button", name="中文").tap()
    expect(phone.locator("html")).to_have_attribute("lang", "zh-CN")
