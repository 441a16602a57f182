"""The list of runs: a tree read by keys, filtered by what is typed; runs hidden by rules of the address."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from playwright.sync_api import expect

from cupola import SummaryWriter

from .conftest import Cupola
from .logs import Log, write

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

Visit = Callable[..., "Page"]
Start = Callable[..., Cupola]

RATES = ("0.1", "0.01")
SEEDS = 3


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cupola]:
    """Two learning rates with three seeds each, one of which diverges, and a run beside them."""
    logdir = tmp_path_factory.mktemp("sweep")
    for rate in RATES:
        for seed in range(SEEDS):
            bad = rate == "0.1" and seed == 2
            values = [float("nan") if bad and step > 2 else float(rate) * step + seed for step in range(6)]
            columns = {"val/acc": list(enumerate(values)), "train/loss": list(enumerate(values))}
            write(logdir / f"lr{rate}" / f"seed{seed}", columns)
    write(logdir / "baseline", {"val/acc": [(0, 0.5), (1, 0.95)]})
    # Written an hour ago.
    for file in (logdir / "lr0.01" / "seed0").iterdir():
        os.utime(file, (time.time() - 3600,) * 2)
    with SummaryWriter(logdir / "lr0.1" / "seed0") as writer:
        writer.add_hparams({"lr": 0.01}, {}, run_name=".")
    started = Cupola(logdir)
    yield started
    started.stop()


def lines(page: Page) -> list[str]:
    """Names of the list's lines."""
    found = page.locator("[role=treeitem] > *").all()
    return [line.get_attribute("data-run") or line.get_attribute("data-folder") or "" for line in found]


def line(page: Page, name: str) -> Locator:
    return page.locator(f"[role=treeitem]:has(> [data-run='{name}'], > [data-folder='{name}'])")


def active(page: Page) -> str:
    """The line that the keys are at, as a screen reader is told."""
    return page.evaluate(
        "() => { const tree = document.activeElement; if (tree.getAttribute('role') !== 'tree') return '';"
        "  const line = document.getElementById(tree.getAttribute('aria-activedescendant'));"
        "  const { run, folder } = line.firstElementChild.dataset; return run ?? folder }"
    )


def shown(page: Page, count: str) -> None:
    expect(page.locator("[data-runs-shown]")).to_have_text(count)


def address(page: Page, *parts: str) -> str:
    """The address, once it holds these; it is written a few times a second."""
    page.wait_for_function(
        "parts => parts.every(part => decodeURIComponent(location.hash.replaceAll('+', ' ')).includes(part))",
        arg=list(parts),
    )
    return unquote(page.evaluate("location.hash").replace("+", " "))


ALL = ["baseline", "lr0.01/", "lr0.01/seed0", "lr0.01/seed1", "lr0.01/seed2", "lr0.1/", "lr0.1/seed0"]
ALL += ["lr0.1/seed1", "lr0.1/seed2"]


def test_the_list_is_one_stop_of_the_tab_key_and_arrows_go_through_its_tree(
    server: Cupola, visit: Visit
) -> None:
    page = visit(server.address + "#scalars")
    expect(line(page, "baseline")).to_be_visible()
    assert lines(page) == ALL
    tree = page.get_by_role("tree", name="Runs")
    assert tree.evaluate("e => [...e.querySelectorAll('*')].filter(e => e.tabIndex >= 0).length") == 0
    stops = 0
    for _ in range(40):
        page.keyboard.press("Tab")
        stops += page.evaluate("() => document.activeElement.closest('[role=tree]') !== null")
    assert stops == 1
    tree.focus()
    assert active(page) == "baseline"
    for key, at in [
        ("ArrowDown", "lr0.01/"),
        ("ArrowRight", "lr0.01/seed0"),
        ("ArrowDown", "lr0.01/seed1"),
        ("ArrowLeft", "lr0.01/"),
        ("ArrowLeft", "lr0.01/"),
        ("ArrowDown", "lr0.1/"),
        ("ArrowUp", "lr0.01/"),
        ("End", "lr0.1/seed2"),
        ("Home", "baseline"),
    ]:
        page.keyboard.press(key)
        page.wait_for_function("() => document.activeElement.getAttribute('aria-activedescendant') !== null")
        assert active(page) == at, key
    expect(line(page, "lr0.01/")).to_have_attribute("aria-expanded", "false")
    expect(line(page, "lr0.01/seed1")).to_have_count(0)
    # What is folded stands in the address, and is so again when the page is.
    address(page, "fold=lr0.01/")
    page.reload()
    expect(line(page, "lr0.01/")).to_have_attribute("aria-expanded", "false")
    assert lines(page) == [name for name in ALL if not name.startswith("lr0.01/seed")]


