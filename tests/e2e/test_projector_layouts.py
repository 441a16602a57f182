"""The projector's layouts in a browser: t-SNE and UMAP as they converge, custom axes, their quality."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from cupola.plugins.projector.encode import embedding

WEBGL = True

Start = Callable[..., Any]
Visit = Callable[..., Page]

KINDS = ["alpha", "beta", "gamma"]


@pytest.fixture
def logdir(tmp_path: Path) -> Path:
    random = np.random.default_rng(0)
    codes = random.integers(0, 3, 500)
    matrix = random.normal(size=(3, 12))[codes] * 5 + random.normal(size=(500, 12))
    rows = [(KINDS[code], f"word {at}") for at, code in enumerate(codes)]
    embedding(matrix, rows, None, 0, "words", ["kind", "word"]).write(tmp_path / "run")
    return tmp_path


def open_page(visit: Visit, address: str, query: str, **options: Any) -> Page:
    page = visit(f"{address}#projector?{query}", **options)
    expect(page.locator("[data-drawn]")).to_be_visible()
    return page


def state(page: Page) -> Locator:
    return page.locator("[data-state]")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize("method", ["t-SNE", "UMAP"])
def test_a_layout_is_run_watched_and_kept(logdir: Path, cupola: Start, visit: Visit, method: str) -> None:
    page = open_page(visit, cupola(logdir).address, "")
    page.get_by_role("radio", name=method, exact=True).click()
    expect(state(page)).to_have_attribute("data-state", "absent")
    expect(page.get_by_text("Takes about")).to_be_visible()
    press(page, "Run")
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(state(page)).to_have_attribute("data-state", "done", timeout=60_000)
    expect(page.get_by_text("Neighbours agree on kind")).to_be_visible()
    assert float(page.locator("[data-trust]").inner_text()) > 0.8
    summary = page.get_by_role("img", name=re.compile(f"500 points of run.words.* on {method}"))
    expect(summary).to_be_visible()
    page.reload()  # what is kept is shown at once, and nothing is started
    expect(state(page)).to_have_attribute("data-state", "done")
    expect(summary).to_be_visible()
    page.get_by_label("Perplexity" if method == "t-SNE" else "Neighbours", exact=True).fill("7")
    page.keyboard.press("Enter")
    expect(state(page)).to_have_attribute("data-state", "absent")
    page.locator("summary", has_text="More").click()
    press(page, "Defaults")
    expect(state(page)).to_have_attribute("data-state", "done")


def test_it_can_be_paused_perturbed_and_cancelled(logdir: Path, cupola: Start, visit: Visit) -> None:
    page = open_page(visit, cupola(logdir).address, "method=tsne&plane=1&iterations=100000")
    press(page, "Run")
    expect(page.get_by_text(re.compile(r"[\d,]+ of 100,000 · KL"))).to_be_visible(timeout=30_000)
    press(page, "Pause")
    expect(state(page)).to_have_attribute("data-state", "paused")
    press(page, "Go on")
    expect(state(page)).to_have_attribute("data-state", "running")
    press(page, "Perturb")
    press(page, "Cancel")
    expect(state(page)).to_have_attribute("data-state", "cancelled")
    expect(page.get_by_role("button", name="Run again")).to_be_visible()


def test_custom_axes_stand_in_the_address(logdir: Path, cupola: Start, visit: Visit) -> None:
    page = open_page(visit, cupola(logdir).address, "method=axes&plane=1", allow=("422",))
    expect(page.get_by_text("Along it lie")).to_have_count(2)
    page.get_by_label(re.compile("^Y ")).select_option("analogy")
    page.get_by_role("group", name="a", exact=True).get_by_label("Points by").select_option("point")
    page.get_by_role("group", name="from", exact=True).get_by_label("Points by").select_option("pattern")
    pattern = page.get_by_role("group", name="from", exact=True).get_by_label("regex", exact=True)
    pattern.fill("^no such thing")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="no points with finite numbers")).to_have_count(1)
    pattern.fill("^(beta|gamma)$")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_text("Leads to")).to_be_visible()
    page.wait_for_function("location.hash.includes('beta')")
    page.reload()
    expect(page.get_by_text("Leads to")).to_be_visible()
    expect(
        page.get_by_role("group", name="from", exact=True).get_by_label("regex", exact=True)
    ).to_have_value("^(beta|gamma)$")


def test_a_failure_is_said_and_the_rest_stays(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    embedding(np.eye(3), ["a", "b", "c"], None, 0, "few").write(tmp_path / "run")
    page = open_page(visit, cupola(tmp_path).address, "method=umap&plane=1")
    press(page, "Run")
    expect(page.get_by_role("alert").filter(has_text="at least 4")).to_be_visible(timeout=30_000)
    page.get_by_role("radio", name="PCA").click()
    expect(page.get_by_text("of the variance")).to_be_visible()


@pytest.mark.parametrize(
    "method", ["umap", *(pytest.param(method, marks=pytest.mark.slow) for method in ("tsne", "axes"))]
)
def test_dark_and_chinese(logdir: Path, cupola: Start, visit: Visit, method: str) -> None:
    page = open_page(
        visit,
        cupola(logdir).address,
        f"method={method}&plane=1&supervise=50&supervise_by=kind",
        locale="zh-CN",
        color_scheme="dark",
    )
    if method != "axes":
        page.locator("summary", has_text="更多").click()
        press(page, "运行")
        expect(state(page)).to_have_attribute("data-state", "done", timeout=60_000)
    expect(page.get_by_text("可信度")).to_be_visible()
    text = page.locator("main").inner_text()
    names = r"TSV|Shift|PCA|PC \d+|t-SNE|UMAP|KL|alpha|beta|gamma|kind|word|words|run|\b[XYZ]\b"
    assert not re.findall(r"[A-Za-z]{2,}", re.sub(names, "", text)), text
