"""The graphs room, as a person uses it: on graphs that cupola and torch.utils.tensorboard wrote."""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.summary.writer.record_writer import RecordWriter

from cupola.plugins.graphs import demo
from cupola.plugins.graphs.graph_def import Node, encode_graph

from .conftest import Cupola

Start = Callable[..., Any]
Visit = Callable[..., Page]

GOLDEN = Path(__file__).parents[2] / "golden" / "graphs"
VGG16, ENCODER, TRACED, LSTM = range(4)


@pytest.fixture(scope="module")
def golden(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cupola]:
    """One server for the golden file's graphs."""
    logdir = tmp_path_factory.mktemp("logs")
    run = logdir / "golden"
    run.mkdir()
    for file in GOLDEN.glob("*tfevents*"):
        shutil.copy(file, run)
    server = Cupola(logdir)
    yield server
    server.stop()


def address(server: Any, index: int, more: str = "") -> str:
    return named(server, httpx.get(f"{server.address}api/graphs/list").json()["graphs"][index]["key"], more)


def named(server: Any, key: object, more: str = "") -> str:
    name = json.dumps(["golden", "__run_graph__", key], separators=(",", ":"))
    return f"{server.address}#graphs?graph={quote(name)}{more}"


def keys(page: Page) -> Any:
    return page.get_by_role("application")


def wait_for_boxes(page: Page, count: int) -> None:
    expect(keys(page)).to_have_attribute("data-boxes", str(count))


def wait_for_hash(page: Page, part: str) -> None:
    expect(page).to_have_url(re.compile(re.escape(part)))


def colours(page: Page) -> int:
    """Distinct colours in the middle of the canvas, as painted."""
    page.wait_for_timeout(80)
    found: int = page.locator("canvas").first.evaluate(
        """canvas => {
            const pixels = new Uint32Array(canvas.getContext("2d")
                .getImageData(0, 0, canvas.width, canvas.height).data.buffer);
            return new Set(pixels).size;
        }"""
    )
    return found


def press(page: Page, *names: str) -> None:
    keys(page).focus()
    for name in names:
        page.keyboard.press(name)


def title(page: Page) -> Any:
    return page.locator("aside h2").first


def test_vgg16_shows_its_modules_and_how_many_parameters_it_has(golden: Cupola, visit: Visit) -> None:
    page = visit(address(golden, VGG16))
    wait_for_boxes(page, 7)
    expect(title(page)).to_have_text("VGG16")
    expect(page.locator("aside dd.big")).to_have_text("138,357,544")
    assert colours(page) > 50
    page.get_by_role("button", name="Table of nodes").click()
    table = page.get_by_role("list", name="Table of nodes")
    expect(table.get_by_role("listitem").first).to_contain_text("x")
    expect(table).to_contain_text("Sequential")
    expect(table).to_contain_text("torch.nn.functional.conv2d")
    expect(table).to_contain_text("1×64×224×224")


def test_keys_open_scopes_and_follow_the_data(golden: Cupola, visit: Visit) -> None:
    page = visit(address(golden, VGG16))
    wait_for_boxes(page, 7)
    press(page, "ArrowDown")
    expect(title(page)).to_have_text("x")
    press(page, "ArrowDown")
    expect(title(page)).to_have_text("Sequential")
    press(page, "Enter")
    wait_for_boxes(page, 38)
    press(page, "ArrowDown")
    expect(title(page)).to_have_text("Conv2d")
    card = page.get_by_test_id("info-card")
    expect(card).to_contain_text("Conv2d(3, 64, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))")
    expect(card).to_contain_text("1,792")
    expect(card).to_contain_text("64×3×3×3 float32")
    expect(card).to_contain_text("1×64×224×224")
    card.get_by_role("button", name="ReLU 1").click()
    expect(title(page)).to_have_text("ReLU")
    press(page, "Escape")
    expect(page.locator("aside dd.big")).to_be_visible()


def test_a_double_click_opens_and_closes(golden: Cupola, visit: Visit) -> None:
    page = visit(address(golden, VGG16))
    wait_for_boxes(page, 7)
    page.get_by_placeholder("Find").fill("classifier")
    page.keyboard.press("Enter")
    expect(title(page)).to_have_text("Sequential")
    canvas = page.locator("canvas").first.bounding_box()
    assert canvas
    middle = canvas["x"] + canvas["width"] / 2, canvas["y"] + canvas["height"] / 2
    page.mouse.dblclick(*middle)
    wait_for_boxes(page, 14)
    page.get_by_role("button", name="Collapse", exact=True).click()
    wait_for_boxes(page, 7)
    page.get_by_role("button", name="Expand all").click()
    wait_for_boxes(page, 45)
    page.get_by_role("button", name="Collapse all").click()
    wait_for_boxes(page, 3)


def test_the_address_holds_what_is_open_and_selected(golden: Cupola, visit: Visit) -> None:
    page = visit(address(golden, ENCODER))
    wait_for_boxes(page, 5)
    page.get_by_placeholder("Find").fill("^multi_head")
    page.keyboard.press("Enter")
    expect(title(page)).to_have_text("multi_head_attention_forward")
    expect(keys(page)).not_to_have_attribute("data-boxes", "5")
    boxes = keys(page).get_attribute("data-boxes")
    wait_for_hash(page, "node=")
    again = visit(page.url)
    expect(title(again)).to_have_text("multi_head_attention_forward")
    wait_for_boxes(again, int(boxes or 0))


