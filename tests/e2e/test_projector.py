"""The projector in a real browser: what is drawn, pointed at, searched for, and grows."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, Response, expect

from cupola.plugins.projector.encode import embedding

from .firefox import look_in_firefox

WEBGL = True

Start = Callable[..., Any]
Visit = Callable[..., Page]

SPREAD = np.array([6.0, 3.0, 1.0, 0.3])


def digits(logdir: Path, step: int, count: int = 120) -> np.ndarray[Any, Any]:
    """The tutorial's call: outputs, targets, pictures. The principal axes are the dimensions in order."""
    generator = np.random.default_rng(step)
    target = np.arange(count) % 10
    matrix = generator.standard_normal((count, 4)) * SPREAD
    matrix -= matrix.mean(axis=0)
    matrix = matrix @ np.linalg.inv(np.linalg.cholesky(np.cov(matrix.T))).T * SPREAD
    pictures = np.zeros((count, 1, 12, 12))
    pictures[:, 0, 4:8, 4:8] = 1
    pictures[np.arange(count), 0, 5, 5] = 0.1 * target / 9
    embedding(matrix, target, pictures, step).write(logdir)
    return matrix


def open_page(visit: Visit, server: Any, view: str, **options: Any) -> Page:
    """The room in a small window, which software draws quickly."""
    options = {"viewport": {"width": 960, "height": 600}, **options}
    return visit(f"{server.address}#projector?{view}", **options)


def pixels(page: Page) -> np.ndarray[Any, Any]:
    """What is seen of the cloud, as height×width×3."""
    page.mouse.move(1, 1)
    shot = page.locator("[data-drawn]").screenshot()
    return np.asarray(Image.open(io.BytesIO(shot)).convert("RGB")).astype(int)


def near(image: np.ndarray[Any, Any], color: str) -> int:
    """How many pixels have about this CSS colour."""
    wanted = [int(part) for part in re.findall(r"\d+", color)]
    return int((np.abs(image - wanted).max(axis=2) < 40).sum())


def place(
    page: Page, matrix: np.ndarray[Any, Any], index: int, axes: tuple[int, int] = (0, 1)
) -> tuple[float, float]:
    """Where in the window the flat view draws a point."""
    box = page.locator("[data-drawn]").bounding_box()
    assert box
    flat = matrix[:, list(axes)] - matrix[:, list(axes)].mean(axis=0)
    x, y = flat[index] / np.linalg.norm(flat, axis=1).max() * min(box["width"], box["height"]) / 2 / 1.06
    return box["x"] + box["width"] / 2 + x, box["y"] + box["height"] / 2 - y


@pytest.fixture
def logdir(tmp_path: Path) -> Path:
    for step in (0, 30):
        digits(tmp_path / "run", step)
    return tmp_path


def test_the_tutorials_cloud(logdir: Path, cupola: Start, visit: Visit) -> None:
    page = open_page(visit, cupola(logdir), "")
    stage = page.locator("[data-drawn='default:00030']")
    expect(stage).to_have_attribute(
        "aria-label", re.compile("^120 points of run/default:00030 on PCA 1, PCA 2, PCA 3")
    )
    expect(page.get_by_text("120 points × 4 dimensions")).to_be_visible()
    expect(page.get_by_role("radio", name="ink")).to_be_checked()
    legend = page.get_by_role("list", name="label: 10 values").get_by_role("button")
    expect(legend).to_have_count(10)
    page.get_by_role("radio", name="none").click()
    for drawing in ("points", "ink", "images"):
        page.get_by_role("radio", name=drawing, exact=True).last.click()
        page.wait_for_timeout(400)
        image = pixels(page)
        for at in (0, 4, 9):
            color = legend.nth(at).locator("i").evaluate("e => getComputedStyle(e).backgroundColor")
            assert near(image, color) > 40, (drawing, at)
    assert near(image, "0 0 0") > 1000  # the images' own background
    variance = page.get_by_role("combobox", name="X").locator("option").first
    expect(variance).to_have_text(re.compile("PC 1 · (7[0-9]|8[0-9]) %"))


