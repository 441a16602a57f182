"""The histograms room, as a person uses it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import FloatRect, Locator, Page, expect
from tensorboard.compat.proto.histogram_pb2 import HistogramProto
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.plugins.histogram.summary_v2 import histogram_pb

from .logs import Log

Start = Callable[..., Any]
Visit = Callable[..., Page]


def histogram(tag: str, values: np.ndarray[Any, Any], bins: int = 30) -> Summary.Value:
    return histogram_pb(tag, values, buckets=bins).value[0]


def card(page: Page, tag: str, nth: int = 0) -> Locator:
    return page.locator(f"[data-card={json.dumps(tag, ensure_ascii=False)}]").nth(nth)


def ink(where: Locator) -> list[list[float]]:
    """Where each twentieth of the plot's width has its darkest pixels: [share of the height, darkness]."""
    where.locator("canvas").first.wait_for()
    found: list[list[float]] = where.locator("canvas").first.evaluate(
        """async canvas => {
            await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)));
            const {width, height} = canvas, [left, right] = [0.14, 0.76];
            const pixels = canvas.getContext("2d").getImageData(0, 0, width, height).data;
            return Array.from({length: 20}, (_, part) => {
                let [sum, weight] = [0, 0];
                for (let x = Math.ceil(width * (left + (right - left) * part / 20));
                     x < width * (left + (right - left) * (part + 1) / 20); x++)
                    for (let y = Math.ceil(height * 0.03); y < height * 0.95; y++) {
                        const at = (y * width + x) * 4, [r, , b, a] = pixels.slice(at, at + 4);
                        // The ramp is blue: where blue leads red there is density.
                        const dark = a < 200 ? 0 : Math.max(0, b - r) / 255;
                        if (dark > 0.25) { sum += y / height * dark; weight += dark; }
                    }
                return [weight ? sum / weight : -1, weight];
            });
        }"""
    )
    return found


def plot(page: Page, tag: str, nth: int = 0) -> FloatRect:
    box = card(page, tag, nth).get_by_role("application").bounding_box()
    assert box
    return box


