"""Runs in groups: chosen, drawn, opened, in every room, and in the address."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.e2e.conftest import Cupola

from cupola import SummaryWriter

if TYPE_CHECKING:
    from playwright.sync_api import Page

RATES = ("0.001", "0.01", "0.1")
SEEDS = 4
STEPS = 60


@pytest.fixture(scope="module")
def sweep(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three learning rates with four seeds each, and a picture for each run."""
    logdir = tmp_path_factory.mktemp("sweep")
    for rate in RATES:
        for seed in range(SEEDS):
            with SummaryWriter(str(logdir / f"lr{rate}" / f"seed{seed}")) as writer:
                for step in range(STEPS - seed):
                    writer.add_scalar("loss", float(rate) * step + seed, step)
                writer.add_image("sample", np.full((1, 4, 4), seed * 40, np.uint8), 0)
    return logdir


@pytest.fixture(scope="module")
def server(sweep: Path) -> Iterator[Cupola]:
    """One for all tests: none changes the log."""
    started = Cupola(sweep)
    yield started
    started.stop()


def wait_for_address(page: Page, part: str) -> None:
    """The address is written a few times a second."""
    page.wait_for_function("part => decodeURIComponent(location.hash).includes(part)", arg=part)


def test_runs_are_grouped_and_a_group_opens(server: Cupola, visit: Callable[..., Page]):
    page = visit(server.address)
    page.get_by_title("Group runs").click()
    page.get_by_role("button", name="By parent folder").click()
    page.keyboard.press("Escape")
    groups = page.get_by_role("list", name="Groups").get_by_role("button")
    groups.nth(2).wait_for()
    assert groups.all_inner_texts() == [f"lr{rate}\n{SEEDS}" for rate in RATES]
    wait_for_address(page, "group=folder")
    chart = page.get_by_label("Line chart of loss, 3 groups of 12 runs, steps 0 to 59")
    chart.first.wait_for()
    groups.first.click()
    assert groups.first.get_attribute("aria-expanded") == "true"
    wait_for_address(page, json.dumps(["lr0.001"]))
    # Keys read the line, its band and the count of its members.
    chart.first.focus()
    page.keyboard.press("ArrowRight")
    page.locator("[data-card]").get_by_role("button", name="More", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV of the groups").click()
    rows = list(csv.reader(Path(download.value.path()).read_text().splitlines()))
    assert rows[0] == ["group", "step", "mean", "deviation_low", "deviation_high", "n"]
    assert len(rows) == 1 + 3 * STEPS
    assert rows[1][:3] == ["lr0.001", "0", "1.5"] and [rows[1][5], rows[STEPS][5]] == ["4", "1"]


def test_rooms_of_pictures_head_them_by_their_group(server: Cupola, visit: Callable[..., Page]):
    page = visit(server.address + "#images?group=folder")
    headings = page.locator("[data-run-group]")
    headings.nth(2).wait_for()
    assert [heading.split("\n")[0].strip() for heading in headings.all_inner_texts()] == [
        f"lr{rate}" for rate in RATES
    ]


def test_a_bad_expression_keeps_the_last_good_groups(server: Cupola, visit: Callable[..., Page]):
    page = visit(server.address + "#scalars?group=regex%3Aseed(%5Cd)")
    groups = page.get_by_role("list", name="Groups").get_by_role("button")
    groups.nth(3).wait_for()
    page.get_by_title("Group runs").click()
    field = page.get_by_label("By an expression over names").first
    field.fill("seed(\\d")
    page.get_by_text("never closed").wait_for()
    assert groups.count() == SEEDS
    # One that a browser's engine would not end.
    field.fill("^((s|s)*)*!$")
    page.get_by_role("list", name="Groups").get_by_text("–").wait_for()
