"""Parts of the page that are loaded when they are wanted, while the server is away or has no such file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from cupola.plugins.projector.encode import embedding

WEBGL = True

Start = Callable[..., Any]
Visit = Callable[..., Page]

# What the browser says of each request that fails, whoever made it; not "Unable to preload", which is ours.
NETWORK = (r"ERR_CONNECTION_REFUSED", r"ERR_INCOMPLETE_CHUNKED_ENCODING", r"Failed to load resource")
NOT_LOADED = "[data-not-loaded]"


@pytest.fixture
def logdir(tmp_path: Path) -> Path:
    matrix = np.random.default_rng(0).normal(size=(60, 5))
    for step in (1, 2):
        embedding(matrix, [f"word {at}" for at in range(60)], None, step, "words").write(tmp_path / "run")
    return tmp_path


def open_page(visit: Visit, address: str, **options: Any) -> Page:
    page = visit(f"{address}#projector", allow=NETWORK, **options)
    expect(page.locator("[data-drawn]")).to_be_visible()
    expect(page.locator("[data-live=live]")).to_be_visible()
    return page


def choose(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name, exact=True).click()


def test_a_part_comes_by_itself_with_its_style_when_the_server_is_back(
    logdir: Path, cupola: Start, visit: Visit
) -> None:
    server = cupola(logdir)
    page = open_page(visit, server.address)
    server.stop()
    choose(page, "t-SNE")
    expect(page.get_by_role("alert").filter(has_text="could not be loaded")).to_be_visible()
    page.get_by_role("button", name="Two side by side").click()
    expect(page.locator(NOT_LOADED).first).to_be_visible()
    expect(page.locator("[data-live=lost]")).to_be_visible()
    cupola(logdir, "--port", str(server.port))
    expect(page.get_by_label("Perplexity", exact=True)).to_be_visible()
    expect(page.get_by_role("region", name="Beside it")).to_have_css("flex-direction", "column")
    expect(page.locator(NOT_LOADED)).to_have_count(0)
    expect(page.get_by_role("alert").filter(has_text="could not be loaded")).to_have_count(0)


def test_a_part_that_is_not_there_is_said_quietly_and_can_be_asked_for_again(
    logdir: Path, cupola: Start, visit: Visit
) -> None:
    page = open_page(visit, cupola(logdir).address, locale="zh-CN")
    parts = "**/assets/QualityNote-*"
    page.route(parts, lambda route: route.fulfill(status=404))
    page.get_by_role("button", name="评估质量").click()
    note = page.locator(NOT_LOADED)
    expect(note).to_contain_text("这一部分未能加载")
    note.get_by_role("button", name="重试").click()
    expect(note).to_contain_text("另一个版本")
    expect(note.get_by_role("button", name="重新加载页面")).to_be_visible()
    page.unroute(parts)
    note.get_by_role("button", name="重试").click()
    expect(note).to_have_count(0)
    expect(page.locator("[data-trust]")).to_be_visible()


def test_a_file_dropped_while_the_server_is_away_is_answered(
    logdir: Path, cupola: Start, visit: Visit, tmp_path: Path
) -> None:
    server = cupola(logdir)
    page = open_page(visit, server.address)
    server.stop()
    file = tmp_path / "m.npy"
    np.save(file, np.eye(3, dtype=np.float32))
    page.locator("aside input[type=file]").first.set_input_files(file)
    expect(page.locator(NOT_LOADED)).to_be_visible()
    cupola(logdir, "--port", str(server.port))
    expect(page.locator(NOT_LOADED)).to_have_count(0)
    expect(page.get_by_role("alert").filter(has_text="could not be loaded")).to_be_visible()
