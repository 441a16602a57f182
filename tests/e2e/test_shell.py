"""What stands around every room: tabs, languages, themes, keys, bad logs, lost servers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from cupola import SummaryWriter

from .logs import Log, write

Start = Callable[..., Any]
Visit = Callable[..., Page]

LOST = (r"ERR_CONNECTION_REFUSED", r"ERR_INCOMPLETE_CHUNKED_ENCODING", r"Failed to load resource")


@pytest.fixture
def logdir(tmp_path: Path) -> Path:
    for run in ("a", "b"):
        write(
            tmp_path / run,
            {tag: [(i, i / 10) for i in range(10)] for tag in ("train/loss", "val/loss", "lr")},
        )
    return tmp_path


def test_language_follows_the_browser_and_then_the_person(logdir: Path, cupola: Start, visit: Visit) -> None:
    page = visit(cupola(logdir).address, locale="zh-CN")
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    tab = page.locator("[data-room=scalars]")
    expect(tab).to_contain_text("标量")
    expect(page.get_by_text("平滑", exact=True).first).to_be_visible()
    page.get_by_role("button", name="English").click()
    expect(tab).to_contain_text("Scalars")
    page.reload()
    expect(tab).to_contain_text("Scalars")
    expect(page).to_have_title(re.compile(r" · Scalars · cupola$"))


def test_no_chinese_word_is_missing(logdir: Path, cupola: Start, visit: Visit) -> None:
    page = visit(cupola(logdir).address, locale="zh-CN")
    expect(page.locator("[data-card]").first).to_be_visible()
    text = page.locator("body").inner_text()
    names = r"cupola|English|Ctrl K|train|val|loss|lr|\ba\b|\bb\b|/[\w/.-]*"
    assert not re.findall(r"[A-Za-z]{2,}", re.sub(names, "", text)), text


def test_theme(logdir: Path, cupola: Start, visit: Visit) -> None:
    page = visit(cupola(logdir).address, color_scheme="dark")
    root = page.locator("html")
    expect(root).to_have_attribute("data-theme", "dark")
    background = "() => getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(background)
    page.get_by_role("button", name="Theme: as the system").click()
    page.get_by_role("button", name="light", exact=True).click()
    expect(root).to_have_attribute("data-theme", "light")
    assert page.evaluate(background) != dark
    page.reload()
    expect(root).to_have_attribute("data-theme", "light")


def test_keys(logdir: Path, cupola: Start, visit: Visit) -> None:
    page = visit(cupola(logdir).address)
    cards = page.locator("[data-card]")
    expect(cards).to_have_count(3)
    page.keyboard.press("j")
    expect(cards.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(cards.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(cards.nth(0)).to_be_focused()
    expect(cards.nth(0).locator("[data-key=f]")).to_be_attached()  # a card is filled when it comes near
    page.keyboard.press("f")
    expect(page.get_by_role("dialog", name="lr")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("/")
    expect(page.get_by_label("Filter runs")).to_be_focused()
    page.keyboard.type("j?")
    expect(page.get_by_label("Filter runs")).to_have_value("j?")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("]")
    page.wait_for_function("() => location.hash.includes('smoothing=0.65')")
    page.keyboard.press("Control+k")
    page.keyboard.type("val loss")
    page.keyboard.press("Enter")
    expect(page.locator("[data-card='val/loss']")).to_be_focused()


def test_everything_is_reached_by_tab(logdir: Path, cupola: Start, visit: Visit) -> None:
    page = visit(cupola(logdir).address)
    expect(page.locator("[data-card]")).to_have_count(3)
    seen = set()
    name = "() => (e => e.getAttribute('aria-label') ?? e.innerText.trim())(document.activeElement)"
    for _ in range(60):
        page.keyboard.press("Tab")
        seen.add(page.evaluate(name))
    wanted = {"Skip to the charts", "cupola", "Filter runs (regex)", "Runs", "Smoothing", "step", "linear"}
    wanted |= {"Open large", "More"}
    assert wanted <= seen, seen


def test_an_empty_log_directory_says_what_to_do(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    page = visit(cupola(tmp_path / "later").address)
    expect(page.get_by_text("Nothing logged here yet")).to_be_visible()
    expect(page.locator("pre")).to_contain_text("from cupola import SummaryWriter")
    write(tmp_path / "later" / "run", {"loss": [(0, 1.0), (1, 0.5)]})
    expect(page.locator("[data-card=loss] .note")).to_have_text("0.5")
    page.wait_for_function("() => location.hash.startsWith('#scalars')")


HOSTILE = [
    "__proto__",
    "constructor",
    "<img src=x onerror=alert(1)>",
    "a\"b'c&amp;",
    "日本/😀",
    "x" * 300,
    "toString/__proto__",
]


def test_hostile_names_are_names(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    for run in ("__proto__", "constructor", "<b>bold", "a b&c=d#e?f%"):
        write(tmp_path / run, {tag: [(0, 0.0), (1, 0.75)] for tag in HOSTILE})
    page = visit(cupola(tmp_path).address + "#scalars?smoothing=0")
    expect(page.locator("[data-run]")).to_have_count(4)
    assert page.locator("main img, main b").count() == 0
    for tag in HOSTILE:
        found = page.locator(f"[data-card={json.dumps(tag, ensure_ascii=False)}]")
        found.scroll_into_view_if_needed()
        expect(found.locator(".note")).to_have_text("0.75")
    page.locator("[data-run='__proto__'] .name").dblclick()
    expect(page.locator("[data-runs-shown]")).to_have_text("1 of 4 runs")
    page.wait_for_function("() => location.hash.includes('show=__proto__')")
    page.reload()
    expect(page.locator("[data-runs-shown]")).to_have_text("1 of 4 runs")
    expect(page.locator("[data-card]")).to_have_count(
        len(HOSTILE)
    )  # the room offers its tags once it is there
    page.keyboard.press("Control+k")
    page.keyboard.type("onerror")
    expect(page.get_by_role("option")).to_have_count(1)


@pytest.fixture
def damaged(tmp_path: Path) -> Log:
    """A log with a good run and a bad one, whose file has a record that does not fit its checksum."""
    write(tmp_path / "good", {"loss": [(0, 1.0), (1, 0.25)]})
    log = Log(tmp_path / "bad").scalars({"loss": [(i, 1.0) for i in range(10)]})
    data = bytearray(log.path.read_bytes())
    data[-60] ^= 0xFF
    log.path.write_bytes(data)
    return log


def test_damage_is_marked_and_harms_no_other_run(damaged: Log, cupola: Start, visit: Visit) -> None:
    page = visit(cupola(damaged.path.parent.parent).address)
    mark = page.locator("[data-run=bad]").get_by_role("button", name="could not be read")
    expect(mark).to_be_visible()
    expect(page.locator("[data-run=good]").get_by_role("button", name="could not be read")).to_have_count(0)
    expect(page.locator("[data-card=loss] .note")).to_have_text("0.25 – 1")


@pytest.mark.parametrize("by", ["mouse", "keyboard", "touch"])
def test_why_a_run_is_damaged_can_be_read(damaged: Log, cupola: Start, visit: Visit, by: str) -> None:
    page = visit(cupola(damaged.path.parent.parent).address, has_touch=by == "touch")
    row = page.locator("[data-run=bad]")
    mark = row.get_by_role("button", name="could not be read")
    if by == "mouse":
        row.hover()
        value = row.locator(".value")
        # Neither is covered by what the pointer brings.
        for part in (mark, value):
            expect(part).to_be_visible()
            assert part.evaluate(
                "e => { const b = e.getBoundingClientRect();"
                "  return e.contains(document.elementFromPoint(b.x + b.width / 2, b.y + b.height / 2)) }"
            )
        mark.click()
    elif by == "keyboard":
        mark.focus()
        page.keyboard.press("Enter")
    else:
        mark.tap()
    panel = page.get_by_role("dialog", name="What could not be read")
    entry = panel.locator("[data-damage=data-crc], [data-damage=length-crc]").first
    expect(entry).to_contain_text(damaged.path.name)
    expect(entry).to_contain_text(re.compile(r"\d+ bytes from byte \d+ on lost"))
    expect(entry).to_contain_text("checksum")
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    if by == "keyboard":
        expect(mark).to_be_focused()


def test_menus_take_the_keys(logdir: Path, cupola: Start, visit: Visit) -> None:
    page = visit(cupola(logdir).address)
    metric = page.locator("button[title='Metric column']")
    metric.click()
    menu = page.get_by_role("group", name="Metric column")
    expect(menu.get_by_role("button", name="by name")).to_be_focused()
    # Neither the run filter (/), nor a wide card (w), nor a logarithmic one (l): letters filter the menu.
    page.keyboard.type("n/lo")
    expect(menu.get_by_role("button", name="train/loss", exact=True)).to_be_focused()
    expect(menu.get_by_role("button", name="val/loss", exact=True)).to_be_hidden()
    expect(page.get_by_label("Filter runs (regex)")).to_have_value("")
    for _ in range(4):
        page.keyboard.press("Backspace")
    page.keyboard.press("End")
    expect(menu.get_by_role("button", name="val/loss", exact=True)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(menu.get_by_role("button", name="by name")).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Home")
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(metric).to_be_focused()
    card = page.locator("[data-card='train/loss']")
    card.hover()
    card.get_by_role("button", name="More").click()
    page.keyboard.press("w")
    assert "wide" not in page.evaluate("location.hash")


BOMBS = ["filter=(a%2B)%2B%24", "filter=(a%7Ca)*%24", "filter=(%5Ba-z%5D%2B.)%2B%2B%24", "tags=(x%2B)%2B%24"]


@pytest.mark.parametrize("query", BOMBS)
def test_no_expression_stops_the_page(tmp_path: Path, cupola: Start, visit: Visit, query: str) -> None:
    write(tmp_path / ("a" * 40 + "!"), {"x" * 40 + "!": [(0, 1.0)]})
    page = visit(f"{cupola(tmp_path).address}#scalars?{query}")
    expect(page.get_by_text("1 run", exact=True).or_(page.get_by_text("0 of 1 runs"))).to_be_visible()
    page.get_by_role("button", name="Clear").first.click()
    expect(page.locator("[data-card]")).to_have_count(1)


def test_a_bad_expression_keeps_the_last_result(logdir: Path, cupola: Start, visit: Visit) -> None:
    page = visit(cupola(logdir).address)
    field = page.get_by_label("Filter runs (regex)")
    field.fill("b")
    expect(page.locator("[data-run]")).to_have_count(1)
    field.press_sequentially("(")
    expect(page.get_by_text("“(” is never closed (character 2)")).to_be_visible()
    expect(page.locator("[data-run=b]")).to_be_visible()
    expect(page.locator("[data-run]")).to_have_count(1)
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("[data-run]")).to_have_count(2)
    expect(field).to_be_focused()


def test_kinds_without_a_room_are_listed(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    log = Log(tmp_path / "run")
    log.scalar("loss", 0, 1.0)
    log.unknown("my_plugin", "thing", 0)
    page = visit(cupola(tmp_path).address)
    page.locator("nav").get_by_role("button").click()
    expect(page.locator("[data-unknown=my_plugin]")).to_have_text(re.compile("my_plugin.*1 series"))


def test_under_a_path_prefix(logdir: Path, cupola: Start, visit: Visit) -> None:
    page = visit(cupola(logdir, "--path_prefix", "/deep/er").address)
    assert "/deep/er/" in page.url
    expect(page.locator("[data-card='train/loss'] .note")).to_have_text("0.9")
    expect(page.locator("[data-live=live]")).to_be_visible()


def test_a_server_that_goes_and_comes_back(logdir: Path, cupola: Start, visit: Visit) -> None:
    server = cupola(logdir)
    page = visit(server.address, allow=LOST)
    expect(page.locator("[data-live=live]")).to_be_visible()
    server.stop()
    expect(page.locator("[data-live=lost]")).to_be_visible()
    expect(page.locator("[data-lost]")).to_contain_text(re.compile(r"No connection since \d+:\d\d:\d\d"))
    # What stood stays.
    expect(page.locator("[data-card=lr] .note")).to_have_text("0.9")
    write(logdir / "c", {"lr": [(0, 5.0)]})
    cupola(logdir, "--port", str(server.port))
    expect(page.locator("[data-live=live]")).to_be_visible()
    expect(page.locator("[data-run=c]")).to_be_visible()
    expect(page.locator("[data-card=lr] .note")).to_have_text("0.9 – 5")


def test_a_room_first_opened_without_a_server_comes_with_its_style(
    tmp_path: Path, cupola: Start, visit: Visit
) -> None:
    with SummaryWriter(tmp_path / "run") as writer:
        writer.add_scalar("loss", 1.0, 0)
        writer.add_text("words", "hello", 0)
    server = cupola(tmp_path)
    page = visit(server.address, allow=(*LOST, "dynamically imported module", "Unable to preload CSS"))
    expect(page.locator("[data-card=loss]")).to_be_visible()
    server.stop()
    page.locator("[data-room=text]").click()
    expect(page.get_by_text("This page could not be loaded")).to_be_visible()
    expect(page.locator("[data-live=lost]")).to_be_visible()
    # Links that were asked for while the server was away must not be all there is of the style.
    page.wait_for_timeout(500)
    cupola(tmp_path, "--port", str(server.port))
    card = page.locator("[data-card=words]")
    expect(card).to_contain_text("hello")
    expect(card).to_have_css("position", "relative")
    rules = "sheet => /TextRoom/.test(sheet.href ?? '') && sheet.cssRules.length"
    assert page.evaluate(f"() => [...document.styleSheets].filter({rules}).length") == 1
    assert "#text" in page.url


def test_a_hidden_tab_asks_for_nothing(logdir: Path, cupola: Start, visit: Visit) -> None:
    page = visit(cupola(logdir).address)
    note = page.locator("[data-card=lr] .note")
    expect(note).to_have_text("0.9")
    expect(page.locator("[data-live=live]")).to_be_visible()
    page.wait_for_timeout(1500)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    look = (
        "(hidden) => { Object.defineProperty(document, 'hidden', { configurable: true, value: hidden });"
        " document.dispatchEvent(new Event('visibilitychange')) }"
    )
    page.evaluate(look, True)
    write(logdir / "c", {"lr": [(0, 5.0)]})
    page.wait_for_timeout(2500)
    assert asked == []
    page.evaluate(look, False)
    expect(note).to_have_text("0.9 – 5")
    assert re.search(r"api/live\?cursor=[1-9]", asked[0])


def test_a_log_without_rooms_says_what_it_holds(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    log = Log(tmp_path / "run")
    log.unknown("molecules", "caffeine", 0)
    log.unknown("molecules", "water", 0)
    log.unknown("weather_maps", "rain", 0)
    page = visit(cupola(tmp_path).address)
    expect(page.locator("main [data-kind=molecules]")).to_have_text(re.compile("molecules.*2 series"))
    expect(page.locator("main [data-kind=weather_maps]")).to_have_text(re.compile("weather_maps.*1 series"))


WHEN_IT_RESTS = ("Help", "ViewsDialog", "ShareDialog")


def test_a_rooms_code_is_loaded_when_its_tab_opens(logdir: Path, cupola: Start, visit: Visit) -> None:
    page = visit("about:blank")
    scripts: dict[str, int] = {}

    def note(answer: Response) -> None:
        if answer.url.endswith(".js"):
            scripts[answer.url.rsplit("/", 1)[1]] = int(answer.headers["content-length"])

    page.on("response", note)
    page.goto(cupola(logdir).address)
    expect(page.locator("[data-card='train/loss'] .note")).to_have_text("0.9")
    assert not any("Projector" in name or "Graphs" in name for name in scripts), scripts
    # Compressed, as promised. The dialogs' code comes once the page rests.
    first = {
        name: size for name, size in scripts.items() if not re.match("Help|ViewsDialog|ShareDialog", name)
    }
    assert sum(first.values()) <= 120_000, first
    page.evaluate("() => { location.hash = '#projector' }")
    page.wait_for_timeout(800)
    assert any("Projector" in name for name in scripts), scripts


def test_an_unknown_hash_says_so(logdir: Path, cupola: Start, visit: Visit) -> None:
    page = visit(cupola(logdir).address + "#nowhere")
    expect(page.get_by_text("There is no page called “nowhere”")).to_be_visible()
    expect(page.get_by_role("main").get_by_role("link", name="Scalars")).to_be_visible()
    page.locator("[data-room=scalars]").click()
    expect(page.locator("[data-card]").first).to_be_visible()
    page.go_back()
    expect(page.get_by_text("There is no page called “nowhere”")).to_be_visible()


def test_a_page_whose_files_are_refused_says_what_to_do(
    logdir: Path, cupola: Start, chromium: Browser
) -> None:
    """As behind a proxy that no --allow_host names: the document comes, and nothing that it asks for."""
    page = chromium.new_page()
    page.route("**/assets/*", lambda route: route.fulfill(status=403, body="{}"))
    page.goto(cupola(logdir).address)
    expect(page.get_by_text("--allow_host NAME").first).to_be_visible()
    page.unroute("**/assets/*")
    page.reload()
    expect(page.locator("[data-room=scalars]")).to_be_visible()
    expect(page.get_by_text("--allow_host NAME")).to_have_count(0)
    page.close()
