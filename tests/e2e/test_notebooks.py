"""cupola in a real JupyterLab: below a cell, by its proxy, in its launcher, and where none can be shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from .jupyter import JupyterLab, run_cell
from .logs import write

if TYPE_CHECKING:
    from playwright.sync_api import Browser, FrameLocator, Page

pytest.importorskip("jupyterlab")
pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

HUB = "hub.example"
ARGUMENTS = [f"--host-resolver-rules=MAP {HUB} 127.0.0.1"]
CARD = "[data-card='train/loss'] canvas"
SHOW = "%load_ext cupola\n%cupola --logdir logs --port 0 --height 500"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterLab]:
    folder = tmp_path_factory.mktemp("lab")
    write(folder / "logs", {"train/loss": [(i, 1 - i / 200) for i in range(101)]})
    server = JupyterLab(folder, "/user/ada/")
    yield server
    server.stop()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="en-US")
    yield context.new_page()
    context.close()


def open_notebook(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=60_000)


def see_chart(frame: FrameLocator) -> None:
    frame.locator(CARD).first.wait_for(timeout=20_000)


def test_the_page_stands_below_the_cell(lab: JupyterLab, page: Page):
    open_notebook(page, lab.write("a.ipynb", SHOW, "%cupola"))
    output = run_cell(page, 0)
    see_chart(output.frame_locator("iframe"))
    frame = output.locator("iframe")
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/@[\w-]{32}/", frame.get_attribute("src") or "")
    box = frame.bounding_box()
    assert box and box["height"] == 500 and box["width"] > 700
    assert re.search(
        rf"port \d+: {re.escape(str(lab.folder))}/logs \(started", run_cell(page, 1).inner_text()
    )
    output = run_cell(page, 0)
    output.get_by_text("runs already on port").wait_for()
    see_chart(output.frame_locator("iframe"))


def test_where_only_jupyter_is_reached_the_page_comes_through_its_proxy(lab: JupyterLab, page: Page):
    """As behind JupyterHub: another host name, whose ports lead nowhere, and a base URL."""
    page.route(re.compile(r"^http://(hub\.example|localhost):\d+/@"), lambda route: route.abort())
    open_notebook(page, lab.write("b.ipynb", SHOW).replace("127.0.0.1", HUB).replace("localhost", HUB))
    output = run_cell(page, 0)
    see_chart(output.frame_locator("iframe"))
    source = output.locator("iframe").get_attribute("src") or ""
    assert re.fullmatch(rf"http://{HUB}:\d+/user/ada/proxy/\d+/@[\w-]{{32}}/", source)


def test_the_launcher_opens_it_in_a_tab(lab: JupyterLab, page: Page):
    page.goto(f"{lab.address}?reset".replace("127.0.0.1", HUB))
    page.locator(".jp-LauncherCard", has_text="cupola").click(timeout=60_000)
    see_chart(page.frame_locator("iframe[src*='/user/ada/cupola/']"))
    page.goto(f"{lab.address.removesuffix('lab')}cupola/")  # and by its address
    page.locator(CARD).first.wait_for(timeout=20_000)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("%cupola --logdri logs", "did you mean --logdir?"),
        ("%cupola logs --port JUPYTERS", "choose another --port"),
        ("%cupola --logdir losg --port 0", "does not exist yet; waiting for it (there is"),
    ],
)
def test_mistakes_are_told_below_the_cell(lab: JupyterLab, page: Page, line: str, told: str):
    line = line.replace("JUPYTERS", lab.address.split(":")[2].partition("/")[0])
    open_notebook(page, lab.write("c.ipynb", f"%load_ext cupola\n{line}"))
    output = run_cell(page, 0)
    output.get_by_text(told).wait_for()
    assert "Traceback" not in output.inner_text()


def test_when_the_kernel_has_ended_a_sentence_stands_there(lab: JupyterLab, page: Page):
    open_notebook(page, lab.write("d.ipynb", SHOW, "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"))
    see_chart(run_cell(page, 0).frame_locator("iframe"))
    page.keyboard.press("Control+s")
    page.locator(".jp-Notebook-cell").nth(1).locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    page.get_by_text("Kernel Restarting").wait_for(timeout=30_000)
    page.goto(f"{lab.address}/tree/d.ipynb?reset")
    output = page.locator(".jp-Notebook-cell").first.locator(".jp-OutputArea")
    output.get_by_text(re.compile("un the cell again")).wait_for(timeout=60_000)
    assert output.locator("iframe").count() == 0


def test_an_untrusted_copy_says_so(lab: JupyterLab, page: Page):
    name = "e.ipynb"
    open_notebook(page, lab.write(name, SHOW))
    see_chart(run_cell(page, 0).frame_locator("iframe"))
    page.keyboard.press("Control+s")
    page.wait_for_timeout(1500)
    text = (lab.folder / name).read_text("utf-8")
    (lab.folder / "copy.ipynb").write_text(text.replace("Run the cell again", "RUN the cell again"), "utf-8")
    page.goto(f"{lab.address}/tree/copy.ipynb?reset")
    page.get_by_text(re.compile("RUN the cell again to see it")).wait_for(timeout=60_000)
