"""The projector's page in a real browser with software WebGL, and TensorBoard's."""

from __future__ import annotations

import shutil
import statistics
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np
from benchmarks.bench_page import CHROMIUM, VIEWPORT, address_of, process
from numpy.typing import NDArray
from playwright.sync_api import Frame, Page, sync_playwright

PATIENCE_MS: Final = 120_000
PEER_PATIENCE_MS: Final = 45_000

COUNT_FRAMES: Final = """ms => new Promise((done) => {
  let frames = 0;
  const began = performance.now();
  const next = () => {
    frames++;
    const passed = performance.now() - began;
    if (passed < ms) requestAnimationFrame(next);
    else done((frames / passed) * 1000);
  };
  requestAnimationFrame(next);
})"""

# When the next frame after this one has begun.
DRAWN: Final = """new Promise((done) =>
  requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))))"""

# From the last event of the pointer to what it changes beside the cloud.
WATCH: Final = """([kind, selector]) => {
  window.taken_ms = new Promise((done) => {
    let began = 0;
    addEventListener(kind, () => (began = performance.now()), true);
    const seen = new MutationObserver(() => {
      if (began && document.querySelector(selector)) { seen.disconnect(); done(performance.now() - began); }
    });
    seen.observe(document.body, { childList: true, subtree: true, characterData: true, attributes: true });
  });
}"""


@contextmanager
def page_of(address: str) -> Iterator[Page]:
    """A page in a fresh profile."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    flags = [flag for flag in CHROMIUM if flag != "--disable-gpu"]
    flags += ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        page = browser.new_context(viewport=VIEWPORT, locale="en-US").new_page()
        page.set_default_timeout(PATIENCE_MS)
        if address:
            page.goto(address)
        yield page
        browser.close()


def first_picture_s(address: str, view: str) -> tuple[float, float]:
    """Seconds from opening the tab to drawn points, of a server that has computed nothing yet; bytes of the
    projector's answers.
    """
    with page_of("") as page:
        sent: list[int] = []
        page.on(
            "response",
            lambda answer: sent.append(
                int(answer.headers.get("content-length", 0)) if "/api/projector/" in answer.url else 0
            ),
        )
        page.goto(f"{address}#projector?{view}", wait_until="commit")
        page.wait_for_selector("[data-drawn]")
        return page.evaluate(DRAWN) / 1e3, sum(sent)


def turn(page: Page, x: float, y: float) -> float:
    """Frames a second while the cloud is turned."""
    rates = []
    for _ in range(3):
        page.mouse.move(x, y)
        page.mouse.down()
        page.evaluate(f"window.rate = ({COUNT_FRAMES})(3000)")
        for step in range(60):
            page.mouse.move(x + 3 * step, y + step)
        rates.append(page.evaluate("window.rate"))
        page.mouse.up()
    return statistics.median(rates)


def shot(address: str) -> float:
    """Frames a second of cupola's cloud, as points."""
    with page_of(f"{address}#projector?draw=points") as page:
        page.wait_for_selector("[data-drawn]")
        page.wait_for_timeout(3000)
        return turn(page, *middle_of(page))


def middle_of(page: Page) -> tuple[float, float]:
    box = page.locator("[data-drawn]").bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def wait_for_frame(page: Page, ending: str) -> Frame:
    """The frame of a page whose address ends so."""
    for _ in range(PATIENCE_MS // 500):
        for frame in page.frames:
            if frame.url.endswith(ending):
                return frame
        page.wait_for_timeout(500)
    raise TimeoutError(f"no frame {ending} among {[frame.url for frame in page.frames]}")


def peer_frames(matrix: NDArray[Any], folder: Path) -> float:
    """Frames a second of TensorBoard's cloud."""
    folder.mkdir()
    np.savetxt(folder / "t.tsv", matrix, "%.4g", "\t")
    (folder / "projector_config.pbtxt").write_text('embeddings { tensor_name: "t" tensor_path: "t.tsv" }\n')
    command = [sys.executable, "-m", "tensorboard.main", "--logdir", str(folder), "--port", "0"]
    with process(*command, "--host", "127.0.0.1") as child, page_of(f"{address_of(child)}#projector") as page:
        # The room is a page within a page, which says nowhere when it has computed PCA.
        room = wait_for_frame(page, "projector_binary.html")
        room.wait_for_selector("#scatter canvas", state="visible")
        page.wait_for_timeout(PEER_PATIENCE_MS)
        box = room.locator("#scatter").first.bounding_box()
        assert box
        return turn(page, box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def cloud_rows(address: str) -> tuple[float, float]:
    """Milliseconds from a movement to the tooltip, and from the end of a lasso to what it chose."""
    with page_of(f"{address}#projector?plane=1&draw=points") as page:
        page.wait_for_selector("[data-drawn]")
        page.wait_for_timeout(5000)
        x, y = middle_of(page)
        picking = []
        for step in range(7):
            page.mouse.move(x - 400, y - 380)
            page.wait_for_timeout(700)
            page.evaluate(WATCH, ["pointermove", "[role=tooltip], .tooltip"])
            page.mouse.move(x + 3 * step, y + step)
            picking.append(page.evaluate("window.taken_ms"))
        page.mouse.move(x - 300, y - 300)
        page.wait_for_timeout(500)
        page.locator("[data-drawn]").focus()
        page.keyboard.press("l")
        page.mouse.down()
        for at in ((300, -300), (300, 300), (-300, 300), (-300, -299)):
            page.mouse.move(x + at[0], y + at[1], steps=5)
        page.evaluate(WATCH, ["pointerup", "aside.point [role=status]:not(:empty)"])
        page.mouse.up()
        return statistics.median(picking), float(page.evaluate("window.taken_ms"))