def test_a_point_shows_what_it_is_and_what_is_near(logdir: Path, cupola: Start, visit: Visit) -> None:
    matrix = digits(logdir / "run", 60)
    page = open_page(visit, cupola(logdir), "plane=1&draw=points&distance=euclidean&neighbours=5")
    expect(page.locator("[data-drawn='default:00060']")).to_be_visible()
    index = int(np.argmax(np.linalg.norm(matrix[:, :2], axis=1)))
    page.mouse.move(*place(page, matrix, index))
    expect(page.locator(".tooltip")).to_contain_text(str(index % 10))
    page.mouse.down()
    page.mouse.up()
    card = page.get_by_role("region", name=f"Point {index}", exact=True)
    expect(card.get_by_role("heading")).to_have_text(str(index % 10))
    listed = page.get_by_role("list", name="Nearest neighbours").get_by_role("listitem")
    expect(listed).to_have_count(5)
    away = np.linalg.norm(matrix - matrix[index], axis=1)
    wanted = np.sort(away)[1:6]
    shown = [float(text) for text in listed.locator("small").all_inner_texts()]
    assert shown == pytest.approx(wanted, rel=6e-3)
    page.get_by_role("radio", name="cosine").click()
    cosine = 1 - (matrix @ matrix[index]) / np.linalg.norm(matrix, axis=1) / np.linalg.norm(matrix[index])
    expect(listed.locator("small").last).to_have_text(re.compile(f"{np.sort(cosine)[5]:.3g}"[:4]))
    page.wait_for_function("() => !location.hash.includes('distance=')")  # written a few times a second
    page.reload()
    expect(page.get_by_role("region", name=f"Point {index}", exact=True)).to_be_visible()
    expect(page.get_by_role("radio", name="cosine")).to_be_checked()


def test_search_isolate_and_box(logdir: Path, cupola: Start, visit: Visit) -> None:
    matrix = digits(logdir / "run", 60)
    page = open_page(visit, cupola(logdir), "plane=1&draw=points&labels=off")
    status = page.locator("main").get_by_role("status")
    search = page.get_by_role("textbox", name="Search")
    search.fill("^[37]$")
    expect(status).to_have_text("0 found")
    page.get_by_role("button", name="Regular expression").click()
    expect(status).to_have_text("24 found")
    search.fill("(")
    expect(search).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("“(” is never closed")).to_be_visible()
    expect(status.filter(has_text="found")).to_have_text("24 found")  # the last expression that was one
    search.fill("3")
    page.get_by_role("button", name="Isolate").click()
    expect(status).to_have_text("Showing 12 of 120")
    page.wait_for_function("() => location.hash.includes('only=')")
    page.reload()
    expect(status).to_have_text("Showing 12 of 120")
    page.get_by_role("button", name="Show all").click()
    page.get_by_text("Clear", exact=True).click()
    page.wait_for_timeout(500)
    box = page.locator("[data-drawn]").bounding_box()
    assert box
    page.keyboard.down("Shift")
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] - 80, steps=4)
    page.mouse.up()
    page.keyboard.up("Shift")
    left = sum(place(page, matrix, i)[0] < box["x"] + box["width"] / 2 for i in range(120))
    expect(status).to_have_text(re.compile(r"^\d+ selected$"))
    assert abs(int(status.inner_text().split()[0]) - left) <= 2
    page.get_by_role("list", name="label: 10 values").get_by_role("button").nth(3).click()
    expect(status).to_have_text("12 selected")


def test_a_new_step_appears_and_is_followed(logdir: Path, cupola: Start, visit: Visit) -> None:
    page = open_page(visit, cupola(logdir), "")
    expect(page.locator("[data-drawn='default:00030']")).to_be_visible()
    digits(logdir / "run", 60, count=50)
    expect(page.locator("[data-drawn='default:00060']")).to_have_attribute(
        "aria-label", re.compile("^50 points")
    )
    page.get_by_role("slider", name="step").press("Home")
    expect(page.locator("[data-drawn='default:00000']")).to_be_visible()
    digits(logdir / "run", 90)
    expect(page.get_by_role("slider", name="step")).to_have_attribute("max", "3")
    expect(page.locator("[data-drawn='default:00000']")).to_be_visible()
    digits(logdir / "run", 0, count=40)
    expect(page.locator("[data-drawn='default:00000']")).to_have_attribute(
        "aria-label", re.compile("^40 points")
    )


