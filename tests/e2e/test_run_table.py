"""The table of runs: its numbers are the log's; its order, columns and groups those that were asked for."""

from __future__ import annotations

import csv
import math
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import numpy as np
import pytest
from playwright.sync_api import expect
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams import summary_v2

from . import axe
from .conftest import Cupola
from .logs import START_S, Log

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

Visit = Callable[..., "Page"]
Start = Callable[..., Cupola]

AT = 40
STATISTICS = ("last", "min", "max", "first", "count", "min_step", "max_step", f"at={AT}")
TAGS = ("val/acc", "train/loss", "grad: norm")


def hparams(log: Log, values: dict[str, Any]) -> None:
    for value in summary_v2.hparams_pb(values).value:
        log.value(value, 0)


def random_log(logdir: Path, seed: int) -> dict[str, dict[str, Any]]:
    """Runs with uneven steps, values of all sizes, NaN and Inf; some lack a tag.

    Returns: their hyperparameters.
    """
    random_ = random.Random(seed)
    given = {}
    for run in range(12):
        name = f"lr{run % 3}/run {run}"
        log = Log(logdir / name)
        columns = {}
        for tag in TAGS:
            if tag != "val/acc" and random_.random() < 0.25:
                continue
            steps = sorted(random_.sample(range(100), random_.randint(1, 30)))
            scale = 10.0 ** random_.randint(-8, 8)
            odd = (math.nan, math.inf, -math.inf)
            values = [
                random_.choice(odd) if random_.random() < 0.1 else random_.gauss(0, scale) for _ in steps
            ]
            columns[tag] = list(zip(steps, values, strict=True))
        log.scalars(columns)
        given[name] = {
            "lr": 10.0 ** -(run % 3),
            "optimizer": random_.choice(["adam", "sgd"]),
            "amp": run % 2 == 0,
        }
        hparams(log, given[name])
    # Never a finite value.
    Log(logdir / "lr9" / "diverged").scalars({"val/acc": [(0, math.nan), (1, math.inf)]})
    given["lr9/diverged"] = {}
    return given


def raw(logdir: Path, run: str) -> dict[str, float | None]:
    """A run's figures, by NumPy from what TensorBoard's loader reads of its file."""
    loaded = EventAccumulator(str(logdir / run), size_guidance={"scalars": 0}).Reload()
    found: dict[str, float | None] = {}
    for tag in TAGS:
        events = loaded.Scalars(tag) if tag in loaded.Tags()["scalars"] else []
        step = np.array([event.step for event in events])
        value = np.array([event.value for event in events], np.float64)
        finite = np.flatnonzero(np.isfinite(value))
        before = np.flatnonzero(step <= AT)
        low, high = (
            (finite[value[finite].argmin()], finite[value[finite].argmax()]) if len(finite) else (None, None)
        )
        nothing = math.nan if len(value) else None
        found |= {
            f"{tag}:last": float(value[-1]) if len(value) else None,
            f"{tag}:first": float(value[0]) if len(value) else None,
            f"{tag}:count": len(value) or None,
            f"{tag}:min": nothing if low is None else float(value[low]),
            f"{tag}:max": nothing if high is None else float(value[high]),
            f"{tag}:min_step": None if low is None else int(step[low]),
            f"{tag}:max_step": None if high is None else int(step[high]),
            f"{tag}:at={AT}": float(value[before[-1]]) if len(before) else None,
        }
    return found


def cells(page: Page) -> dict[str, dict[str, str]]:
    """Texts of the lines that are in the page, by run and column."""
    return page.locator("[data-grid]").evaluate(
        "grid => Object.fromEntries([...grid.querySelectorAll('[data-run]')].map(line => [line.dataset.run,"
        "  Object.fromEntries([...line.querySelectorAll('[data-column]')].map("
        "    cell => [cell.dataset.column, cell.innerText.trim()]))]))"
    )


def order(page: Page) -> list[str]:
    """Runs and groups in the page, from the top."""
    return page.locator("[data-grid]").evaluate(
        "grid => [...grid.querySelectorAll('[data-line]')].filter(line => line.dataset.line !== '0')"
        "  .sort((a, b) => a.dataset.line - b.dataset.line)"
        "  .map(line => line.dataset.run ?? 'group ' + line.querySelector('bdi').innerText)"
    )


def headings(page: Page) -> list[str]:
    return page.locator("[role=columnheader]").evaluate_all("all => all.map(head => head.dataset.column)")


