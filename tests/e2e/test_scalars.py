"""The scalars room, as a person uses it."""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Locator, Page, Request, expect

from cupola.columns import decode_columns

from .logs import Log, write

Start = Callable[..., Any]
Visit = Callable[..., Page]


def card(page: Page, tag: str) -> Locator:
    return page.locator(f"[data-card={json.dumps(tag, ensure_ascii=False)}]").first


def note(page: Page, tag: str) -> Locator:
    return card(page, tag).locator(".note")


def paint(page: Page, tag: str) -> dict[str, float]:
    """Where the card's base canvas has coloured (not grey) pixels: how many, and between which shares of its
    width and height.
    """
    found: dict[str, float] = (
        card(page, tag)
        .locator("canvas")
        .first.evaluate(
            """canvas => {
            const {width, height} = canvas;
            const pixels = canvas.getContext("2d").getImageData(0, 0, width, height).data;
            let [count, left, right, top, bottom] = [0, 1, 0, 1, 0];
            for (let i = 0; i < pixels.length; i += 4) {
                const [r, g, b, a] = pixels.slice(i, i + 4);
                if (a < 100 || Math.max(r, g, b) - Math.min(r, g, b) < 30) continue;
                const [x, y] = [(i / 4) % width / width, Math.floor(i / 4 / width) / height];
                count++;
                left = Math.min(left, x); right = Math.max(right, x);
                top = Math.min(top, y); bottom = Math.max(bottom, y);
            }
            return {count, left, right, top, bottom};
        }"""
        )
    )
    return found


def wait_for_paint(page: Page, tag: str) -> dict[str, float]:
    expect(card(page, tag).locator("canvas").first).to_be_visible()
    end = time.monotonic() + 5
    while (found := paint(page, tag))["count"] < 20:
        assert time.monotonic() < end, f"no line was drawn on {tag}: {found}"
        page.wait_for_timeout(50)
    return found


