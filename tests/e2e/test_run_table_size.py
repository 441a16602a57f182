"""The table of ten thousand runs: few of its lines are in the page."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from .conftest import Cupola
from .logs import Log
from .test_run_table import heading, order

if TYPE_CHECKING:
    from playwright.sync_api import Page

Visit = Callable[..., "Page"]
Start = Callable[..., Cupola]


def test_of_ten_thousand_runs_few_lines_are_in_the_page(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    first = Log(tmp_path / "p0" / "run0").scalars({"loss": [(0, 1.0), (1, 0.5)]}).path
    for run in range(1, 10_000):
        folder = tmp_path / f"p{run % 10}" / f"run{run}"
        folder.mkdir(parents=True)
        shutil.copyfile(first, folder / first.name)
    page = visit(cupola(tmp_path).address + "#runs?sort=run%3Aname&order=descending")
    page.set_default_timeout(60_000)
    expect(page.locator("[data-runs-shown]")).to_have_text("10000 runs", timeout=60_000)
    expect(page.get_by_role("grid")).to_have_attribute("aria-rowcount", "10001")
    lines = page.locator("[data-run]")
    assert 20 < lines.count() < 60
    assert order(page)[0] == "p9/run9999"
    page.locator("[data-grid]").focus()
    page.keyboard.press("Control+End")
    expect(page.locator("[data-run='p0/run0']")).to_be_visible()
    assert lines.count() < 60
    page.locator("[data-grid]").evaluate("grid => (grid.scrollTop = grid.scrollHeight / 2)")
    expect(page.locator("[data-line='5001']")).to_be_visible()
    assert lines.count() < 60
    assert page.locator("[role=gridcell]").count() < 1500
    heading(page, "run:name").click()
    page.keyboard.press("Control+Home")
    expect(page.locator("[data-run='p0/run0']")).to_be_visible()
    assert order(page)[0] == "p0/run0"