def heading(page: Page, column: str) -> Locator:
    return page.locator(f"[role=columnheader][data-column='{column}']")


def saved(page: Page, which: str) -> list[list[str]]:
    page.get_by_role("button", name="CSV").click()
    with page.expect_download() as started:
        page.get_by_role("button", name=re.compile(which)).click()
    assert started.value.suggested_filename.endswith("_runs.csv")
    with Path(started.value.path()).open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def number(text: str) -> float:
    return float(text.replace(",", "").replace("−", "-").replace("∞", "inf"))


def same(found: float, wanted: float) -> bool:
    return found == wanted or (math.isnan(found) and math.isnan(wanted))


def looks_like(text: str, wanted: float) -> bool:
    """Whether a text is a float32 rounded to the digits that it shows."""
    found = number(text)
    if not math.isfinite(wanted):
        return same(found, wanted)
    mantissa, _, exponent = text.replace(",", "").partition("e")
    decimals = len(mantissa.partition(".")[2]) - int(exponent or 0)
    # What is rounded are the fewest digits that name the float32, half its last bit off at most.
    return abs(found - wanted) <= 0.5000001 * 10.0**-decimals + abs(wanted) * 2.0**-24


@pytest.mark.parametrize("seed", range(3))
def test_cells_and_csv_are_what_numpy_finds_in_the_log(
    seed: int, tmp_path: Path, cupola: Start, visit: Visit
) -> None:
    given = random_log(tmp_path, seed)
    wanted = {run: raw(tmp_path, run) for run in given}
    columns = [f"scalars:{tag}:{statistic}" for tag in TAGS for statistic in STATISTICS]
    more = ["hparams:lr", "hparams:optimizer", "hparams:amp", "run:start", "run:points"]
    query = urlencode([("column", each) for each in [*columns, *more]] + [("pinned", "")])
    page = visit(cupola(tmp_path).address + f"#runs?{query}", viewport={"width": 6000, "height": 800})
    expect(page.locator("[data-run]")).to_have_count(len(given))
    expect(page.get_by_role("gridcell", name="…", exact=True)).to_have_count(0)

    for column in columns:
        figures = {run: wanted[run][column.removeprefix("scalars:")] for run in given}
        for run in [run for run, figure in figures.items() if figure is not None][:1]:
            cell = page.locator(f"[data-run='{run}'] [data-column='{column}']")
            expect(cell).not_to_have_text(re.compile(r"^\s*$"))

    for run, found in cells(page).items():
        for column in columns:
            figure = wanted[run][column.removeprefix("scalars:")]
            text = found[column]
            assert (text == "") if figure is None else looks_like(text, figure), (run, column, text, figure)

    heads, *rows = saved(page, "All runs")
    assert heads[:5] == ["name", "val/acc", "min(val/acc)", "max(val/acc)", "first(val/acc)"]
    assert heads[1 + len(columns) :] == ["lr", "optimizer", "amp", "start", "points"]
    assert {row[0] for row in rows} == set(given)
    for name, *fields in rows:
        for column, field in zip(columns, fields, strict=False):
            figure = wanted[name][column.removeprefix("scalars:")]
            # Every digit.
            assert (field == "") if figure is None else same(float(field), figure), (
                name,
                column,
                field,
                figure,
            )
        lr, optimizer, amp, start, points = fields[len(columns) :]
        if given[name]:
            assert float(lr) == given[name]["lr"]
            assert optimizer == given[name]["optimizer"]
            assert amp == str(given[name]["amp"]).lower()
        assert np.datetime64(start.removesuffix("Z")) == np.datetime64(int(START_S * 1e6), "us")
        # The record of the hyperparameters is a point too.
        assert int(points) == sum(int(wanted[name][f"{tag}:count"] or 0) for tag in TAGS) + bool(given[name])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cupola]:
    """Two learning rates with three seeds each."""
    logdir = tmp_path_factory.mktemp("sweep")
    for rate in (0.1, 0.01):
        for seed in range(3):
            log = Log(logdir / f"lr{rate}" / f"seed{seed}")
            log.scalars({"val/acc": [(0, 0.0), (1, rate + seed / 8)], "val/loss": [(0, 2.0), (1, 1.5)]})
            hparams(log, {"lr": rate, "seed": seed, "batch": 64})
    started = Cupola(logdir)
    yield started
    started.stop()