def test_space_shows_and_hides_and_enter_shows_one_alone(server: Cupola, visit: Visit) -> None:
    page = visit(server.address + "#scalars")
    page.get_by_role("tree").focus()
    page.keyboard.press("Space")
    shown(page, "6 of 7 runs")
    expect(line(page, "baseline")).to_have_attribute("aria-checked", "false")
    page.keyboard.press("Space")
    shown(page, "7 runs")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    shown(page, "1 of 7 runs")
    expect(line(page, "lr0.01/")).to_have_attribute("aria-checked", "mixed")
    expect(line(page, "lr0.01/seed0")).to_have_attribute("aria-checked", "true")
    page.keyboard.press("Enter")
    shown(page, "7 runs")
    # A folder is hidden by a rule, which its runs to come follow too.
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Space")
    shown(page, "4 of 7 runs")
    assert "hide=" not in address(page, 'without=name ~ "^lr0\\.01/"')
    page.keyboard.press("Enter")
    shown(page, "3 of 7 runs")
    address(page, 'without=not (name ~ "^lr0\\.01/")')
    page.reload()
    shown(page, "3 of 7 runs")
    page.get_by_role("button", name="Show again what this hides").click()
    shown(page, "7 runs")
    # The menu of a line opens by a key.
    page.get_by_role("tree").focus()
    page.keyboard.press("Shift+F10")
    expect(page.get_by_role("button", name="Only this run")).to_be_visible()


def test_how_a_run_is_doing_is_seen_and_said(server: Cupola, visit: Visit) -> None:
    page = visit(server.address + "#scalars")
    expect(line(page, "lr0.1/seed2").locator("[data-state=diverged]")).to_be_visible()
    said = "lr0.1/seed2, diverged since step 3, growing , val/acc NaN"
    expect(page.get_by_role("treeitem", name=said)).to_be_visible()
    mark = line(page, "lr0.1/seed2").get_by_role("img")
    expect(mark).to_have_attribute("title", re.compile("has had no finite value since step 3"))
    expect(line(page, "lr0.1/seed1").locator("[data-state=growing]")).to_be_visible()
    expect(line(page, "lr0.01/seed0").locator("[data-state=silent]")).to_be_visible()
    expect(line(page, "lr0.1/seed0").locator("[data-state=finished]")).to_be_visible()


def test_the_filter_says_what_may_be_written_next(server: Cupola, visit: Visit) -> None:
    page = visit(server.address + "#scalars")
    field = page.get_by_label("Filter runs")
    field.focus()
    page.keyboard.type("val")
    offered = page.get_by_role("listbox").get_by_role("option")
    expect(offered).to_have_count(1)
    page.keyboard.press("Tab")
    expect(field).to_have_value("val/acc ")
    expect(offered.first).to_have_text("<")
    page.keyboard.type("> 0.9 and st")
    expect(offered.nth(0)).to_contain_text("state")
    page.keyboard.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", offered.nth(0).get_attribute("id") or "")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(field).to_have_value("val/acc > 0.9 and state ")
    page.keyboard.type("= gr")
    expect(offered).to_have_text(re.compile('"growing"'))
    page.keyboard.press("Tab")
    expect(field).to_have_value('val/acc > 0.9 and state = "growing" ')
    shown(page, "4 of 7 runs")
    page.keyboard.press("Escape")
    expect(offered).to_have_count(0)
    expect(field).to_be_focused()
    # Into the list, with the runs that are left; the rule is in the address.
    page.keyboard.press("Enter")
    assert active(page) == "baseline"
    address(page, 'filter=val/acc > 0.9 and state = "growing"')
    page.reload()
    shown(page, "4 of 7 runs")


