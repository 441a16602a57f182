"""Selecting, filtering, saving and keeping points of an embedding, in a real browser.

One server for all: the log directory is only read.
"""

from __future__ import annotations

import io
import json
import math
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from cupola.plugins.projector.encode import embedding

from .conftest import Cupola

WEBGL = True

Visit = Callable[..., Page]

COUNT = 300
ODD = ['a "b", c', "<i>x</i>", "עברית", "🙂", "nan"]


def matrix() -> np.ndarray[Any, Any]:
    generator = np.random.default_rng(0)
    return generator.standard_normal((COUNT, 4)) * [6.0, 3.0, 1.0, 0.3]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cupola]:
    logdir = tmp_path_factory.mktemp("logs")
    rows = [(f"class {i % 40:02d}", ODD[i % 5], str(i * i)) for i in range(COUNT)]
    embedding(matrix(), rows, np.zeros((COUNT, 1, 4, 4)), 0, "t", ["kind", "odd", "square"]).write(
        logdir / "m"
    )
    running = Cupola(logdir)
    yield running
    running.stop()


def open_page(visit: Visit, server: Cupola, view: str = "") -> Page:
    page = visit(
        f"{server.address}#projector?plane=1&draw=points&{view}", viewport={"width": 1200, "height": 800}
    )
    expect(page.locator("[data-drawn]")).to_be_visible()
    expect(page.get_by_text("Bookmarks", exact=True)).to_be_visible()
    return page


def status(page: Page) -> Any:
    return page.locator("aside.point").get_by_role("status")


def lasso(page: Page, radius: float, key: str | None = None) -> None:
    box = page.locator("[data-drawn]").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    places = [(x + radius * math.cos(a), y + radius * math.sin(a)) for a in np.linspace(0, 6.2, 24)]
    if key:
        page.keyboard.down(key)
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place)
    page.mouse.up()
    if key:
        page.keyboard.up(key)


def selected(page: Page) -> int:
    page.wait_for_function(
        "() => /\\d/.test(document.querySelector('aside.point [role=status]')?.textContent)"
    )
    return int(status(page).inner_text().split()[0])


def saved(page: Page, entry: str) -> bytes:
    page.get_by_role("button", name="More", exact=True).last.click()
    with page.expect_download() as download:
        page.get_by_role("button", name=entry).click()
    return Path(download.value.path()).read_bytes()


def test_a_lasso_survives_a_reload_and_its_files_are_what_numpy_and_pandas_read(
    server: Cupola, visit: Visit
) -> None:
    pandas = pytest.importorskip("pandas")
    page = open_page(visit, server)
    page.locator("[data-drawn]").press("l")
    lasso(page, 150)
    outer = selected(page)
    lasso(page, 60, "Alt")
    ring = selected(page)
    assert 20 < ring < outer
    page.wait_for_function("() => location.hash.includes('area')")
    page.reload()
    expect(status(page)).to_have_text(f"{ring} selected")
    indices = np.load(io.BytesIO(saved(page, "Indices for NumPy")))
    assert indices.dtype == np.int64 and indices.shape == (ring,)
    table = pandas.read_csv(io.BytesIO(saved(page, "Points as CSV")), keep_default_na=False)
    assert list(table.columns) == ["index", "x", "y", "kind", "odd", "square"]
    assert table["index"].tolist() == indices.tolist()
    assert table["odd"].tolist() == [ODD[i % 5] for i in indices]
    assert table["square"].tolist() == [i * i for i in indices]
    vectors = np.loadtxt(io.BytesIO(saved(page, "Vectors")), delimiter="\t", ndmin=2)
    assert np.array_equal(vectors.astype(np.float32), matrix()[indices].astype(np.float32))
    rows = saved(page, "Metadata").decode().splitlines()
    assert rows[0] == "kind\todd\tsquare" and len(rows) == ring + 1
    page.get_by_role("button", name="Invert").click()
    expect(status(page)).to_have_text(f"{COUNT - ring} selected")
    page.get_by_role("button", name="Hide").click()
    expect(status(page)).to_have_text(f"Showing {ring} of {COUNT}")


