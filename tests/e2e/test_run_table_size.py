"""The run table with little room for names, and with ten thousand runs."""

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


def test_no_two_groups_look_alike_in_little_room(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    """In headings and in the column of groups what tells names apart is seen, whatever else is left out."""
    folders = [f"sweep/of_a_long_name/lr{rate}_warmup_of_2000_steps" for rate in ("0.1", "0.01", "0.001")]
    for folder in folders:
        for seed in range(2):
            Log(tmp_path / folder / f"seed{seed}").scalars({"loss": [(0, 1.0 + seed)]})
    query = "group=folder&column=group%3Aname&width=150.group%3Aname&width=260.run%3Aname"
    page = visit(cupola(tmp_path).address + f"#runs?{query}", viewport={"width": 1024, "height": 700})
    expect(page.locator("[aria-level='1']")).to_have_count(3)
    for cells_of in ("run:name", "group:name"):
        seen = page.locator(f"[aria-level='1'] [data-column='{cells_of}'] bdi")
        expect(seen).to_have_count(3)
        assert len(set(seen.all_inner_texts())) == 3
        for part in seen.all():
            assert part.evaluate("name => name.scrollWidth <= name.clientWidth + 1")


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
