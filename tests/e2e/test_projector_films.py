"""An embedding watched over its steps: played, aligned, with trails, changed neighbours, side by side."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect
from tests.support.films import training

from cupola.plugins.projector.encode import embedding

from . import axe
from .test_projector import pixels
from .test_projector_cloud import NO_WEBGL

WEBGL = True
expect.set_options(timeout=10_000)  # software draws every frame

Start = Callable[..., Any]
Visit = Callable[..., Page]

STEPS = 4
COUNT = 120
KINDS = ["alpha", "beta", "gamma"]


def log(logdir: Path, step: int, matrix: Any, run: str = "run") -> None:
    rows = [(KINDS[at % 3], f"word {at}") for at in range(len(matrix))]
    embedding(np.asarray(matrix), rows, None, step, "words", ["kind", "word"]).write(logdir / run)


@pytest.fixture
def logdir(tmp_path: Path) -> Path:
    for step, matrix in enumerate(training(STEPS, COUNT)):
        log(tmp_path, 10 * step, matrix)
    return tmp_path


def open_page(visit: Visit, address: str, query: str, **options: Any) -> Page:
    page = visit("about:blank", **{"viewport": {"width": 1100, "height": 760}, **options})
    page.goto(f"{address}#projector?draw=points&{query}")
    expect(page.locator("[data-drawn]").first).to_be_visible()
    return page


def drawn(page: Page, step: int, tag: str = "words") -> Locator:
    return page.locator(f"[data-drawn='{tag}:{step:05d}']")


def of_step(page: Page) -> str | None:
    return page.locator("[data-drawn]").first.get_attribute("data-drawn")


def settled(page: Page) -> Any:
    """What is seen of the cloud once nothing moves."""
    before = pixels(page)
    for _ in range(40):
        page.wait_for_timeout(400)
        now = pixels(page)
        if np.array_equal(before, now):
            return now
        before = now
    raise AssertionError("it does not come to rest")


def laid_out(page: Page) -> None:
    expect(page.locator("[data-film]")).to_have_attribute("data-film", "done", timeout=60_000)


def test_the_steps_play_to_the_newest_and_stop(logdir: Path, cupola: Start, visit: Visit) -> None:
    page = open_page(visit, cupola(logdir).address, "step=0&speed=8")
    page.get_by_role("button", name="Play the steps").click()
    laid_out(page)
    expect(drawn(page, 30)).to_be_visible()
    expect(page.get_by_role("button", name="Play the steps")).to_be_visible()
    expect(page).not_to_have_url(re.compile("step="))  # the newest is followed
    assert "film=1" in page.url
    summary = page.get_by_role("img", name=re.compile("120 points of run.words:00030"))
    expect(summary).to_be_visible()
    page.get_by_role("slider", name="step").first.press("Home")
    expect(drawn(page, 0)).to_be_visible()
    expect(page).to_have_url(re.compile("step=0"))


def test_it_is_played_by_keys_and_repeats(logdir: Path, cupola: Start, visit: Visit) -> None:
    page = open_page(visit, cupola(logdir).address, "film=1&step=20&speed=4&repeat=1")
    laid_out(page)
    page.locator("[data-drawn]").focus()
    page.keyboard.press("p")
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    expect(drawn(page, 30)).to_be_visible()
    expect(drawn(page, 0)).to_be_visible()
    page.keyboard.press("p")
    expect(page.get_by_role("button", name="Play the steps")).to_be_visible()


@pytest.mark.parametrize("webgl", [True, False])
def test_trails_are_drawn(logdir: Path, cupola: Start, visit: Visit, webgl: bool) -> None:
    page = visit("about:blank", viewport={"width": 1100, "height": 760})
    if not webgl:
        page.add_init_script(NO_WEBGL)
    query = "draw=points&labels=off&film=1&step=30&selected=is(kind,alpha)&size=0.25"
    page.goto(f"{cupola(logdir).address}#projector?{query}")
    laid_out(page)
    without = settled(page)
    page.get_by_text("Trails", exact=True).click()
    expect(page.get_by_role("switch", name="Trails")).to_be_checked()
    page.wait_for_timeout(1000)
    assert (np.abs(settled(page) - without).max(axis=2) > 60).sum() > 500
    page.get_by_role("slider", name="step").first.press("Home")
    expect(drawn(page, 0)).to_be_visible()
    page.wait_for_timeout(1000)
    first = settled(page)
    page.get_by_text("Trails", exact=True).click()
    page.wait_for_timeout(1000)
    assert (np.abs(settled(page) - first).max(axis=2) > 60).sum() < 50, "there is no way at the first step"


def test_points_move_steadily_and_not_at_all_where_motion_is_reduced(
    logdir: Path, cupola: Start, visit: Visit
) -> None:
    address = cupola(logdir).address
    for reduced in (False, True):
        page = open_page(
            visit,
            address,
            "film=1&step=0&speed=0.5&labels=off",
            reduced_motion="reduce" if reduced else "no-preference",
        )
        laid_out(page)
        page.wait_for_timeout(1200)
        page.get_by_role("button", name="Play the steps").click()
        expect(drawn(page, 10)).to_be_visible()
        moved = 0
        for _ in range(10):  # looks between which no step began, if it is reduced
            began, one = of_step(page), pixels(page)
            page.wait_for_timeout(400)
            moved = (np.abs(one - pixels(page)).max(axis=2) > 60).sum()
            if of_step(page) == began if reduced else moved > 200:
                break
        assert moved < 20 if reduced else moved > 200, (reduced, moved)


def test_a_film_by_tsne_is_started_by_hand_and_can_be_cancelled(
    logdir: Path, cupola: Start, visit: Visit
) -> None:
    page = open_page(visit, cupola(logdir).address, "film=1&method=tsne&plane=1&iterations=100000")
    expect(page.locator("[data-film]")).to_have_attribute("data-film", "absent")
    expect(page.locator("[data-film]").get_by_text("Takes about")).to_be_visible()
    page.get_by_role("button", name="Lay out the steps").click()
    film = page.locator("[data-film]")
    expect(film.get_by_text(re.compile("0 of 4 steps laid out · iteration"))).to_be_visible(timeout=30_000)
    film.get_by_role("button", name="Cancel").click()
    expect(film).to_have_attribute("data-film", "cancelled")
    iterations = page.get_by_label("Iterations", exact=True)
    iterations.fill("60")
    iterations.press("Enter")
    page.get_by_role("button", name="Lay out the steps").click()
    laid_out(page)
    film.get_by_text("going on").click()
    page.get_by_role("button", name="Lay out the steps").click()
    laid_out(page)


def test_a_new_step_is_added_while_the_newest_is_shown(logdir: Path, cupola: Start, visit: Visit) -> None:
    page = open_page(visit, cupola(logdir).address, "film=1")
    laid_out(page)
    expect(drawn(page, 30)).to_be_visible()
    log(logdir, 40, training(STEPS, COUNT)[-1])
    expect(drawn(page, 40)).to_be_visible(timeout=20_000)
    laid_out(page)
    page.get_by_label("Compare with").select_option(label="step 40")


def test_a_broken_step_is_said_and_skipped(logdir: Path, cupola: Start, visit: Visit) -> None:
    cut = logdir / "run/00010/words/tensors.bytes"
    cut.write_bytes(cut.read_bytes()[:3])  # not one whole row
    (logdir / "run/00020/words/tensors.bytes").unlink()
    page = open_page(visit, cupola(logdir).address, "film=1&step=0&speed=8", allow=("422", "404"))
    laid_out(page)
    page.get_by_text("2 steps are left out").click()
    expect(page.get_by_text(re.compile("Step 10: the tensor file has 3 bytes"))).to_be_visible()
    page.get_by_role("button", name="Play the steps").click()
    expect(drawn(page, 30)).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_batches_of_other_points_are_said_to_be(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    """The tutorial's: the classes are aligned, the points are others."""
    random = np.random.default_rng(0)
    for step, matrix in enumerate(training(3, count=240)):
        picked = random.permutation(240)[:120]
        embedding(matrix[picked], [f"{at % 3}" for at in picked], None, step, "words").write(tmp_path / "run")
    page = open_page(visit, cupola(tmp_path).address, "film=1&selected=is(label,1)&speed=8")
    laid_out(page)
    expect(page.get_by_text("aligned by the middles of their classes")).to_be_visible()
    page.get_by_role("button", name="Play the steps").click()
    page.wait_for_timeout(1500)
    expect(page.get_by_text(re.compile(r"^\d+ selected"))).to_be_visible()  # a label means what it says