ACC = "scalars:val/acc:last"


def test_a_heading_sorts_and_shift_sorts_by_several(server: Cupola, visit: Visit) -> None:
    page = visit(server.address + "#runs")
    expect(page.locator("[data-run]")).to_have_count(6)
    heading(page, ACC).click()
    expect(heading(page, ACC)).to_have_attribute("aria-sort", "descending")
    best = [f"lr{rate}/seed{seed}" for seed in (2, 1, 0) for rate in (0.1, 0.01)]
    assert order(page) == best
    heading(page, ACC).click()
    expect(heading(page, ACC)).to_have_attribute("aria-sort", "ascending")
    assert order(page) == best[::-1]
    heading(page, "hparams:lr").click()
    heading(page, "hparams:seed").click(modifiers=["Shift"])
    assert order(page) == [f"lr{rate}/seed{seed}" for rate in (0.1, 0.01) for seed in (2, 1, 0)]
    expect(page).to_have_url(re.compile("sort=hparams%3Alr&sort=hparams%3Aseed"))
    # The list stands in the same order, and the address brings it back.
    page.reload()
    expect(page.locator("[data-run]")).to_have_count(6)
    assert order(page) == [f"lr{rate}/seed{seed}" for rate in (0.1, 0.01) for seed in (2, 1, 0)]


