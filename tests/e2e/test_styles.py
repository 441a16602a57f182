"""Scripts in the style of popular tutorials: every kind that they log has a card, or the page names it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.support.examples import logged_by
from tests.test_examples import STYLES

import cupola as reader
from cupola.plugins import plugins

WEBGL = True
WITHOUT_CARDS = {"graphs", "projector"}

Visit = Callable[..., Page]


pytestmark = pytest.mark.timeout(600)  # six trainings come first


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import matplotlib.pyplot  # noqa: F401 - one or another script imports these
    import skimage  # noqa: F401
    import sklearn  # noqa: F401
    import torch  # noqa: F401

    logdir = tmp_path_factory.mktemp("styles")
    for style in STYLES:
        shutil.copytree(logged_by(f"{style}.py"), logdir, dirs_exist_ok=True)
    return logdir


@pytest.mark.parametrize("language", ["en-US", "zh-CN"])
def test_each_kind_has_cards_or_is_named(
    logs: Path, cupola: Callable[..., Any], visit: Visit, language: str
) -> None:
    log = reader.open(logs)
    kinds = {kind: tags for kind in plugins() if (tags := log.tags(kind))}
    assert set(kinds) == set().union(*STYLES.values())
    page = visit(cupola(logs).address, locale=language)
    # A server answers while it still reads.
    expect(page.locator("[data-live=live]")).to_be_visible()
    page.wait_for_function("() => fetch('api/progress').then(a => a.json()).then(p => !p.loading)")
    page.wait_for_timeout(700)
    page.locator("[data-room]").first.wait_for()
    shown = [tab.get_attribute("data-room") or "" for tab in page.locator("[data-room]").all()]

    for room in shown:
        page.evaluate("room => { location.hash = room }", room)
        page.locator(f"[data-room={room}][aria-current=page]").wait_for()
        if room in WITHOUT_CARDS:
            page.locator("main canvas").first.wait_for()
            continue
        for tag in kinds[room]:
            # The peers' writers put that behind each text's name.
            tag = tag.removesuffix("/text_summary")
            expect(page.locator(f"[data-card={json.dumps(tag)}]").first).to_be_attached()

    page.locator("nav [aria-haspopup=true]").click()
    named = page.locator("[data-unknown]")
    expect(named.first).to_be_visible()
    assert {kind.get_attribute("data-unknown") for kind in named.all()} == set(kinds) - set(shown)
    # Where they are, and what to do.
    expect(page.locator("nav .hint")).to_contain_text("TensorBoard")
    expect(page.locator("nav .hint")).to_contain_text("cupola inspect")
