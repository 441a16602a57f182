"""cupola in a real JupyterLab: below a cell, by its proxy, in its launcher, and where none can be shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from .jupyter import JupyterLab, export, run_cell
from .logs import write

if TYPE_CHECKING:
    from playwright.sync_api import Browser, FrameLocator, Locator, Page

pytest.importorskip("jupyterlab")
pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

HUB = "hub.example"
ARGUMENTS = [f"--host-resolver-rules=MAP {HUB} 127.0.0.1"]
CARD = "[data-card='train/loss'] canvas"
IDLE = "Python 3 (ipykernel) | Idle"
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
    page.get_by_text(IDLE).wait_for(timeout=60_000)


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


IMAGE = "data:image/svg+xml;base64,"
CHART = "import cupola\ncupola.show('logs', tag='train/loss')"


def read_at(page: Page, output: Locator, part: float) -> tuple[int, float]:
    """(step, value) that the chart says where the pointer stands, so far from its left edge."""
    box = output.get_by_role("application").bounding_box()
    assert box
    page.mouse.move(box["x"] + part * box["width"], box["y"] + box["height"] / 2)
    tooltip = output.locator(".tooltip")
    found = re.match(r"step ([\d,]+)\s+(?:\.|train)?\s*([\d.]+)", tooltip.inner_text())
    assert found, tooltip.inner_text()
    return int(found[1].replace(",", "")), float(found[2])


def test_a_chart_of_its_own_answers_to_pointer_and_keys(lab: JupyterLab, page: Page):
    open_notebook(page, lab.write("f.ipynb", CHART))
    output = run_cell(page, 0)
    chart = output.get_by_role("application", name="train/loss")
    chart.wait_for()
    assert not output.locator("img").is_visible()
    step, value = read_at(page, output, 0.5)
    assert 20 < step < 80 and value == pytest.approx(1 - step / 200)
    # Drawn as a box, the left half is shown alone; finer steps lie under the same places.
    box = chart.bounding_box()
    assert box
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 0.2 * box["width"], y)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.4 * box["width"], y, steps=4)
    page.mouse.up()
    output.get_by_role("button", name="Fit to data").wait_for()
    near, _ = read_at(page, output, 0.5)
    assert near < step
    page.mouse.dblclick(box["x"] + 0.5 * box["width"], y)
    output.get_by_role("button", name="Fit to data").wait_for(state="detached")
    output.locator(".tooltip", has_text=f"step {step}").wait_for()
    page.mouse.move(0, 0)
    chart.focus()
    page.keyboard.press("Home")
    output.locator("[aria-live]", has_text="step 0, .: 1").wait_for()


def choose_theme(page: Page, name: str) -> None:
    page.locator(".lm-MenuBar-item", has_text="Settings").click()
    for text in ("Theme", name):
        page.locator(".lm-Menu-item").get_by_text(text, exact=True).click()


def test_a_chart_is_as_dark_as_the_notebook(lab: JupyterLab, page: Page):
    open_notebook(page, lab.write("g.ipynb", CHART))
    chart = run_cell(page, 0).locator("figure")
    chart.wait_for()
    color = "element => getComputedStyle(element).color"
    light = chart.evaluate(color)
    choose_theme(page, "JupyterLab Dark")
    page.wait_for_function("document.body.dataset.jpThemeLight === 'false'")
    page.wait_for_function(
        "([e, light]) => getComputedStyle(e).color !== light", arg=[chart.element_handle(), light]
    )
    choose_theme(page, "JupyterLab Light")


def test_an_exported_notebook_keeps_the_chart_as_an_image(lab: JupyterLab, page: Page):
    """Run by nbconvert, and as JupyterLab saved it."""
    lab.write("h.ipynb", CHART)
    assert IMAGE in export(lab.folder / "h.ipynb", "--execute")
    open_notebook(page, lab.write("i.ipynb", CHART))
    run_cell(page, 0).get_by_role("application").wait_for()
    page.keyboard.press("Control+s")
    page.wait_for_timeout(1500)
    text = export(lab.folder / "i.ipynb")
    assert IMAGE in text and "jupyter.widget-view" not in text


def test_a_chart_without_its_kernel_is_the_image(lab: JupyterLab, page: Page):
    open_notebook(page, lab.write("j.ipynb", CHART))
    run_cell(page, 0).get_by_role("application").wait_for()
    page.keyboard.press("Control+s")
    page.wait_for_timeout(1500)
    lab.end_kernels()
    page.goto(f"{lab.address}/tree/j.ipynb?reset")
    output = page.locator(".jp-Notebook-cell").first.locator(".jp-OutputArea")
    output.get_by_role("img", name="'train/loss', 1 run, 101 points").wait_for(timeout=60_000)
    assert "rror" not in output.inner_text()
    page.get_by_text(IDLE).wait_for(timeout=60_000)
    output = run_cell(page, 0)  # and is alive again
    output.get_by_role("application").wait_for()
    assert not output.locator("img").is_visible()