def test_columns_are_chosen_among_all_moved_pinned_sized_and_kept(server: Cupola, visit: Visit) -> None:
    page = visit(server.address + "#runs")
    expect(page.locator("[data-run]")).to_have_count(6)
    assert "hparams:lr" in headings(page)
    page.get_by_role("button", name="Columns", exact=True).click()
    page.get_by_label("Value").select_option("max")
    page.get_by_label("Find columns").fill("acc")
    page.get_by_role("button", name="val/acc", exact=True).click()
    page.keyboard.press("Escape")
    expect(heading(page, "scalars:val/acc:max")).to_be_visible()

    # By keys: to the heading, then a place to the left, wider, pinned by its menu.
    page.locator("[data-grid]").focus()
    page.keyboard.press("Control+ArrowUp")
    page.keyboard.press("End")
    last = headings(page)[-1]
    assert last == "scalars:val/acc:max"
    page.keyboard.press("Alt+ArrowLeft")
    assert headings(page)[-2] == "scalars:val/acc:max"
    width = heading(page, last).bounding_box()["width"]  # type: ignore[index]
    page.keyboard.press("Shift+ArrowRight")
    assert heading(page, last).bounding_box()["width"] > width  # type: ignore[index]
    page.keyboard.press("Space")
    page.get_by_role("button", name="Pin", exact=True).click()
    assert headings(page).index(last) <= 2

    # By the pointer: dragged before another, and made wider at its edge.
    start, end = heading(page, "hparams:seed").bounding_box(), heading(page, "hparams:batch").bounding_box()
    assert start and end
    page.mouse.move(start["x"] + 20, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(end["x"] + 3, end["y"] + 10, steps=5)
    page.mouse.up()
    moved = headings(page)
    assert moved.index("hparams:batch") - moved.index("hparams:seed") == 1
    assert page.locator("[aria-sort]").count() == 1  # a drag is no click
    edge = page.locator("[data-edge='hparams:seed']").bounding_box()
    assert edge
    page.mouse.move(edge["x"] + 3, edge["y"] + 10)
    page.mouse.down()
    page.mouse.move(edge["x"] + 83, edge["y"] + 10, steps=4)
    page.mouse.up()
    wide = heading(page, "hparams:seed").bounding_box()["width"]  # type: ignore[index]
    assert wide > 100
    expect(page).to_have_url(re.compile(rf"width={wide:.0f}\.hparams%3Aseed"))

    page.reload()
    expect(page.locator("[data-run]")).to_have_count(6)
    expect(heading(page, last)).to_be_visible()
    assert headings(page) == moved
    assert heading(page, "hparams:seed").bounding_box()["width"] == wide  # type: ignore[index]
    # What was changed last is undone.
    page.keyboard.press("Control+z")
    page.get_by_role("button", name="Columns", exact=True).click()
    page.get_by_role("button", name="Back to the usual columns").click()
    page.keyboard.press("Escape")
    expect(heading(page, "scalars:val/acc:max")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("column="))


def test_only_what_differs_between_the_chosen_runs(server: Cupola, visit: Visit) -> None:
    page = visit(server.address + "#runs?differ=1")
    expect(page.locator("[data-run]")).to_have_count(6)
    expect(heading(page, "hparams:lr")).to_be_visible()
    assert "hparams:batch" not in headings(page)
    assert "scalars:val/loss:last" not in headings(page)
    for seed in (0, 2):
        page.locator(f"[data-run='lr0.1/seed{seed}'] [data-column='run:name'] bdi").click(
            modifiers=["Control"]
        )
    expect(heading(page, "hparams:lr")).to_have_count(0)
    expect(heading(page, "hparams:seed")).to_be_visible()
    # The same runs are chosen in the list, with what can be done with them.
    page.get_by_role("button", name="Compare these").click()
    expect(page).to_have_url(re.compile("show=.*show="))
    page.get_by_role("button", name="What differs").click()
    expect(heading(page, "hparams:batch")).to_be_visible()


def test_groups_are_headings_with_centers(server: Cupola, visit: Visit) -> None:
    page = visit(server.address + "#runs?group=column%3Ahparams%3Alr")
    expect(page.get_by_role("treegrid")).to_be_visible()
    expect(page.locator("[data-run]")).to_have_count(6)
    group = page.locator("[aria-level='1']").first
    mean = np.array([0.01 + seed / 8 for seed in range(3)], np.float32).astype(float).mean()
    assert order(page)[0] == "group lr = 0.01"
    assert looks_like(group.locator(f"[data-column='{ACC}']").inner_text(), float(mean))
    assert group.locator("[data-column='hparams:batch']").inner_text() == "64"
    heading(page, ACC).click()
    assert order(page)[:2] == ["group lr = 0.1", "lr0.1/seed2"]
    page.get_by_title("lr = 0.1", exact=True).click()
    expect(page.locator("[data-run]")).to_have_count(3)
    assert order(page)[:2] == ["group lr = 0.1", "group lr = 0.01"]
    # Folded runs are in the file too.
    assert len(saved(page, "All runs")) == 1 + 6
    page.get_by_role("button", name="Group headings").click()
    expect(page.locator("[data-run]")).to_have_count(6)
    assert page.get_by_role("treegrid").count() == 0


def test_keys_and_buttons_open_the_table_and_one_selection_is_everywhere(
    server: Cupola, visit: Visit
) -> None:
    page = visit(server.address + "#scalars")
    expect(page.get_by_role("tree")).to_be_visible()
    page.keyboard.press("t")
    expect(page.get_by_role("grid")).to_be_visible()
    expect(page.locator("[data-run]")).to_have_count(6)
    # One stop: the next Tab leaves it.
    page.locator("[data-grid]").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('[data-grid]')") is None
    page.locator("[data-grid]").focus()
    page.keyboard.press("Control+Home")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(page.locator("[data-runs-shown='5']")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("[data-runs-shown='1']")).to_be_visible()
    shown = page.locator("[data-run] input:checked").evaluate_all("all => all.length")
    assert shown == 1
    assert len(saved(page, "Shown runs")) == 1 + 1
    page.keyboard.press("t")
    expect(page.get_by_role("tree")).to_be_visible()
    assert page.locator("[role=treeitem][aria-checked=true] [data-run]").count() == 1
    page.get_by_role("button", name="Run table").click()
    expect(page.get_by_role("grid")).to_be_visible()
    page.get_by_role("button", name="Back to the charts").click()
    # Beside the charts it stands in the list's place.
    page.get_by_role("button", name="List as a table").click()
    expect(page.locator("aside").get_by_role("grid")).to_be_visible()
    expect(page.locator("aside [data-run]")).to_have_count(6)
    expect(page.locator("[data-card]").first).to_be_visible()
    expect(page).to_have_url(re.compile("table=1"))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("where", ["#runs", "#runs?group=column%3Ahparams%3Alr", "#scalars?table=1"])
def test_axe_finds_nothing(where: str, theme: str, server: Cupola, visit: Visit) -> None:
    page = visit(server.address + where, bypass_csp=True, color_scheme=theme)
    axe.load(page)
    expect(page.locator("[data-run]")).to_have_count(6)
    page.locator("[data-grid]").focus()
    page.keyboard.press("Control+Home")
    assert axe.findings(page) == []
    page.get_by_role("button", name="Columns", exact=True).click()
    assert axe.findings(page) == []