def test_one_value_a_step_is_a_curve(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    """The tutorial's case: one-element tensors, a hundred steps."""
    log = Log(tmp_path)
    for step in range(100):
        value = np.sin(step / 100 * 2 * np.pi)
        histo = HistogramProto(
            min=value, max=value, num=1, bucket_limit=[value - 0.1, value + 0.1], bucket=[0, 1]
        )
        log.value(Summary.Value(tag="his/x", histo=histo), step)
    page = visit(cupola(tmp_path).address + "#histograms")
    expect(card(page, "his/x").locator(".note")).to_have_text("step 99")
    heights = [height for height, _ in ink(card(page, "his/x"))]
    assert all(height > 0 for height in heights), "no stretch of steps is without its value"
    assert heights[5] < heights[0] < heights[15], "up first, then down"
    assert heights[9] > heights[5] and heights[9] < heights[14]


def test_hover_reads_step_bin_and_quantile(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    for run in ("a", "b"):
        log = Log(tmp_path / run)
        for step in range(11):
            log.value(histogram("w", np.linspace(0, 10, 1001), 10), step * 10)
    page = visit(cupola(tmp_path).address + "#histograms")
    box = plot(page, "w")
    page.mouse.move(box["x"] + box["width"] * 0.45, box["y"] + box["height"] * 0.45)
    tooltip = page.locator(".tooltip")
    expect(tooltip).to_contain_text("step 50")
    expect(tooltip).to_contain_text("of 1,001 (")
    expect(tooltip).to_contain_text("quantile")
    expect(card(page, "w").locator(".note")).to_have_text("step 50")
    page.mouse.move(5, 5)
    expect(tooltip).to_have_count(0)
    card(page, "w").get_by_role("application").focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    expect(card(page, "w").locator("[aria-live=polite]")).to_have_text(re.compile("^step 80, "))


def spread(page: Page, tag: str, nth: int) -> float:
    """The share of a heat map's height in which there are values, by what the pointer reads."""
    box = plot(page, tag, nth)
    edges = []
    for share in np.linspace(0.05, 0.85, 24):
        page.mouse.move(box["x"] + box["width"] * 0.45, box["y"] + box["height"] * share)
        tooltip = page.locator(".tooltip")
        if tooltip.count() and "none of" not in tooltip.inner_text():
            edges.append(share)
    return max(edges) - min(edges)


def test_runs_of_a_tag_share_the_value_axis_unless_one_would_be_a_hairline(
    tmp_path: Path, cupola: Start, visit: Visit
) -> None:
    for run, scales in [("narrow", (1.0, 1.0)), ("wide", (8.0, 1e6))]:
        log = Log(tmp_path / run)
        for step in range(5):
            for tag, scale in zip(("alike", "exploding"), scales, strict=True):
                log.value(histogram(tag, np.linspace(-scale, scale, 500)), step)
    page = visit(cupola(tmp_path).address + "#histograms")
    for tag in ("alike", "exploding"):
        expect(card(page, tag, 1).locator("canvas").first).to_be_visible()
    page.wait_for_timeout(300)
    assert spread(page, "alike", 1) > 5 * spread(page, "alike", 0)
    assert spread(page, "exploding", 0) > 0.6 and spread(page, "exploding", 1) > 0.6
    axis = page.get_by_role("radiogroup", name="Value axis")
    axis.get_by_text("own", exact=True).click()
    expect(page).to_have_url(re.compile("axis=own"))
    assert spread(page, "alike", 0) > 0.6 and spread(page, "alike", 1) > 0.6
    axis.get_by_text("shared", exact=True).click()
    expect(page).to_have_url(re.compile("axis=shared"))
    assert spread(page, "exploding", 1) > 0.6 and spread(page, "exploding", 0) < 0.1


def test_views_axes_zoom_and_address(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    rng = np.random.default_rng(1)
    log = Log(tmp_path)
    for step in range(40):
        log.value(histogram("w", rng.normal(step / 40, 0.3, 300)), step)
    page = visit(cupola(tmp_path).address + "#histograms")
    shown = card(page, "w")
    box = plot(page, "w")
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 90, steps=4)
    page.mouse.up()
    page.wait_for_url("**range=*")
    expect(page.get_by_role("button", name="All steps")).to_be_visible()
    page.get_by_role("button", name="All steps").click()
    expect(page.get_by_role("button", name="All steps")).to_have_count(0)

    page.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + 60)
    page.wait_for_url("**step=*")
    page.get_by_role("radio", name="overlay").click()
    expect(shown.locator(".note")).to_have_text("1 of 40 steps")
    page.get_by_role("radio", name="ridgeline").click()
    expect(shown.locator(".note")).to_have_text("12 of 40 steps")
    page.wait_for_url("**view=ridgeline*")
    again = visit(page.url)
    expect(card(again, "w").locator(".note")).to_have_text("12 of 40 steps")
    again.get_by_role("radio", name="relative").click()
    expect(card(again, "w").locator("canvas").first).to_be_visible()


def test_new_points_and_damage(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    log = Log(tmp_path)
    log.value(histogram("w", np.arange(10.0)), 0)
    log.value(Summary.Value(tag="bad", histo=HistogramProto(bucket_limit=[1], bucket=[1, 2])), 7)
    log.value(histogram("bad", np.arange(10.0)), 8)
    log.value(Summary.Value(tag="empty", histo=HistogramProto()), 0)
    page = visit(cupola(tmp_path).address + "#histograms")
    expect(card(page, "w").locator(".note")).to_have_text("step 0")
    expect(card(page, "bad")).to_contain_text("damaged at step 7: a histogram of 1 limits and 2 counts")
    expect(card(page, "bad").locator("canvas").first).to_be_visible()
    expect(card(page, "empty")).to_contain_text("no values")
    log.value(histogram("w", np.arange(20.0)), 5)
    expect(card(page, "w").locator(".note")).to_have_text("step 5")


def test_more_steps_than_pixels_are_summed_and_said_so(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    rng = np.random.default_rng(1)
    log = Log(tmp_path)
    edges = np.linspace(-3, 3, 21)
    for step in range(1500):
        counts, _ = np.histogram(rng.normal(0, 1, 50), edges)
        histo = HistogramProto(min=-3, max=3, num=50, bucket_limit=edges[1:], bucket=counts)
        log.value(Summary.Value(tag="w", histo=histo), step)
    page = visit(cupola(tmp_path).address + "#histograms")
    expect(card(page, "w")).to_contain_text("steps a column, summed exactly")
    expect(card(page, "w").locator(".note")).to_have_text("step 1,499")


def test_chinese_and_dark(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    Log(tmp_path).value(histogram("w", np.arange(10.0)), 0)
    page = visit(cupola(tmp_path).address + "#histograms", locale="zh-CN", color_scheme="dark")
    expect(page.get_by_role("radio", name="山脊图")).to_be_visible()
    expect(card(page, "w").locator(".note")).to_have_text("第 0 步")