def test_keys_turn_zoom_choose_and_step(logdir: Path, cupola: Start, visit: Visit) -> None:
    page = open_page(visit, cupola(logdir), "")
    stage = page.locator("[data-drawn='default:00030']")
    stage.focus()
    before = pixels(page)
    for key in ("ArrowLeft", "ArrowUp", "+", "Shift+ArrowRight"):
        stage.press(key)
    page.wait_for_function("() => /view=[^&]/.test(location.hash)")
    assert (pixels(page) != before).any()
    stage.press("0")
    page.wait_for_function("() => !location.hash.includes('view=')")
    stage.press("Enter")
    expect(page.get_by_role("region", name=re.compile("^Point"))).to_be_visible()
    stage.press("Escape")
    expect(page.get_by_role("region", name=re.compile("^Point"))).to_have_count(0)
    stage.press("PageDown")
    expect(page.locator("[data-drawn='default:00000']")).to_be_visible()


def pose(page: Page) -> list[float]:
    """Yaw, pitch, zoom and target, which the address has once the camera rests."""
    page.wait_for_timeout(600)
    found = re.search(r"view=([^&]*)", page.evaluate("() => decodeURIComponent(location.hash)"))
    return [float(part) for part in found[1].split(",")] if found else [-0.55, 0.4, 1, 0, 0, 0]


def drag(page: Page, x: float, y: float, button: Any = "left") -> None:
    """From the middle of the cloud, by so many pixels."""
    box = page.locator("[data-drawn]").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down(button=button)
    page.mouse.move(box["x"] + box["width"] / 2 + x, box["y"] + box["height"] / 2 + y, steps=3)
    page.mouse.up(button=button)


def test_the_mouse_turns_moves_and_zooms(logdir: Path, cupola: Start, visit: Visit) -> None:
    page = open_page(visit, cupola(logdir), "draw=points")
    expect(page.locator("[data-drawn='default:00030']")).to_be_visible()
    page.wait_for_timeout(300)
    drag(page, 100, 0)
    turned = pose(page)
    assert turned[0] < -0.8 and turned[1] == pytest.approx(0.4, abs=0.01)
    assert turned[2:] == pytest.approx([1, 0, 0, 0], abs=0.01)
    drag(page, 0, 50, "right")
    moved = pose(page)
    assert moved[:3] == pytest.approx(turned[:3], abs=0.01)
    assert np.linalg.norm(moved[3:]) > 0.1
    page.mouse.wheel(0, -300)
    assert 1.4 < pose(page)[2] < 2
    assert page.get_by_role("region", name=re.compile("^Point")).count() == 0


