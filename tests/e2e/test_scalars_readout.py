"""What the pointer reads on a chart of scalars, against the points that were written."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from . import axe
from .logs import write

Start = Callable[..., Any]
Visit = Callable[..., Page]


def chart(page: Page, tag: str) -> Locator:
    return page.locator(f"[data-card={json.dumps(tag)}] canvas").first


def hover(page: Page, tag: str, share: float) -> None:
    box = chart(page, tag).bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] * 0.5)


def rows(tip: Locator) -> dict[str, dict[str, str]]:
    """The table by run and column."""
    return tip.evaluate(
        """tip => {
            const heads = [...tip.querySelectorAll("thead tr > *")].map((cell) => cell.textContent.trim());
            return Object.fromEntries([...tip.querySelectorAll("tbody tr")].map((row) => {
                const cells = [...row.children].map((cell) => cell.textContent.trim());
                return [cells[1], Object.fromEntries(heads.map((head, i) => [head, cells[i]]))];
            }));
        }"""
    )


def step_of(tip: Locator) -> int:
    found = re.search(r"step ([\d,]+)", tip.locator("p").first.inner_text())
    assert found
    return int(found[1].replace(",", ""))


def number(text: str) -> float:
    return float(text.replace(",", "").replace("−", "-").replace("∞", "inf"))


@pytest.fixture
def noise(tmp_path: Path) -> dict[str, np.ndarray]:
    """Two runs of far more points than pixels, one at every third step, beside a short one."""
    generator = np.random.default_rng(2)
    runs = {
        "every": np.column_stack([np.arange(9000), generator.normal(size=9000)]),
        "third": np.column_stack([np.arange(0, 9000, 3), generator.normal(size=3000)]),
        "short": np.column_stack([np.arange(10), generator.normal(size=10)]),
    }
    for run, points in runs.items():
        write(tmp_path / run, {"x": [(int(step), float(value)) for step, value in points]})
    return runs


def test_every_row_has_the_value_of_one_step(
    tmp_path: Path, noise: dict[str, np.ndarray], cupola: Start, visit: Visit
) -> None:
    page = visit(cupola(tmp_path).address + "#scalars?smoothing=0")
    chart(page, "x").wait_for()
    page.wait_for_timeout(500)
    tip = page.locator(".tooltip")
    extremes = 0
    for share in np.linspace(0.2, 0.9, 12):
        with page.expect_response("**/api/scalars/readings"):
            hover(page, "x", float(share))
        expect(tip.locator("tbody tr")).to_have_count(3)
        page.wait_for_timeout(100)
        step, table = step_of(tip), rows(tip)
        for run, points in noise.items():
            before = points[points[:, 0] <= step]
            assert abs(number(table[run]["value"]) - before[-1, 1]) < 2e-3, (run, step)
            assert number(table[run]["step"]) == before[-1, 0]
        mean, low, high = map(
            number, re.findall(r"[−\-\d.]+(?=\D|$)", table["every"]["mean [min … max]"])[:3]
        )
        assert low < mean < high
        value = number(table["every"]["value"])
        extremes += value in (low, high)
    assert extremes < 6  # a pixel of thirty points: its ends are rarely what stands at a step


def test_a_click_pins_all_rows_to_search_sort_and_copy(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    for run in range(30):
        write(tmp_path / f"sweep/lr{run}", {"loss": [(0, 1.0), (1, run / 100)]})
    page = visit(cupola(tmp_path).address + "#scalars?smoothing=0", bypass_csp=True)
    chart(page, "loss").wait_for()
    page.wait_for_timeout(300)
    hover(page, "loss", 0.9)
    tip = page.locator(".tooltip")
    expect(tip.locator("tbody tr")).to_have_count(7)
    page.mouse.down()
    page.mouse.up()
    pinned = page.get_by_role("group", name="Values at step 1")
    expect(pinned.locator("tbody tr")).to_have_count(30)
    page.mouse.move(5, 5)
    expect(pinned.locator("tbody tr .name").first).to_have_text("lr29")
    pinned.get_by_label("Order of rows").select_option("ascending")
    expect(pinned.locator("tbody tr .name").first).to_have_text("lr0")
    pinned.get_by_label("Search").fill("LR1")
    expect(pinned.locator("tbody tr")).to_have_count(11)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    pinned.get_by_role("button", name="Copy as a table").click()
    expect(pinned.get_by_role("status")).to_have_text("Copied")
    lines = page.evaluate("() => navigator.clipboard.readText()").splitlines()
    assert lines[0].split("\t")[:3] == ["run", "smoothed", "value"] and len(lines) == 12
    assert [line.split("\t")[0] for line in lines[1:3]] == ["lr1", "lr10"]
    axe.load(page)
    assert axe.findings(page) == []
    page.keyboard.press("Escape")
    expect(pinned).to_have_count(0)


def test_the_head_of_a_card_is_never_cut(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    leaf = "attention_logits_max_abs"
    tag = f"model/decoder/blocks/0/cross_attention/{leaf}"
    for run, value in (("a", 1.2345e-7), ("b", 6.789e-5)):
        write(tmp_path / run, {tag: [(0, value)], "loss": [(0, value)]})
    page = visit(cupola(tmp_path).address)
    for width, height in ((1440, 900), (1024, 700)):
        page.set_viewport_size({"width": width, "height": height})
        head = page.locator(f"[data-card={json.dumps(tag)}] header").first
        head.hover()
        for part in (head.locator(".leaf"), head.locator(".note")):
            assert part.evaluate(
                "it => it.scrollWidth <= it.clientWidth || getComputedStyle(it).overflow == 'visible'"
            )
        boxes = {name: head.locator(name).bounding_box() for name in (".leaf", ".note", ".actions")}
        assert all(boxes.values())
        for name in (".leaf", ".note"):
            box, buttons = boxes[name], boxes[".actions"]
            assert box and buttons and buttons["y"] + buttons["height"] <= box["y"] + 3


def test_names_show_letters_that_are_not_seen(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    for run in ("run\u202eabc", "run abc "):
        write(tmp_path / run, {"loss": [(0, 1.0), (1, 2.0)]})
    page = visit(cupola(tmp_path).address + "#scalars?smoothing=0")
    chart(page, "loss").wait_for()
    page.wait_for_timeout(300)
    hover(page, "loss", 0.9)
    names = page.locator(".tooltip tbody .name")
    expect(names).to_have_count(2)
    assert sorted(names.all_inner_texts()) == ["run abc␣", "run‹202E›abc"] or all(
        "␣" in text or "‹202E›" in text for text in names.all_inner_texts()
    )