def test_the_place_of_a_mistake_is_marked_and_the_list_stays(server: Cupola, visit: Visit) -> None:
    page = visit(server.address + "#scalars?filter=seed1")
    field = page.get_by_label("Filter runs")
    shown(page, "2 of 7 runs")
    mistake = page.locator("[data-mistake]")
    for text, place, why in [
        ("seed(1", "", "“(” is never closed (character 5)"),
        ("val/acc > 0.5 and nix > 1", "nix", "There is no column “nix” (character 19)"),
        ('name ~ "seed[1"', '[1"', "“[” is never closed (character 13)"),
        ("val/acc >", "", "A column or a value is missing at the end (character 10)"),
    ]:
        field.fill(text)
        expect(page.get_by_text(f"{why}. The list stays as it was.")).to_be_visible()
        shown(page, "2 of 7 runs")
        if place:
            expect(mistake).to_have_text(place)
            at = mistake.evaluate(
                "e => e.getBoundingClientRect().left - e.parentElement.getBoundingClientRect().left"
            )
            assert at > 20, text
    field.fill("")
    shown(page, "7 runs")
    expect(mistake).to_have_count(0)


def choose(page: Page, what: str) -> None:
    page.get_by_title("Select runs").click()
    page.get_by_role("button", name=what, exact=True).click()


def test_what_is_shown_is_inverted_hidden_and_brought_back_by_rules(server: Cupola, visit: Visit) -> None:
    page = visit(server.address + "#scalars")
    field = page.get_by_label("Filter runs")
    field.fill("seed1")
    shown(page, "2 of 7 runs")
    choose(page, "Hide what the filter finds, new runs too")
    shown(page, "5 of 7 runs")
    expect(field).to_have_value("")
    assert "hide=" not in address(page, 'without=name ~ "seed1"')
    choose(page, "Invert what is shown")
    shown(page, "2 of 7 runs")
    address(page, 'without=not (name ~ "seed1")')
    page.reload()
    shown(page, "2 of 7 runs")
    choose(page, "Invert what is shown")
    shown(page, "5 of 7 runs")
    field.fill("seed")
    shown(page, "4 of 7 runs")
    choose(page, "Show what the filter finds")
    shown(page, "6 of 7 runs")
    choose(page, "Back to all runs: no filter, no rule")
    shown(page, "7 runs")
    page.wait_for_function("() => !location.hash.includes('without')")


def test_chosen_runs_are_compared_alone(server: Cupola, visit: Visit) -> None:
    page = visit(server.address + "#scalars")
    names = {name: page.locator(f"[data-run='{name}'] .name") for name in ALL if not name.endswith("/")}
    names["lr0.01/seed1"].click(modifiers=["Control"])
    names["lr0.1/seed0"].click(modifiers=["Control"])
    expect(page.get_by_text("2 chosen")).to_be_visible()
    expect(line(page, "lr0.1/seed0")).to_have_attribute("aria-selected", "true")
    page.get_by_role("button", name="Compare these").click()
    shown(page, "2 of 7 runs")
    expect(page.get_by_text("2 chosen", exact=True)).to_have_count(0)
    address(page, "show=lr0.01/seed1", "show=lr0.1/seed0")
    page.get_by_text("only 2 chosen runs").click()
    shown(page, "7 runs")
    # By keys: a range, then nothing.
    page.get_by_role("tree").focus()
    page.keyboard.press("Home")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    expect(page.get_by_text("4 chosen")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("4 chosen")).to_have_count(0)