def drag(page: Page, tag: str, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Drags over a card's chart, places as shares of its size."""
    box = card(page, tag).locator("canvas").first.bounding_box()
    assert box
    at = [(box["x"] + box["width"] * x, box["y"] + box["height"] * y) for x, y in (start, end)]
    page.mouse.move(*at[0])
    page.mouse.down()
    page.mouse.move(*at[1], steps=4)
    page.mouse.up()


def test_a_curve_is_drawn_to_its_last_value(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    write(tmp_path, {"train/loss": [(i, 1 - i / 200) for i in range(101)], "train/flat": [(0, 0.25)]})
    page = visit(cupola(tmp_path).address + "#scalars?smoothing=0")
    expect(note(page, "train/loss")).to_have_text("0.5")
    expect(note(page, "train/flat")).to_have_text("0.25")
    found = wait_for_paint(page, "train/loss")
    # From the upper left to the lower right corner of the plot.
    assert found["left"] < 0.25 and found["right"] > 0.93
    assert found["top"] < 0.15 and found["bottom"] > 0.7
    label = card(page, "train/loss").get_by_role("application").get_attribute("aria-label")
    assert label == "Line chart of train/loss, 1 run, steps 0 to 100, last values 0.5"


def test_zoom_asks_the_server_anew_and_finds_what_buckets_hid(
    tmp_path: Path, cupola: Start, visit: Visit
) -> None:
    points = [(i, math.sin(i / 3000) + (3 if i == 10_000 else 0)) for i in range(20_000)]
    write(tmp_path / "a", {"wave": points})
    page = visit(cupola(tmp_path).address + "#scalars?smoothing=0")
    whole = wait_for_paint(page, "wave")
    assert whole["top"] < 0.2  # the one spike of 20 000 points is drawn
    with page.expect_response("**/api/scalars/data") as response:
        drag(page, "wave", (0.52, 0.02), (0.555, 0.98))
    question = json.loads(response.value.request.post_data or "")
    answer = decode_columns(response.value.body())
    low, high = question["range"]
    assert 0 < low < 10_000 < high < 20_000
    series = answer["series"][0]
    inside = [step for step in series["step"].tolist() if low <= step <= high]
    assert series["complete"] and inside == list(range(math.ceil(low), math.floor(high) + 1))
    assert 3 + math.sin(10_000 / 3000) - max(series["value"].tolist()) < 1e-4
    # Another page at the same address shows the same.
    page.reload()
    wait_for_paint(page, "wave")
    expect(card(page, "wave").get_by_label("Fit to data", exact=False)).to_have_count(1)
    box = card(page, "wave").locator("canvas").first.bounding_box()
    assert box
    page.mouse.dblclick(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_function("() => !location.hash.includes('zoom=')")


def test_a_point_written_while_one_looks_appears(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    log = Log(tmp_path / "run")
    for step in range(10):
        log.scalar("loss", step, 1.0)
    page = visit(cupola(tmp_path).address + "#scalars?smoothing=0")
    expect(note(page, "loss")).to_have_text("1")
    expect(page.locator("[data-live=live]")).to_be_visible()
    start = time.monotonic()
    log.scalar("loss", 10, 0.125)
    expect(note(page, "loss")).to_have_text("0.125")
    assert time.monotonic() - start < 2
    # So do a new tag and a new run.
    log.scalar("accuracy", 0, 0.75)
    expect(note(page, "accuracy")).to_have_text("0.75")
    write(tmp_path / "second", {"loss": [(0, 2.0)]})
    expect(page.locator("[data-run=second]")).to_be_visible()
    expect(note(page, "loss")).to_have_text("0.125 – 2")


def test_only_cards_in_view_are_asked_for(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    write(tmp_path, {f"group{i // 10}/tag{i}": [(0, 1.0), (1, float(i))] for i in range(60)})
    page = visit("about:blank")
    asked: set[str] = set()

    def note_tag(request: Request) -> None:
        if request.url.endswith("api/scalars/data"):
            asked.add(json.loads(request.post_data or "")["tag"])

    page.on("request", note_tag)
    page.goto(cupola(tmp_path).address)
    expect(note(page, "group0/tag1")).to_have_text("1")
    page.wait_for_timeout(300)
    assert "group5/tag59" not in asked and len(asked) < 40
    card(page, "group5/tag59").scroll_into_view_if_needed()
    expect(note(page, "group5/tag59")).to_have_text("59")


def test_a_hundred_runs(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    for run in range(100):
        write(tmp_path / f"sweep/lr{run}", {"loss": [(0, 1.0), (1, run / 100)]})
    page = visit(cupola(tmp_path).address + "#scalars?smoothing=0")
    count = page.locator("[data-runs-shown]")
    expect(count).to_have_text("100 runs")
    assert page.locator("[data-run]").count() < 60  # the list holds only what is seen
    expect(note(page, "loss")).to_have_text("0 – 0.99")
    wait_for_paint(page, "loss")
    box = card(page, "loss").locator("canvas").first.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + box["height"] * 0.5)
    tip = page.locator(".tooltip")
    expect(tip).to_contain_text("more")
    expect(tip.locator("tbody tr")).to_have_count(7)
    expect(tip.locator("tr.nearest")).to_have_count(1)
    search = page.get_by_label("Filter runs")
    search.fill("lr1.$")
    expect(count).to_have_text("10 of 100 runs")
    expect(note(page, "loss")).to_have_text("0.1 – 0.19")
    search.fill("lr1(")
    expect(search).to_have_attribute("aria-invalid", "true")
    search.fill("")
    page.locator("[data-run='sweep/lr7'] .name").dblclick()
    expect(count).to_have_text("1 of 100 runs")
    expect(note(page, "loss")).to_have_text("0.07")


def test_runs_are_ticked_sorted_and_coloured(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    for name, value in {"a": 0.3, "b": 0.9, "c": 0.6}.items():
        write(tmp_path / name, {"acc": [(0, 0.0), (1, value)]})
    page = visit(cupola(tmp_path).address + "#scalars?smoothing=0&order=descending")
    rows = page.locator("[data-run]")
    expect(rows.first).to_have_attribute("data-run", "b")
    assert [row.get_attribute("data-run") for row in rows.all()] == ["b", "c", "a"]
    page.get_by_label("Show b", exact=True).uncheck()
    expect(note(page, "acc")).to_have_text("0.3 – 0.6")
    page.locator("[data-run=a]").hover()
    page.get_by_role("button", name="Colour and more of a").click()
    page.get_by_label("Another colour").last.evaluate(
        "input => { input.value = '#ff00aa'; input.dispatchEvent(new Event('input', {bubbles: true})) }"
    )
    line = page.locator("[data-run=a] svg line").first
    expect(line).to_have_attribute("stroke", "#ff00aa")
    # The address, which is written a few times a second, holds it.
    expect(page).to_have_url(re.compile("ff00aa"))
    page.reload()
    expect(line).to_have_attribute("stroke", "#ff00aa")
    expect(page.locator("[data-runs-shown]")).to_have_text("2 of 3 runs")


def test_not_a_number_and_infinities_are_marked(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    values = [1.0, 2.0, math.nan, 3.0, math.inf, 2.0, -math.inf, math.nan]
    write(tmp_path, {"wild": list(enumerate(values)), "never": [(0, math.nan), (1, math.nan)]})
    page = visit(cupola(tmp_path).address + "#scalars?smoothing=0.9")
    expect(note(page, "wild")).to_have_text("NaN")
    found = wait_for_paint(page, "wild")
    assert found["count"] > 40
    card(page, "wild").hover()
    card(page, "wild").get_by_role("button", name="More").click()
    page.get_by_text("Show as table").click()
    table = card(page, "wild").locator("tbody tr")
    expect(table).to_have_count(1)
    assert [cell.inner_text() for cell in table.locator("td").all()] == ["NaN", "1", "3", "7", "8"]


def test_axes(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    write(tmp_path, {"loss": [(i * 60, 10.0 ** -(i % 5)) for i in range(60)]})
    page = visit(cupola(tmp_path).address)
    wait_for_paint(page, "loss")
    for name, axis in (("relative", "relative"), ("clock", "wall"), ("step", "step")):
        with page.expect_request("**/api/scalars/data") as request:
            page.get_by_role("radio", name=name, exact=True).click()
        assert json.loads(request.value.post_data or "")["x"] == axis
    page.get_by_role("radio", name="log", exact=True).click()
    page.wait_for_function("() => location.hash.includes('y=log')")
    wait_for_paint(page, "loss")


def test_downloads(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    write(tmp_path / "a b", {"x/y": [(i, i / 4) for i in range(5000)]})
    page = visit(cupola(tmp_path).address)
    wait_for_paint(page, "x/y")
    card(page, "x/y").hover()
    card(page, "x/y").get_by_role("button", name="More").click()
    with page.expect_download() as csv:
        page.get_by_text("CSV", exact=True).click()
    assert csv.value.suggested_filename == "a_b_x_y.csv"
    lines = Path(csv.value.path()).read_text().splitlines()
    assert lines[0] == "wall_time,step,value" and len(lines) == 5001
    with page.expect_download() as svg:
        page.get_by_text("Download SVG").click()
    text = Path(svg.value.path()).read_text()
    assert svg.value.suggested_filename == "x_y.svg"
    assert text.startswith("<svg") and "x/y" in text and "a b" in text and "<polyline" in text


def test_what_the_pointer_reads_follows_a_zoom_and_reaches_both_ends(
    tmp_path: Path, cupola: Start, visit: Visit
) -> None:
    write(tmp_path, {"loss": [(i, i / 4) for i in range(100)]})
    page = visit(cupola(tmp_path).address + "#scalars?smoothing=0")
    wait_for_paint(page, "loss")
    box = card(page, "loss").locator("canvas").first.bounding_box()
    assert box
    tip = page.locator(".tooltip")
    page.mouse.move(box["x"] + box["width"] - 1, box["y"] + 60)
    expect(tip).to_contain_text("step 99")
    page.mouse.move(box["x"] + 2, box["y"] + 60)
    expect(tip).to_contain_text("step 0")
    page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + 60)
    expect(tip).to_be_visible()
    before = tip.inner_text()
    # The pointer lies still while the chart below it becomes another one.
    page.goto(page.url + "&zoom=" + quote('["loss",[80,90],null]'))
    expect(tip).to_contain_text("step 8")
    assert tip.inner_text() != before


def test_numbers_are_read_out_as_fine_as_they_are_drawn(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    for run, last in (("a", 0.999979), ("b", 0.99998)):
        write(tmp_path / run, {"acc": [(0, 0.99993), (1, last)]})
    page = visit(cupola(tmp_path).address + "#scalars?smoothing=0")
    expect(note(page, "acc")).to_have_text("0.999979 – 0.99998")
    expect(page.locator("[data-run=a] .value")).to_have_text("0.9999790")
    expect(page.locator("[data-run=b] .value")).to_have_text("0.9999800")


def test_a_lost_connection_leaves_what_was_drawn(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    write(tmp_path, {"loss": [(i, 1 - i / 200) for i in range(101)]})
    server = cupola(tmp_path)
    page = visit(server.address + "#scalars?smoothing=0", allow=("Failed to load resource", "ERR_"))
    wait_for_paint(page, "loss")
    server.stop()
    page.get_by_role("radio", name="relative", exact=True).click()
    expect(card(page, "loss").locator(".stale")).to_be_visible()
    assert paint(page, "loss")["count"] > 20
    expect(note(page, "loss")).to_have_text("0.5")


def test_the_large_view_holds_chart_and_table_of_many_runs(
    tmp_path: Path, cupola: Start, visit: Visit
) -> None:
    for run in range(60):
        write(tmp_path / f"r{run:02}", {"loss": [(0, 1.0), (1, float(run))]})
    page = visit(cupola(tmp_path).address + "#scalars?large=loss")
    dialog = page.get_by_role("dialog", name="loss")
    expect(dialog.locator("tbody tr")).to_have_count(60)
    outer, chart = dialog.bounding_box(), dialog.locator("canvas").first.bounding_box()
    table = dialog.locator(".values").bounding_box()
    assert outer and chart and table
    assert outer["y"] < chart["y"] and chart["y"] + chart["height"] <= table["y"]
    assert table["y"] + table["height"] <= outer["y"] + outer["height"]