def test_neighbours_that_changed(logdir: Path, cupola: Start, visit: Visit) -> None:
    page = open_page(visit, cupola(logdir).address, "film=1&point=7&neighbours=10&distance=euclidean")
    laid_out(page)
    page.get_by_role("radio", name="Changed").click()
    before, after = (matrix.astype(np.float32) for matrix in training(STEPS, COUNT)[-2:])

    def nearest(matrix: Any) -> set[int]:
        return {*np.argsort(np.linalg.norm(matrix - matrix[7], axis=1), kind="stable")[1:11].tolist()}

    was, now = nearest(before), nearest(after)
    for name, wanted in (("gained", now - was), ("lost", was - now), ("kept", was & now)):
        expect(page.locator(f"[data-changes={name}] li")).to_have_count(len(wanted))
    page.get_by_label("Compare with").select_option(label="the first step")
    was = nearest(training(STEPS, COUNT)[0].astype(np.float32))
    expect(page.locator("[data-changes=kept] li")).to_have_count(len(was & now))
    page.get_by_text("Neighbours kept", exact=True).click()
    expect(page.get_by_label("Colour by")).to_have_value("neighbours kept", timeout=30_000)
    expect(page.get_by_role("radio", name="numbers")).to_be_checked()
    page.get_by_text("Neighbours kept", exact=True).click()
    expect(page.get_by_label("Colour by")).to_have_value("kind")


