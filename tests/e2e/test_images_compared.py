"""Two pictures in the large view, compared pixel by pixel."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page, expect

from .conftest import PATIENCE_MS
from .logs import Log
from .test_images import image, plain

Start = Callable[..., Any]
Visit = Callable[..., Page]


def at(page: Page, x: float, y: float) -> list[int]:
    """The colour of one pixel of the window, with all pictures there."""
    page.wait_for_function("() => [...document.images].every(image => image.complete)")
    shot = page.screenshot(clip={"x": int(x), "y": int(y), "width": 1, "height": 1})
    return list(Image.open(io.BytesIO(shot)).convert("RGB").getpixel((0, 0)))  # type: ignore[arg-type]


def expect_at(page: Page, x: float, y: float, color: list[int]) -> None:
    """Waits until a pixel of the window has a colour: pictures come when they are decoded."""
    end_s = time.monotonic() + PATIENCE_MS / 1000
    while (found := at(page, x, y)) != color:
        assert time.monotonic() < end_s, f"({x}, {y}) is {found}, wanted {color}"
        page.wait_for_timeout(50)


def test_two_pictures_are_compared(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    """Parted by a line, as |first − second| of each channel times a factor, and in turn."""
    for run, colors in {"a": [(10, 200, 30), (50, 60, 70)], "b": [(14, 190, 30)]}.items():
        log = Log(tmp_path / run)
        for step, color in enumerate(colors):
            log.value(image("x", plain(*color, (40, 30))), step)
    Log(tmp_path / "without").scalar("loss", 0, 1.0)
    address = cupola(tmp_path).address
    page = visit(address + '#images?large=["a","x"]', reduced_motion="reduce")
    view = page.get_by_role("dialog")
    choice = view.get_by_label("Compare with").first
    expect(choice.locator("option")).to_have_text(["nothing", "another step of this run", "b"])
    choice.select_option("b")
    expect(view.get_by_text("has no picture at this step: step 0")).to_be_visible()
    line = view.get_by_role("slider", name="Line between the two pictures")
    box = view.locator(".area").bounding_box()
    assert box
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    expect(view.locator(".pictures img")).to_have_count(2)
    expect_at(page, middle[0] - 30, middle[1] + 60, [50, 60, 70])
    expect_at(page, middle[0] + 30, middle[1] + 60, [14, 190, 30])
    for _ in range(3):
        line.press("ArrowRight")
    expect_at(page, middle[0] + 30, middle[1] + 60, [50, 60, 70])
    page.mouse.move(*middle)
    expect(view.locator("output")).to_have_text("x 20 y 15 #323c46 50 60 70 | #0ebe1e 14 190 30")

    view.get_by_text("Difference", exact=True).click()
    expect_at(page, *middle, [36, 130, 40])
    times = view.get_by_role("textbox", name="Times")
    times.fill("2")
    times.press("Enter")
    expect(page).to_have_url(re.compile("gain=2"))
    expect_at(page, *middle, [72, 255, 80])

    view.get_by_text("Blink", exact=True).click()
    expect_at(page, *middle, [50, 60, 70])
    view.get_by_role("button", name="Show the other picture").click()
    expect_at(page, *middle, [14, 190, 30])

    # Another step of the same run, and all of it in the address.
    choice.select_option("another step of this run")
    view.get_by_text("Difference", exact=True).click()
    expect_at(page, *middle, [80, 255, 80])
    slider = view.locator(".controls input[type=range]").first
    slider.press("End")
    expect_at(page, *middle, [0, 0, 0])
    expect(page).to_have_url(re.compile("versus=1"))
    page.reload()
    expect(view.locator(".pictures img")).to_have_count(2)
    expect_at(page, *middle, [0, 0, 0])