def test_ten_thousand_runs_are_a_list_of_which_few_lines_are_in_the_page(
    tmp_path: Path, cupola: Start, visit: Visit
) -> None:
    first = Log(tmp_path / "p0" / "g00" / "run0").scalars({"loss": [(0, 1.0), (1, 0.5)]}).path
    for run in range(1, 10_000):
        folder = tmp_path / f"p{run % 10}" / f"g{run // 10 % 20:02}" / f"run{run}"
        folder.mkdir(parents=True)
        shutil.copyfile(first, folder / first.name)
    page = visit(cupola(tmp_path).address + "#scalars?fold=p3/")
    page.set_default_timeout(60_000)
    expect(page.locator("[data-runs-shown]")).to_have_text("10000 runs", timeout=60_000)
    lines_in_page = page.get_by_role("treeitem")
    assert 20 < lines_in_page.count() < 80
    page.get_by_role("tree").focus()
    page.keyboard.press("End")
    expect(line(page, "p9/g19/run9999")).to_be_visible()
    assert active(page) == "p9/g19/run9999"
    assert lines_in_page.count() < 80
    # The folder of what is seen is said above it.
    expect(page.get_by_role("tree").get_by_text("p9/g19/", exact=True)).to_be_visible()
    page.get_by_label("Filter runs").fill("run123$")
    shown(page, "1 of 10000 runs")
    page.get_by_label("Filter runs").fill("run.*7 or")
    page.get_by_label("Filter runs").fill("run[0-9]*77$")
    shown(page, "100 of 10000 runs")
    page.get_by_label("Filter runs").fill("")
    page.get_by_role("tree").focus()
    page.keyboard.press("Home")
    page.keyboard.press("Space")
    shown(page, "9000 of 10000 runs")
    assert len(address(page, "without=")) < 100


NAMES = [
    "<img src=x onerror=alert(1)>",
    "שלום/עולם",
    "\u202egnp.exe",
    "tab\there",
    "line\nbreak",
    " lead",
    "lead",
]
NAMES += [
    "trial_000_lr6.09e-05_" + "x" * 200 + "_seed1",
    "trial_000_lr6.09e-05_" + "x" * 200 + "_seed2",
    "é",
    "e\u0301",
]


def test_no_two_names_look_alike_and_none_harms_the_list(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    for name in NAMES:
        write(tmp_path / name, {"loss": [(0, 1.0), (1, 0.5)]})
    page = visit(cupola(tmp_path).address)
    expect(page.locator("[data-run]")).to_have_count(len(NAMES))
    seen = page.locator("[data-run] .name").all_inner_texts()
    assert len(set(seen)) == len(NAMES), seen
    for part in page.locator("[data-run] .name").all():
        assert part.evaluate("e => e.firstElementChild.scrollWidth <= e.firstElementChild.clientWidth + 1")
        box = part.bounding_box()
        assert box and box["height"] < 30
    long = page.locator("[data-run$=seed2] .name")
    assert long.inner_text().endswith("seed2")
    long.hover()
    expect(long).to_have_attribute("title", re.compile("trial_000_lr6.09e-05_x{200}_seed2"))


def test_runs_come_go_and_are_renamed_while_they_are_shown(
    tmp_path: Path, cupola: Start, visit: Visit
) -> None:
    for name in ("a/1", "a/2", "b"):
        write(tmp_path / name, {"loss": [(0, 1.0), (1, 0.5)]})
    page = visit(
        cupola(tmp_path, "--reload_interval", "0.5").address + "#scalars?without=name+~+%22%5Ea%2F%22"
    )
    shown(page, "1 of 3 runs")
    write(tmp_path / "a/3", {"loss": [(0, 1.0), (1, 0.5)]})
    shown(page, "1 of 4 runs")  # it follows the rule
    page.get_by_role("tree").focus()
    page.keyboard.press("End")
    assert active(page) == "b"
    page.locator("[data-run=b] .name").click()
    (tmp_path / "b").rename(tmp_path / "c")
    expect(page.locator("[data-run=c]")).to_be_visible()
    expect(page.locator("[data-run=b]")).to_have_count(0)
    shown(page, "1 of 4 runs")
    page.get_by_role("tree").focus()
    assert active(page) == "c"
    shutil.rmtree(tmp_path / "a")
    expect(page.get_by_role("treeitem")).to_have_count(1)
    write(tmp_path / "d", {"loss": [(0, 1.0), (1, 0.5)]})
    shown(page, "2 runs")
    page.locator("[data-run=c] .name").dblclick()
    shown(page, "1 of 2 runs")
    shutil.rmtree(tmp_path / "c")
    expect(page.get_by_text("only 1 chosen run (1 of them gone)")).to_be_visible()
    page.get_by_text("only 1 chosen run").click()
    shown(page, "1 run")