def test_two_steps_side_by_side(logdir: Path, cupola: Start, visit: Visit) -> None:
    log(logdir, 0, training(2, 80)[0], run="other")
    page = open_page(visit, cupola(logdir).address, "run=run")
    page.get_by_role("button", name="Two side by side").click()
    pane = page.locator("[data-beside='words:00000']")
    expect(pane).to_be_visible()
    expect(pane.get_by_text("Selection linked by row")).to_be_visible()
    expect(page).to_have_url(re.compile("beside_step=0"))
    second = pane.locator("[data-drawn]")
    box = second.bounding_box()
    assert box
    plain = second.screenshot()
    page.locator("button", has_text="beta").first.click()
    page.wait_for_timeout(600)
    assert second.screenshot() != plain, "what is selected stands out in both"
    page.keyboard.press("Escape")

    # Drawing in the second cloud selects in the room.
    page.get_by_role("button", name="Clear", exact=True).click()
    page.mouse.move(box["x"] + 4, box["y"] + 4)
    page.keyboard.down("Shift")
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 4, box["y"] + box["height"] - 4, steps=4)
    page.mouse.up()
    page.keyboard.up("Shift")
    expect(page.get_by_text(f"{COUNT} selected")).to_be_visible()

    # One camera: turning one turns the other, unless they are parted.
    first = page.locator("[data-drawn='words:00030']")
    still = second.screenshot()
    first.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(500)
    assert second.screenshot() != still
    pane.get_by_text("One camera").click()
    page.wait_for_timeout(500)
    still = second.screenshot()
    first.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(500)
    assert second.screenshot() == still

    # Another run's points, which are fewer: those with the same label are linked. A reload brings all back.
    pane.get_by_label("Run", exact=True).select_option("other")
    expect(pane.get_by_text("Selection linked by row")).to_be_visible()
    expect(page).to_have_url(re.compile("beside_run=other"))
    page.reload()
    expect(page.locator("[data-beside='words:00000']").get_by_label("Run", exact=True)).to_have_value("other")
    page.get_by_role("button", name="Close", exact=True).click()
    expect(page.locator("[data-beside]")).to_have_count(0)
    assert "beside" not in page.url


@pytest.mark.parametrize(("scheme", "language"), [("light", "en-US"), ("dark", "zh-CN")])
def test_films_can_be_heard_and_read(
    logdir: Path, cupola: Start, visit: Visit, scheme: str, language: str
) -> None:
    options = {"bypass_csp": True, "color_scheme": scheme, "locale": language}
    query = "film=1&trails=1&kept=1&point=3&step=20&beside=1&beside_run=run&beside_tag=words&beside_step=0"
    page = open_page(visit, cupola(logdir).address, query, viewport={"width": 1440, "height": 900}, **options)
    laid_out(page)
    expect(page.locator("[data-beside]")).to_be_visible()
    page.get_by_role("radio", name="Changed" if language == "en-US" else "变化").click()
    expect(page.locator("[data-changes]")).to_have_count(3)
    page.wait_for_timeout(800)
    axe.load(page)
    assert axe.findings(page) == []
    if language == "zh-CN":
        text = page.locator("main").inner_text()
        names = r"TSV|PCA|PC \d+|t-SNE|UMAP|Procrustes|alpha|beta|gamma|kind|words?|run|\b[XYZ]\b"
        assert not re.findall(r"[A-Za-z]{2,}", re.sub(names, "", text)), text