def test_filters_combine_clear_alone_and_stand_in_the_address(server: Cupola, visit: Visit) -> None:
    page = open_page(visit, server)
    odd = page.get_by_role("group", name="Filter by odd")
    odd.get_by_role("button", name="<i>x</i>").click()
    expect(status(page)).to_have_text(f"Showing 60 of {COUNT}")
    square = page.get_by_role("group", name="Filter by square")
    square.get_by_role("textbox", name="square to").fill("2500")
    square.get_by_role("textbox", name="square to").press("Enter")
    expect(status(page)).to_have_text(f"Showing 10 of {COUNT}")  # 1, 6 … 46
    page.wait_for_function("() => location.hash.split('where=').length === 3")
    page.reload()
    expect(status(page)).to_have_text(f"Showing 10 of {COUNT}")
    page.get_by_role("button", name="Clear the filter by odd").click()
    expect(status(page)).to_have_text(f"Showing 51 of {COUNT}")
    page.get_by_role("button", name="Show all").click()
    expect(status(page)).to_have_count(0)


def test_the_legend_selects_several_and_hides(server: Cupola, visit: Visit) -> None:
    page = open_page(visit, server, "color_by=odd")
    legend = page.get_by_role("list", name="odd: 5 values")
    legend.get_by_role("button").nth(0).click()
    expect(status(page)).to_have_text("60 selected")
    legend.get_by_role("button").nth(2).click(modifiers=["Shift"])
    expect(status(page)).to_have_text("180 selected")
    legend.get_by_role("button").nth(1).click(modifiers=["Control"])
    expect(status(page)).to_have_text("120 selected")
    page.get_by_role("button", name="Isolate").click()
    page.wait_for_function("() => location.hash.includes('only=is')")
    page.reload()
    expect(status(page)).to_have_text(f"Showing 120 of {COUNT}")
    page.get_by_role("button", name="Show all").click()
    legend.get_by_role("switch", name="Draw 🙂").press("Enter")
    expect(status(page)).to_contain_text(f"Showing 240 of {COUNT}")
    assert page.locator("main i i").count() == 0  # labels are text, whatever they hold


def test_names_labels_and_bookmarks(server: Cupola, visit: Visit) -> None:
    page = open_page(visit, server, "selected=is(odd,nan)&point=3")
    expect(status(page)).to_have_text("60 selected")
    page.get_by_role("button", name="More", exact=True).last.click()
    page.get_by_role("button", name="Name the selection").click()
    page.get_by_role("dialog").get_by_role("textbox").fill("no numbers")
    page.get_by_role("dialog").get_by_role("button", name="Keep").click()
    page.get_by_role("button", name="More", exact=True).last.click()
    page.get_by_role("button", name="Edit labels").click()
    page.get_by_role("dialog").get_by_role("combobox").first.select_option("odd")
    page.get_by_role("dialog").get_by_role("combobox").last.fill("gone")
    page.get_by_role("dialog").get_by_role("button", name="Apply").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download metadata.tsv").click()
    lines = Path(download.value.path()).read_text().splitlines()
    assert lines[5].split("\t")[1] == "gone" and len(lines) == COUNT + 1
    page.get_by_role("button", name="Undo edits").click()
    page.get_by_text("Bookmarks", exact=True).click()
    page.get_by_role("button", name="Add bookmark").click()
    page.get_by_role("dialog").get_by_role("textbox").first.fill("here")
    page.get_by_role("dialog").get_by_role("button", name="Keep").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download", exact=True).click()
    (state,) = json.loads(Path(download.value.path()).read_text())
    assert state["dataSetDimensions"] == [COUNT, 4]
    assert state["selectedPoints"] == list(range(4, COUNT, 5))
    assert state["pcaComponentDimensions"] == [0, 1] and state["cameraDef"]["orthographic"] is True
    page.get_by_role("button", name="Clear", exact=True).click()
    page.reload()
    page.get_by_role("button", name="no numbers 60").click()
    expect(status(page)).to_have_text("60 selected")
    page.get_by_role("button", name="Clear", exact=True).click()
    page.get_by_role("button", name="here", exact=True).click()
    expect(status(page)).to_have_text("60 selected")
    expect(page.get_by_role("region", name="Point 3", exact=True)).to_be_visible()


def test_another_run_is_announced_and_not_shown(
    tmp_path: Path, cupola: Callable[..., Cupola], visit: Visit
) -> None:
    embedding(np.eye(4), None, None, 0, "t").write(tmp_path / "m")
    page = open_page(visit, cupola(tmp_path))
    embedding(np.ones((9, 4)), None, None, 0, "t").write(tmp_path / "a first")
    expect(page.get_by_text("Run a first has an embedding now.")).to_be_visible()
    expect(page.locator("[data-drawn]")).to_have_attribute("aria-label", re_points(4))
    page.locator("[data-drawn]").press("0")
    page.wait_for_function("() => location.hash.includes('run=m')")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("[data-drawn]")).to_have_attribute("aria-label", re_points(9))


def re_points(count: int) -> re.Pattern[str]:
    return re.compile(f"^{count} points")
