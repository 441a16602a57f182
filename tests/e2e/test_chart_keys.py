"""Charts read by keyboard alone: what a person who sees no chart, or has no mouse, gets of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from cupola import SummaryWriter

from .logs import write

Start = Callable[..., Any]
Visit = Callable[..., Page]

LOSS = {"high": 2.0, "low": 1.0}


@pytest.fixture
def scalars(tmp_path: Path, cupola: Start, visit: Visit) -> Page:
    for run, value in LOSS.items():
        write(tmp_path / run, {"loss": [(step, value + step / 64) for step in range(41)]})
    return visit(cupola(tmp_path).address + "#scalars?smoothing=0")


def chart(page: Page, tag: str) -> Locator:
    return page.locator(f"[data-card={json.dumps(tag)}]").first.get_by_role("application")


def said(page: Page, tag: str) -> Locator:
    return page.locator(f"[data-card={json.dumps(tag)}] [aria-live=polite]").first


def tab_to(page: Page, wanted: Locator) -> None:
    """From card to card by `j`, from there by Tab."""
    wanted.wait_for()
    page.keyboard.press("j")
    for _ in range(12):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError("Tab does not reach the chart")


def test_a_line_is_read_point_by_point(scalars: Page) -> None:
    page = scalars
    tab_to(page, chart(page, "loss"))
    outline = chart(page, "loss").evaluate("element => getComputedStyle(element).outlineWidth")
    assert outline == "2px", "the focus is seen"
    steps = {
        "ArrowRight": 40,  # the first key shows where the cursor is: at the newest point
        "ArrowLeft": 39,
        "PageDown": 35,
        "Home": 0,
        "PageUp": 4,
        "End": 40,
    }
    for key, step in steps.items():
        page.keyboard.press(key)
        expect(said(page, "loss")).to_contain_text(f"step {step} ·")
        expect(said(page, "loss")).to_contain_text(": 2.625" if step == 40 else f": {2 + step / 64:.4g}"[:6])


def test_what_is_said_are_the_tooltips_numbers(scalars: Page) -> None:
    page = scalars
    chart(page, "loss").focus()
    page.keyboard.press("Home")
    tooltip = page.locator(".tooltip")
    expect(tooltip.locator("tbody tr")).to_have_count(len(LOSS))
    for key, run in (("ArrowDown", "low"), ("ArrowDown", "low"), ("ArrowUp", "high"), ("ArrowUp", "high")):
        page.keyboard.press(key)
        row = tooltip.locator("tr.nearest")
        expect(row.locator(".name")).to_have_text(run)
        title, value = tooltip.locator("p").inner_text(), row.locator(".value").inner_text()
        expect(said(page, "loss")).to_have_text(f"{title}, {run}: {value}")


def test_leaving_takes_the_cursor_away_and_enter_keeps_a_run_in_sight(scalars: Page) -> None:
    page = scalars
    chart(page, "loss").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".tooltip")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".tooltip")).to_have_count(0)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    page.wait_for_function("() => location.hash.includes('focus=high')")
    chart(page, "loss").blur()
    expect(page.locator(".tooltip")).to_have_count(0)
    expect(said(page, "loss")).to_have_text("")


def test_a_large_chart_is_read_too(scalars: Page) -> None:
    page = scalars
    chart(page, "loss").focus()
    page.keyboard.press("f")
    large = page.locator("dialog[open]")
    large.get_by_role("application").focus()
    page.keyboard.press("Home")
    expect(large.locator("[aria-live=polite]")).to_contain_text("step 0 ·")
    page.keyboard.press("Escape")
    expect(page.locator(".tooltip")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(large).to_have_count(0)


def tooltip_lines(page: Page) -> list[Locator]:
    return [line.locator("span") for line in page.locator(".tooltip .line").all()]


@pytest.mark.parametrize("view", ["heatmap", "ridgeline", "overlay"])
def test_a_histogram_is_read_in_each_view(tmp_path: Path, cupola: Start, visit: Visit, view: str) -> None:
    with SummaryWriter(tmp_path / "run") as writer:
        for step in range(20):
            writer.add_histogram("weights", np.linspace(0, 5 + step, 500), step)
    page = visit(f"{cupola(tmp_path).address}#histograms?view={view}")
    tab_to(page, chart(page, "weights"))
    heard = []
    for key in ("ArrowRight", "Home", "ArrowRight", "PageUp", "End", "ArrowDown"):
        page.keyboard.press(key)
        # As the tooltip says it, which stands below the chart.
        lines = [": ".join(line.all_inner_texts()) for line in tooltip_lines(page)]
        heard.append(", ".join([page.locator(".tooltip .title").inner_text(), *lines]))
        expect(said(page, "weights")).to_have_text(heard[-1])
    assert len(set(heard)) >= 5, heard


def test_the_keys_are_in_the_help(scalars: Page) -> None:
    page = scalars
    chart(page, "loss").focus()
    page.keyboard.press("?")
    names = page.locator("dialog[open] kbd").all_inner_texts()
    assert {"Tab", "Page Up", "Page Down", "Home", "End", "↑", "↓", "Enter"} <= set(names)
