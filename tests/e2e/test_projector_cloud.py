"""How the projector's cloud is drawn: with WebGL and without, images of what is in view, the wheel, NaN."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, Request, expect

from cupola.plugins.projector.encode import embedding

from .conftest import Cupola
from .test_projector import Visit, open_page, pixels

WEBGL = True

NO_WEBGL = (
    "const get = HTMLCanvasElement.prototype.getContext;"
    "HTMLCanvasElement.prototype.getContext = function (kind, options) {"
    " return kind.startsWith('webgl') ? null : get.call(this, kind, options); }"
)
COUNT = 300


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cupola]:
    """One for all tests here: `digits` (pictures on black), `walk` (lines), `nothing` (NaN alone), `broken`
    (a sprite that is none).
    """
    logdir = tmp_path_factory.mktemp("cloud")
    generator = np.random.default_rng(0)
    matrix = (generator.standard_normal((COUNT, 4)) * [6, 3, 1, 0.3]).astype(np.float32)
    target = np.arange(COUNT) % 3
    pictures = np.zeros((COUNT, 1, 12, 12))
    pictures[:, 0, 3:9, 5:7] = 1
    pictures[target == 1, 0, 5:7, 3:9] = 1
    embedding(matrix, target, pictures, 1, "e").write(logdir / "digits")
    embedding(matrix, target, pictures, 1, "e").write(logdir / "broken")
    next((logdir / "broken").rglob("sprite.png")).write_bytes(b"no image")
    rows = [(f"w{i // 100}", str(i + 1) if i % 100 < 99 else "") for i in range(COUNT)]
    walk = np.cumsum(generator.standard_normal((COUNT, 4)), axis=0)
    embedding(walk, rows, None, 1, "e", ["walk", "__next__"]).write(logdir / "walk")
    embedding(np.full((9, 3), np.nan), range(9), None, 1, "e").write(logdir / "nothing")
    cupola = Cupola(logdir)
    yield cupola
    cupola.stop()


def shown(visit: Visit, server: Cupola, view: str, webgl: bool, **options: Any) -> Page:
    page = visit("about:blank", viewport={"width": 960, "height": 600}, **options)
    if not webgl:
        page.add_init_script(NO_WEBGL)
    page.goto(f"{server.address}#projector?{view}")
    expect(page.locator("[data-drawn]")).to_be_visible()
    page.wait_for_timeout(900)  # the images come when the camera rests
    return page


@pytest.mark.parametrize(
    "view",
    [
        "run=digits&draw=points",
        "run=digits&draw=ink",
        "run=digits&draw=images",
        "run=digits&draw=density",
        "run=walk",
        "run=walk&draw=names",
    ],
)
def test_without_webgl_the_picture_is_the_same(server: Cupola, visit: Visit, view: str) -> None:
    """Pixel by pixel but for edges: few differ, and the picture as a whole does not."""
    first, second = (
        pixels(shown(visit, server, f"{view}&labels=off&plane=1", webgl))[:-60] for webgl in (True, False)
    )
    painted = (np.abs(first - first[2, 2]).max(axis=2) > 40).sum()
    assert painted > 500
    differ = (np.abs(first - second).max(axis=2) > 90).sum()
    assert differ < 0.12 * painted, (differ, painted)
    assert np.abs(first.mean(axis=(0, 1)) - second.mean(axis=(0, 1))).max() < 2


def test_no_image_is_asked_for_that_is_not_drawn(server: Cupola, visit: Visit) -> None:
    asked: list[list[int]] = []

    def note(request: Request) -> None:
        assert not re.search(r"api/projector/sprite\?", request.url), "the whole sprite"
        if "sprite/tiles" in request.url:
            asked.append(json.loads(request.post_data or "{}")["indices"])

    page = visit("about:blank")
    page.on("request", note)
    page.goto(f"{server.address}#projector?run=digits&draw=points")
    expect(page.locator("[data-drawn]")).to_be_visible()
    page.wait_for_timeout(900)
    assert [len(indices) for indices in asked] == [16]  # what kind of images there are
    page.get_by_role("radio", name="ink").click()
    page.wait_for_timeout(900)
    assert sorted(index for indices in asked[1:] for index in indices) == list(range(COUNT))  # each once


@pytest.mark.parametrize("flat", [0, 1])
def test_the_wheel_never_ends_in_the_void(server: Cupola, visit: Visit, flat: int) -> None:
    page = shown(visit, server, f"run=digits&draw=points&labels=off&plane={flat}", True)
    box = page.locator("[data-drawn]").bounding_box()
    assert box
    page.mouse.move(box["x"] + 0.2 * box["width"], box["y"] + 0.2 * box["height"])  # beside the cloud
    for _ in range(40):
        page.mouse.wheel(0, -100)
    page.wait_for_timeout(700)
    expect(page.get_by_text("Nothing in view")).to_have_count(0)
    image = pixels(page)
    assert (np.abs(image - image[2, 2]).max(axis=2) > 40).sum() > 20


def test_where_nothing_is_in_view_there_is_a_way_back(server: Cupola, visit: Visit) -> None:
    page = shown(visit, server, "run=digits&draw=points&view=0,0,9,9,9,9", True)
    expect(page.get_by_text("Nothing in view")).to_be_visible()
    page.get_by_role("button", name="0 resets the view").click()
    expect(page.get_by_text("Nothing in view")).to_have_count(0)


@pytest.mark.parametrize("webgl", [True, False])
def test_points_without_numbers_are_nowhere(server: Cupola, visit: Visit, webgl: bool) -> None:
    page = shown(visit, server, "run=nothing", webgl)
    expect(page.get_by_text("No point of this embedding has finite numbers")).to_be_visible()
    image = pixels(page)[60:-60]
    coloured = image.max(axis=2) - image.min(axis=2) > 40
    assert not coloured.any()


def test_a_broken_sprite_hides_nothing_else(server: Cupola, visit: Visit) -> None:
    page = open_page(visit, server, "run=broken", allow=("422",))
    expect(page.get_by_text("is no image that can be read")).to_be_visible()
    expect(page.get_by_role("radio", name="ink")).to_have_count(0)
    image = pixels(page)
    assert (image.max(axis=2) - image.min(axis=2) > 40).sum() > 300