def test_tracing_dims_what_is_not_on_the_way(golden: Cupola, visit: Visit) -> None:
    page = visit(address(golden, TRACED))
    wait_for_boxes(page, 13)
    page.get_by_placeholder("Find").fill("conv2")
    page.keyboard.press("Enter")
    expect(title(page)).to_have_text("Conv2d")
    before = page.locator("canvas").first.screenshot()
    page.get_by_role("radio", name="inputs").click()
    page.wait_for_timeout(150)
    assert page.locator("canvas").first.screenshot() != before
    wait_for_hash(page, "trace=inputs")


def test_a_traced_graph_shows_layers_and_all_nodes_on_demand(golden: Cupola, visit: Visit) -> None:
    page = visit(address(golden, TRACED))
    wait_for_boxes(page, 13)
    expect(title(page)).to_have_text("ConvNet")
    page.get_by_text("All nodes").click()
    page.get_by_role("button", name="Expand all").click()
    wait_for_boxes(page, 62)  # 57 nodes and 5 scopes


def test_another_graph_of_the_run_is_chosen(golden: Cupola, visit: Visit) -> None:
    page = visit(address(golden, VGG16))
    expect(title(page)).to_have_text("VGG16")
    page.get_by_role("combobox", name="Graph", exact=True).select_option(index=ENCODER)
    expect(title(page)).to_have_text("TransformerEncoder")


@pytest.mark.parametrize("key", ["of a file that was written anew", 0])
def test_an_address_of_a_graph_that_is_gone_shows_the_newest_of_its_tag(
    golden: Cupola, visit: Visit, key: object
) -> None:
    page = visit(named(golden, key))
    expect(title(page)).to_have_text("Recurrent")
    chosen = page.get_by_role("combobox", name="Graph", exact=True)
    assert chosen.evaluate("select => select.selectedIndex") == LSTM


def test_pictures_are_downloaded(golden: Cupola, visit: Visit, tmp_path: Path) -> None:
    page = visit(address(golden, VGG16))
    wait_for_boxes(page, 7)
    for kind in ("PNG", "SVG"):
        page.get_by_role("button", name="Download").click()
        with page.expect_download() as download:
            page.get_by_role("button", name=kind).click()
        download.value.save_as(tmp_path / f"graph.{kind.lower()}")
        assert download.value.suggested_filename == f"VGG16.{kind.lower()}"
    with Image.open(tmp_path / "graph.png") as picture:
        assert min(picture.size) > 300
        colors = picture.convert("RGB").getcolors(1 << 20)
        assert colors is not None and len(colors) > 20
    svg = (tmp_path / "graph.svg").read_text()
    assert re.findall(r">(\w+)</text>", svg).count("Sequential") == 2


def test_a_graph_that_is_logged_while_the_page_is_open_appears(
    tmp_path: Path, cupola: Start, visit: Visit
) -> None:
    page = visit(cupola(tmp_path, "--reload_interval", "0.2").address + "#graphs")
    page.wait_for_timeout(300)
    demo.write(tmp_path)
    expect(page.locator("aside dd.big")).to_have_text("75,722", timeout=5000)


def test_dark_and_chinese(golden: Cupola, visit: Visit) -> None:
    page = visit(address(golden, VGG16), locale="zh-CN", color_scheme="dark")
    wait_for_boxes(page, 7)
    expect(page.get_by_text("全部展开")).to_be_visible()
    expect(page.locator("aside")).to_contain_text("卷积")
    dark = page.locator("canvas").first.evaluate(
        "canvas => canvas.getContext('2d').getImageData(2, 2, 1, 1).data[0]"
    )
    assert dark < 60


def test_four_thousand_nodes_open_in_seconds(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    nodes = [Node("input/x", "IO Node", [], [(1, 8)], ["float32"])]
    last = "input/x"
    for block in range(100):
        scope = f"Net/ModuleList[h]/Block[{block}]"
        entry = last
        for layer in range(13):
            module = f"{scope}/Linear[fc{layer}]"
            weight = Node(f"{module}/weight", "Parameter", [], [(8, 8)], ["float32"])
            linear = Node(f"{module}/linear", "linear", [last, weight.name], [(1, 8)], ["float32"])
            add = Node(f"{scope}/add_{layer}", "add", [linear.name, entry], [(1, 8)], ["float32"])
            nodes += [weight, linear, add]
            last = add.name
    nodes.append(Node("output/y", "IO Node", [last], [(1, 8)], ["float32"]))
    with (tmp_path / "events.out.tfevents.1700000000.big").open("wb") as file:
        event = Event(wall_time=1.0, graph_def=encode_graph(nodes))
        RecordWriter(file).write(event.SerializeToString())
    page = visit(cupola(tmp_path).address + "#graphs")
    started = time.monotonic()
    wait_for_boxes(page, 4)
    assert time.monotonic() - started < 4
    page.get_by_role("button", name="Expand all").click()
    started = time.monotonic()
    expect(keys(page)).to_have_attribute("data-boxes", "2704", timeout=15_000)
    assert time.monotonic() - started < 10