def test_in_the_plane_the_wheel_keeps_what_is_under_the_pointer(
    logdir: Path, cupola: Start, visit: Visit
) -> None:
    matrix = digits(logdir / "run", 60)
    page = open_page(visit, cupola(logdir), "plane=1&draw=points&labels=off")
    expect(page.locator("[data-drawn='default:00060']")).to_be_visible()
    page.wait_for_timeout(300)
    index = int(np.argmax(matrix[:, 0]))
    x, y = place(page, matrix, index)
    page.mouse.move(x, y)
    for _ in range(4):
        page.mouse.wheel(0, -200)
    assert pose(page)[2] > 2
    page.mouse.click(x, y)
    expect(page.get_by_role("region", name=f"Point {index}", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    drag(page, -60, 0)
    page.mouse.click(x - 60, y)
    expect(page.get_by_role("region", name=f"Point {index}", exact=True)).to_be_visible()


def test_two_fingers_zoom_by_their_distance(logdir: Path, cupola: Start, visit: Visit) -> None:
    page = open_page(visit, cupola(logdir), "draw=points", has_touch=True)
    stage = page.locator("[data-drawn='default:00030']")
    expect(stage).to_be_visible()
    page.wait_for_timeout(300)
    box = stage.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    session = page.context.new_cdp_session(page)

    def touch(kind: str, *away: float) -> None:
        points = [{"x": x + part, "y": y, "id": at} for at, part in enumerate(away)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", -50)
    touch("touchStart", -50, 50)
    for away in (60, 80, 100):
        touch("touchMove", -away, away)
    touch("touchEnd")
    assert pose(page)[2] == pytest.approx(2, abs=0.15)
    assert page.get_by_role("region", name=re.compile("^Point")).count() == 0


def test_its_scripts_are_small(logdir: Path, cupola: Start, visit: Visit) -> None:
    """What the room needs beyond the shell's scripts, as it is sent: at most 138 kB compressed, of which 84
    kB are three.js and 20 kB the panels. Films, a second cloud, other methods than PCA, exports and dialogs
    come when they are opened.
    """
    page = visit("about:blank")
    scripts: dict[str, int] = {}

    def note(answer: Response) -> None:
        if answer.url.endswith(".js"):
            scripts[answer.url.rsplit("/", 1)[1]] = int(answer.headers["content-length"])

    page.on("response", note)
    page.goto(f"{cupola(logdir).address}#projector")
    expect(page.locator("[data-drawn='default:00030']")).to_be_visible()
    shell = "(index|page|data|Help|ShareDialog|ViewsDialog)-"
    own = {name: size for name, size in scripts.items() if not re.match(shell, name)}
    assert sum(own.values()) <= 138_000, scripts
    for part, most in (("three-", 84_000), ("panels-", 20_000)):
        assert 0 < sum(size for name, size in own.items() if name.startswith(part)) <= most, scripts
    late = "Film|film|Beside|beside|methods|export|saveSelection|Dialog|density|canvasPainter"
    assert not [name for name in own if re.match(late, name)], scripts


def test_dark_and_chinese(logdir: Path, cupola: Start, visit: Visit) -> None:
    page = open_page(visit, cupola(logdir), "point=3", locale="zh-CN", color_scheme="dark")
    expect(page.get_by_text("最近邻", exact=True)).to_be_visible()
    text = page.locator("main").inner_text()
    names = r"TSV|PCA|t-SNE|UMAP|PC \d+|label|run|default|\b[XYZ]\b"
    assert not re.findall(r"[A-Za-z]{2,}", re.sub(names, "", text)), text
    corner = pixels(page)[-5:, :5]
    assert corner.max() < 60


def test_without_webgl_it_is_drawn_all_the_same(logdir: Path, cupola: Start, visit: Visit) -> None:
    page = visit("about:blank")
    page.add_init_script(
        "const get = HTMLCanvasElement.prototype.getContext;"
        "HTMLCanvasElement.prototype.getContext = function (kind, options) {"
        " return kind.startsWith('webgl') ? null : get.call(this, kind, options); }"
    )
    page.goto(f"{cupola(logdir).address}#projector?labels=off&draw=points")
    expect(page.get_by_text("This browser gives no WebGL")).to_be_visible()
    expect(page.locator("[data-drawn]")).to_be_visible()
    color = page.get_by_role("list", name="label: 10 values").locator("i").first
    page.wait_for_timeout(300)
    assert near(pixels(page), color.evaluate("e => getComputedStyle(e).backgroundColor")) > 40


def test_in_firefox(logdir: Path, cupola: Start) -> None:
    """Debian's, headless: WebGL or not, the cloud is there."""
    address = f"{cupola(logdir).address}#projector?draw=points"
    (seen,) = look_in_firefox((address, "[data-drawn='default:00030']"))
    assert seen["errors"] == []
    assert max(seen["painted"]) > 200


def test_hostile_metadata_and_broken_files(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    rows = [("<img src=x onerror=alert(1)>", "1"), ("__proto__", "nan"), ("", "2"), ("x" * 500, "")]
    embedding(np.eye(4) + 0.1, rows, None, 1, "<b>tag", ["constructor", "__proto__"]).write(tmp_path / "good")
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "projector_config.pbtxt").write_text("embeddings {")
    page = open_page(visit, cupola(tmp_path), "labels=points&point=0", allow=("422",))
    expect(page.get_by_text("The configuration of run bad cannot be read")).to_be_visible()
    expect(page.get_by_role("heading", name="<img src=x onerror=alert(1)>")).to_be_visible()
    assert page.locator("main img, main b:not(.point b)").count() == 0
    broken = tmp_path / "good" / "00001" / "%3cb%3etag" / "tensors.bytes"
    broken.write_bytes(broken.read_bytes()[:7])
    page.reload()
    expect(page.get_by_role("alert").filter(has_text="7 bytes; wanted 4 for each of 4×4")).to_be_visible()
