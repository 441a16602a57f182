"""The images room, as a person uses it."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from playwright.sync_api import Locator, Page, expect
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.util import tensor_util

from .logs import Log

Start = Callable[..., Any]
Visit = Callable[..., Page]


def png(array: np.ndarray[Any, Any]) -> bytes:
    out = io.BytesIO()
    Image.fromarray(array).save(out, "PNG")
    return out.getvalue()


def plain(red: int, green: int, blue: int, size: tuple[int, int] = (8, 6)) -> bytes:
    return png(np.full((size[1], size[0], 3), (red, green, blue), np.uint8))


def image(tag: str, data: bytes) -> Summary.Value:
    return Summary.Value(tag=tag, image=Summary.Image(encoded_image_string=data))


def batch(tag: str, *samples: bytes) -> Summary.Value:
    value = Summary.Value(tag=tag, tensor=tensor_util.make_tensor_proto([b"8", b"6", *samples]))
    value.metadata.plugin_data.plugin_name = "images"
    return value


def card(page: Page, tag: str, nth: int = 0) -> Locator:
    return page.locator(f"[data-card={json.dumps(tag, ensure_ascii=False)}]").nth(nth)


def pixel(where: Locator) -> list[int]:
    """The middle pixel of the picture in a card, as the browser decoded it."""
    where.locator("img").wait_for()
    found: list[int] = where.locator("img").evaluate(
        """image => {
            const canvas = document.createElement("canvas");
            const context = canvas.getContext("2d");
            context.drawImage(image, Math.floor(image.naturalWidth / 2), Math.floor(image.naturalHeight / 2),
                              1, 1, 0, 0, 1, 1);
            return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
        }"""
    )
    return found


def slider(where: Locator) -> Locator:
    return where.get_by_role("slider", name="step")


def test_steps_by_slider_keys_and_address(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    log = Log(tmp_path / "train")
    for step in range(4):
        log.value(image("colours/red", plain(50 * step, 0, 0)), step * 10)
    page = visit(cupola(tmp_path).address + "#images")
    red = card(page, "colours/red")
    expect(red.get_by_text("step 30")).to_be_visible()
    assert pixel(red) == [150, 0, 0]
    slider(red).focus()
    page.keyboard.press("ArrowLeft")
    expect(red.get_by_text("step 20")).to_be_visible()
    expect(red.locator("img")).to_have_attribute("src", re.compile(r"/image\?key="))
    page.keyboard.press("Home")
    expect(red.get_by_text("step 0", exact=True)).to_be_visible()
    expect(red.locator("img")).to_have_attribute("alt", "colours/red, train, step 0")
    assert pixel(red) == [0, 0, 0]
    red.focus()
    page.keyboard.press("ArrowRight")
    expect(red.locator("img")).to_have_attribute("alt", "colours/red, train, step 10")
    key = str(red.locator("img").get_attribute("src")).partition("key=")[2]
    page.wait_for_url(re.compile(f"at=.*{re.escape(key)}"))
    again = visit(page.url)
    expect(card(again, "colours/red").locator("img")).to_have_attribute("alt", "colours/red, train, step 10")


def test_a_new_step_appears_only_where_the_newest_was_shown(
    tmp_path: Path, cupola: Start, visit: Visit
) -> None:
    log = Log(tmp_path)
    for step in range(3):
        log.value(image("at the end", plain(0, 10 * step, 0)), step)
        log.value(image("moved back", plain(0, 0, 10 * step)), step)
    page = visit(cupola(tmp_path).address + "#images")
    end, back = card(page, "at the end"), card(page, "moved back")
    slider(back).focus()
    page.keyboard.press("Home")
    expect(back.locator("img")).to_have_attribute("alt", "moved back, ., step 0")
    log.value(image("moved back", plain(0, 0, 200)), 3)
    log.value(image("at the end", plain(0, 200, 0)), 3)
    expect(end.locator("img")).to_have_attribute("alt", "at the end, ., step 3")
    assert pixel(end) == [0, 200, 0]
    expect(slider(back)).to_have_attribute("max", "3")
    expect(back.locator("img")).to_have_attribute("alt", "moved back, ., step 0")


def test_linked_steps_move_all_cards_to_the_nearest(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    for run, every in [("a", 10), ("b", 4)]:
        log = Log(tmp_path / run)
        for step in range(0, 41, every):
            log.value(image("x", plain(step, 0, 0)), step)
    page = visit(cupola(tmp_path).address + "#images?link=1")
    first, second = card(page, "x", 0), card(page, "x", 1)
    expect(first.locator("img")).to_have_attribute("alt", "x, a, step 40")
    slider(first).focus()
    page.keyboard.press("ArrowLeft")
    expect(first.locator("img")).to_have_attribute("alt", "x, a, step 30")
    expect(second.locator("img")).to_have_attribute("alt", "x, b, step 32")
    page.wait_for_url("**step=30*")


def test_every_sample_of_a_batch_is_reached(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    samples = [plain(0, 0, 80 * i) for i in range(3)]
    Log(tmp_path).value(batch("batch", *samples), 5)
    page = visit(cupola(tmp_path).address + "#images")
    shown = card(page, "batch")
    expect(shown.get_by_text("sample 1 of 3")).to_be_visible()
    shown.get_by_role("button", name="Next sample").click()
    shown.get_by_role("button", name="Next sample").click()
    expect(shown.get_by_text("sample 3 of 3")).to_be_visible()
    assert pixel(shown) == [0, 0, 160]
    expect(shown.get_by_role("button", name="Next sample")).to_be_disabled()


def test_what_is_no_picture_says_so_and_harms_no_other(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    log = Log(tmp_path)
    log.value(image("odd/svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"), 0)
    log.value(image("odd/cut", plain(9, 9, 9)[:-20]), 0)
    log.value(Summary.Value(tag="odd/empty", image=Summary.Image(width=3)), 0)
    log.value(image("odd/__proto__", plain(1, 2, 3)), 0)
    huge = io.BytesIO()
    Image.new("1", (9000, 9000)).save(huge, "PNG")
    log.value(image("odd/huge", huge.getvalue()), 0)
    half = png(np.random.default_rng(0).integers(0, 255, (40, 40, 3), np.uint8))
    log.value(image("odd/half", half[: len(half) // 2]), 0)
    page = visit(cupola(tmp_path).address + "#images")
    expect(card(page, "odd/half")).to_contain_text("damaged: ")
    expect(card(page, "odd/svg")).to_contain_text("no picture that a browser shows")
    expect(card(page, "odd/empty")).to_contain_text("damaged: an image without bytes")
    assert pixel(card(page, "odd/__proto__")) == [1, 2, 3]
    large = card(page, "odd/huge")
    expect(large).to_contain_text("9,000 × 9,000 px, 81 megapixels")
    assert large.locator("img").count() == 0, "nothing that large is loaded unasked"
    large.get_by_role("button", name="Show it").click()
    expect(large.locator("img")).to_be_visible()


def test_large_view_zooms_and_reads_pixels(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    pixels = np.zeros((60, 80, 3), np.uint8)
    pixels[2, 5] = (160, 120, 8)
    log = Log(tmp_path)
    log.value(image("x", plain(0, 0, 0)), 0)
    log.value(image("x", png(pixels)), 1)
    page = visit(cupola(tmp_path).address + "#images")
    card(page, "x").get_by_role("button", name="Open large: x, ., step 1").click()
    view = page.get_by_role("dialog")
    picture = view.locator(".area img")
    expect(picture).to_be_visible()
    page.wait_for_function(
        "() => document.querySelector('dialog .area img').getBoundingClientRect().width > 100"
    )
    box = picture.bounding_box()
    assert box
    scale = box["width"] / 80
    assert scale == int(scale) > 5, "a small picture grows by a whole factor"
    page.mouse.move(box["x"] + 5.5 * scale, box["y"] + 2.5 * scale)
    expect(view.locator("output")).to_have_text("x 5 y 2 #a07808 160 120 8")
    page.mouse.wheel(0, -300)
    expect(view.locator("output")).to_have_text("x 5 y 2 #a07808 160 120 8")
    assert picture.bounding_box()["width"] > box["width"] * 1.5  # type: ignore[index]
    page.keyboard.press("1")
    assert picture.bounding_box()["width"] == 80  # type: ignore[index]
    page.keyboard.press("ArrowLeft")
    expect(view.get_by_text("step 0", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(view).to_have_count(0)


def test_brightness_contrast_and_actual_size(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    Log(tmp_path).value(image("x", plain(10, 20, 30, (60, 40))), 0)
    page = visit(cupola(tmp_path).address + "#images?brightness=1.5&actual=1")
    picture = card(page, "x").locator("img")
    expect(picture).to_have_css("filter", "brightness(1.5) contrast(1)")
    assert picture.bounding_box()["width"] == 60  # type: ignore[index]
    page.get_by_role("switch", name="Actual size").uncheck()
    expect(picture).to_have_css("image-rendering", "pixelated")
    assert picture.bounding_box()["width"] > 200  # type: ignore[index]
    for choice, rendering in (("smooth", "auto"), ("pixels", "pixelated"), ("auto", "pixelated")):
        page.get_by_role("radio", name=choice, exact=True).click()
        expect(picture).to_have_css("image-rendering", rendering)
    page.get_by_role("button", name="Reset brightness and contrast").click()
    expect(picture).to_have_css("filter", "none")


def test_cards_far_away_load_nothing(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    log = Log(tmp_path)
    for i in range(80):
        log.value(image(f"many/{i}", plain(i, i, i)), 0)
    asked: set[str] = set()
    page = visit("about:blank")
    page.on("request", lambda request: asked.add(request.url) if "/image?" in request.url else None)
    page.goto(cupola(tmp_path).address + "#images")
    expect(card(page, "many/0").locator("img")).to_be_visible()
    page.wait_for_timeout(500)
    assert 4 <= len(asked) < 50
    card(page, "many/79").scroll_into_view_if_needed()
    expect(card(page, "many/79").locator("img")).to_be_visible()


def test_chinese(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    log = Log(tmp_path)
    log.value(image("x", plain(0, 0, 0)), 0)
    log.value(image("x", plain(0, 0, 0)), 1)
    page = visit(cupola(tmp_path).address + "#images", locale="zh-CN")
    expect(page.get_by_role("switch", name="同步步骤")).to_be_visible()
    expect(card(page, "x").get_by_role("button", name="播放")).to_be_visible()


def test_only_play_goes_from_the_newest_step_to_the_first(
    tmp_path: Path, cupola: Start, visit: Visit
) -> None:
    log = Log(tmp_path)
    for step in range(3):
        log.value(image("x", plain(0, 0, 10 * step)), step)
    page = visit(cupola(tmp_path).address + "#images")
    shown = card(page, "x")
    picture = shown.locator("img")
    expect(picture).to_have_attribute("alt", "x, ., step 2")
    shown.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(300)
    expect(picture).to_have_attribute("alt", "x, ., step 2")
    shown.get_by_role("button", name="Play").click()
    expect(picture).to_have_attribute("alt", "x, ., step 0")
    shown.get_by_role("button", name="Open large: ").click()
    expect(page.get_by_role("dialog").get_by_role("button", name="Play")).to_be_visible()


def test_the_pixel_is_read_anew_when_the_step_changes(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    log = Log(tmp_path)
    for step, red in enumerate((16, 32, 48)):
        log.value(image("x", plain(red, 0, 0, (10, 10))), step)
    page = visit(cupola(tmp_path).address + "#images")
    card(page, "x").get_by_role("button", name="Open large: ").click()
    view = page.get_by_role("dialog")
    view.locator(".area").hover()
    expect(view.locator("output")).to_contain_text("#300000")
    page.keyboard.press("ArrowLeft")
    expect(view.locator("output")).to_contain_text("#200000")
    page.keyboard.press("ArrowLeft")
    expect(view.locator("output")).to_contain_text("#100000")


def test_an_address_of_before_opens_the_same_picture(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    log = Log(tmp_path)
    for step in range(3):
        log.value(image("x", plain(0, 0, 10 * step)), step)
    page = visit(cupola(tmp_path).address + '#images?at=[".","x",1,0]&open=[".","x"]')
    expect(page.get_by_role("dialog").get_by_text("step 1", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(card(page, "x").locator("img")).to_have_attribute("alt", "x, ., step 1")


def test_transparent_parts_lie_on_a_light_ground(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    Log(tmp_path).value(image("x", png(np.zeros((20, 30, 4), np.uint8))), 0)
    page = visit(cupola(tmp_path).address + "#images", color_scheme="dark")
    picture = card(page, "x").locator("img")
    picture.wait_for()
    shot = Image.open(io.BytesIO(picture.screenshot())).convert("L")
    inside = np.asarray(shot.crop((20, 20, shot.width - 20, shot.height - 20)))
    assert inside.min() > 200


def test_a_card_asks_for_a_copy_of_a_large_picture_and_the_large_view_for_all(
    tmp_path: Path, cupola: Start, visit: Visit
) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (1500, 3000, 3), np.uint8)
    log = Log(tmp_path / "run")
    log.value(image("large", png(pixels)), 0)
    log.value(image("small", plain(9, 8, 7)), 0)
    page = visit("about:blank")
    asked: list[str] = []
    page.on("response", lambda answer: asked.append(re.sub(r"key=[^&]*", "", answer.url.split("/api/")[-1])))
    page.goto(cupola(tmp_path).address + "#images")
    picture = card(page, "large").locator("img")
    expect(picture).to_be_visible()
    expect(card(page, "small").locator("img")).to_be_visible()
    assert "images/thumbnail?&longest=512" in asked
    assert picture.evaluate("image => [image.naturalWidth, image.naturalHeight]") == [512, 256]
    assert asked.count("images/image?") == 1  # the small one

    # The pixel that is read is the one that was logged.
    picture.click()
    page.keyboard.press("1")
    dialog = page.locator("dialog[open]")
    expect(dialog.get_by_text("3000 × 1500 px")).to_be_visible()
    box = dialog.locator(".area").bounding_box()
    assert box
    page.mouse.move(box["x"] + 50, box["y"] + 60)
    expect(dialog.locator("output")).to_have_text(re.compile(r"x \d+ "))
    assert asked.count("images/image?") == 2
    said = re.match(r"x (\d+)\s+y (\d+)\s+#\w+\s+(\d+) (\d+) (\d+)", dialog.locator("output").inner_text())
    assert said
    x, y, *found = map(int, said.groups())
    assert found == pixels[y, x].tolist()


def test_all_steps_are_saved_as_one_file(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    log = Log(tmp_path / "run")
    for step in range(3):
        log.value(image("a/x", plain(step, 0, 0)), step)
    page = visit(cupola(tmp_path).address + "#images")
    shown = card(page, "a/x")
    shown.hover()
    shown.get_by_role("button", name="More").click()
    with page.expect_download() as download:
        page.get_by_text("Download all 3 steps").click()
    assert download.value.suggested_filename == "run_a_x.zip"
    with zipfile.ZipFile(download.value.path()) as file:
        assert {name: file.read(name) for name in file.namelist()} == {
            f"{step}.png": plain(step, 0, 0) for step in range(3)
        }
