"""The tutorial's logs, looked at as its reader would: each of the five pages, in Chromium and in Firefox."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from skimage.data import chelsea
from tests.support.examples import logged_by

from cupola import SummaryWriter

from .firefox import look_in_firefox

WEBGL = True

Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def logs() -> Path:
    return logged_by("tutorial.py", "--batches", "61")


@pytest.fixture
def address(logs: Path, cupola: Callable[..., Any]) -> str:
    return str(cupola(logs).address)


def card(page: Page, tag: str) -> Any:
    return page.locator(f"[data-card={json.dumps(tag)}]").first


def test_scalars_show_the_curves_last_value(address: str, visit: Visit) -> None:
    page = visit(f"{address}#scalars?smoothing=0")
    expect(card(page, "data/x").locator(".note")).to_have_text(re.compile(r"^0\.00725\d$"))  # 100 / 1.1**100
    runs = page.locator("[data-run]")
    expect(runs).to_have_count(4)
    assert {run.get_attribute("data-run") for run in runs.all()} == {
        ".",
        *(f"data_data_group_{key}" for key in ("x", "y", "loss")),
    }


def test_images_show_the_cat(address: str, visit: Visit) -> None:
    page = visit(f"{address}#images")
    picture = card(page, "cat").locator("img")
    expect(picture).to_be_visible()
    found = picture.evaluate(
        """image => image.decode().then(() => {
            const canvas = document.createElement("canvas");
            const [width, height] = [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
            const context = canvas.getContext("2d");
            context.drawImage(image, 0, 0);
            return [width, height, [...context.getImageData(0, 0, width, height).data]];
        })"""
    )
    width, height, pixels = found
    assert (width, height) == (224, 224)
    shown = np.array(pixels, np.float64).reshape(224, 224, 4)[..., :3]
    # The photograph's middle: 300×451, shorter side to 256, then 224×224 of it; the colours of its blocks
    # tell that it is the cat.
    side = 224 * 300 / 256
    top, left = int((300 - side) / 2), int((451 - side) / 2)
    photo = chelsea()[top : top + int(side), left : left + int(side)].astype(np.float64)
    blocks = [
        np.array(
            [[part.mean((0, 1)) for part in np.array_split(row, 8, 1)] for row in np.array_split(image, 8, 0)]
        )
        for image in (shown, photo)
    ]
    assert np.abs(blocks[0] - blocks[1]).max() < 8


def test_histograms_show_both_tags(address: str, visit: Visit) -> None:
    page = visit(f"{address}#histograms")
    for tag in ("his/x", "his/y"):
        expect(card(page, tag).locator("canvas").first).to_be_visible()
        expect(card(page, tag)).to_contain_text("99")


def test_graphs_show_the_modules_and_their_parameters(address: str, visit: Visit) -> None:
    page = visit(f"{address}#graphs")
    expect(page.locator("body")).to_contain_text("138,357,544")
    page.get_by_role("button", name="Expand all").click()
    boxes = page.locator("[data-boxes]")
    expect(boxes).to_have_attribute("aria-label", re.compile("VGG16"))
    # VGG16 has 41 calls (13 convolutions, 15 ReLUs, 5 poolings, 1 average, 1 flatten, 3 linears, 2 of 3
    # dropouts at least).
    expect(boxes).to_have_attribute("data-boxes", re.compile(r"^(3[89]|[4-9]\d)$"))


def test_projector_shows_every_point_of_every_embedding(address: str, visit: Visit) -> None:
    page = visit(f"{address}#projector")
    expect(page.locator("[data-drawn]")).to_have_attribute("data-drawn", "default:00060")
    expect(page.locator("body")).to_contain_text("200 points × 11 dimensions")
    page.locator("input[type=range]").first.focus()
    page.keyboard.press("Home")
    expect(page.locator("[data-drawn]")).to_have_attribute("data-drawn", "default:00000")


def test_a_point_appended_while_the_page_is_open_appears(
    logs: Path, tmp_path: Path, cupola: Callable[..., Any], visit: Visit
) -> None:
    logs = shutil.copytree(logs, tmp_path / "logs")
    page = visit(f"{cupola(logs).address}#scalars?smoothing=0")
    expect(card(page, "data/x").locator("canvas").first).to_be_visible()
    with SummaryWriter(logs / "later") as writer:
        writer.add_scalar("data/later", 42.5, 0)
        writer.flush()
        expect(card(page, "data/later").locator(".note")).to_have_text("42.5")
        writer.add_scalar("data/later", 43.5, 1)
        writer.flush()
        expect(card(page, "data/later").locator(".note")).to_have_text("43.5")
    shutil.rmtree(logs / "later")
    expect(card(page, "data/later")).to_have_count(0)


def test_every_page_in_firefox(address: str) -> None:
    wanted = {
        "scalars?smoothing=0": ("[data-card='data/x'] .note", r"0\.00725"),
        "images": ("[data-card='cat'] img", ""),
        "histograms": ("[data-card='his/x'] canvas", ""),
        "graphs": ("aside", "138,357,544"),
        "projector": ("[data-drawn='default:00060']", ""),
    }
    visits = [(f"{address}#{room}", selector) for room, (selector, _) in wanted.items()]
    found = look_in_firefox(*visits, timeout_s=110)
    for (room, (_, text)), seen in zip(wanted.items(), found, strict=True):
        assert seen["found"] is not None, (room, seen)
        assert re.search(text, seen["found"]), (room, seen)
        assert seen["errors"] == [], room
