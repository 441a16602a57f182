"""The text room, as a person uses it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Locator, Page, expect
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.plugins.text.summary_v2 import text_pb
from tensorboard.util import tensor_util

from .logs import Log

Start = Callable[..., Any]
Visit = Callable[..., Page]

VECTORS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<details open ontoggle=alert(1)>x</details>",
    "<body onload=alert(1)>",
    "[x](javascript:alert(1))",
    "<a href='java&#9;script:alert(1)' autofocus onfocus=alert(1)>x</a>",
    "<math><mtext><table><mglyph><style><!--</style><img src=x onerror=alert(1)>",
    "<form action=//evil.example><input autofocus onfocus=alert(1)></form>",
    "<style>@import url(//evil.example/a.css)</style><p style='background:url(//evil.example/b.png)'>x</p>",
    "<link rel=stylesheet href=//evil.example/c.css><base href=//evil.example>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "![x](https://evil.example/d.png) <img srcset='https://evil.example/e.png 1x'>",
    "<video autoplay src=//evil.example/f.mp4 onerror=alert(1)></video>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
]


def text(tag: str, data: Any) -> Summary.Value:
    return text_pb(tag, data).value[0]


def card(page: Page, tag: str) -> Locator:
    return page.locator(f"[data-card={json.dumps(tag, ensure_ascii=False)}]").first


def test_markdown_is_drawn_and_can_be_off(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    log = Log(tmp_path)
    source = "# Title\n\n**bold** [link](https://example.org/)\n\n| a | b |\n|---|---|\n| 1 | 2 |"
    log.value(text("notes/text_summary", source), 3)
    page = visit(cupola(tmp_path).address + "#text")
    notes = card(page, "notes")
    expect(notes.locator("h1")).to_have_text("Title")
    expect(notes.locator("strong")).to_have_text("bold")
    expect(notes.locator("td").nth(1)).to_have_text("2")
    expect(notes.get_by_role("link")).to_have_attribute("rel", "noopener noreferrer nofollow")
    page.get_by_role("switch", name="Markdown").uncheck()
    expect(notes.locator("h1")).to_have_count(0)
    expect(notes).to_contain_text("# Title")
    page.wait_for_url("**markdown=0*")


def test_nothing_in_a_text_runs_or_reaches_out(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    log = Log(tmp_path)
    for step, vector in enumerate(VECTORS):
        log.value(text("evil", vector), step)
    log.value(text("table", np.array([VECTORS[:2], VECTORS[2:4]], object)), 0)
    log.value(text("<img src=x onerror=alert(1)>", "a tag"), 0)
    page = visit("about:blank")
    address = cupola(tmp_path).address
    outside: list[str] = []
    page.on("request", lambda r: outside.append(r.url) if not r.url.startswith((address, "data:")) else None)
    reports: list[str] = []
    page.on("console", lambda message: reports.append(message.text))
    page.goto(address + "#text?view=all")
    expect(card(page, "evil").locator(".head")).to_have_count(len(VECTORS))
    expect(card(page, "table").locator("td")).to_have_count(4)
    page.wait_for_timeout(500)
    assert outside == []
    assert [report for report in reports if "Content Security Policy" in report] == []
    active = page.evaluate(
        """() => [...document.querySelectorAll(".text *")].filter(found =>
            found.matches("script, iframe, object, form, input, style, link, svg:not([aria-hidden]), video")
            || [...found.attributes].some(({name}) => /^on|^style$|^srcset$/i.test(name))).length"""
    )
    assert active == 0
    expect(card(page, "evil").get_by_text("image at evil.example, not loaded").first).to_be_visible()


def test_a_text_is_copied_as_it_was_logged(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    source = "# Title\n\n  two  spaces\nline\ttab <b>&amp;</b> \u4e2d\u6587"
    log = Log(tmp_path)
    log.value(text("note", source), 0)
    table = tensor_util.make_tensor_proto(np.array([["a", "b"], ["c", "d"]], dtype=object))
    value = Summary.Value(tag="table", tensor=table)
    value.metadata.plugin_data.plugin_name = "text"
    log.value(value, 0)
    page = visit(cupola(tmp_path).address + "#text")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    for tag, wanted in (("note", source), ("table", "a\tb\nc\td")):
        shown = card(page, tag)
        shown.hover()
        shown.get_by_role("button", name="Copy").click()
        expect(shown.get_by_role("status").first).to_have_text("Copied")
        assert page.evaluate("() => navigator.clipboard.readText()") == wanted


def test_steps_search_and_all_steps(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    log = Log(tmp_path)
    for step in range(30):
        log.value(text("log", f"Entry {step} " + ("needle" if step % 10 == 7 else "hay")), step)
    page = visit(cupola(tmp_path).address + "#text")
    shown = card(page, "log")
    expect(shown).to_contain_text("Entry 29 hay")
    shown.get_by_role("slider").focus()
    page.keyboard.press("ArrowLeft")
    expect(shown).to_contain_text("Entry 28 hay")
    page.keyboard.press("Home")
    expect(shown).to_contain_text("Entry 0 hay")
    log.value(text("log", "the newest"), 30)
    expect(shown.get_by_role("slider")).to_have_attribute("max", "30")
    expect(shown).to_contain_text("Entry 0 hay")
    page.keyboard.press("End")
    expect(shown).to_contain_text("the newest")
    page.get_by_label("Search in texts").fill("NEEDLE")
    expect(shown.locator(".note")).to_have_text("3 of 31 steps")
    expect(shown).to_contain_text("Entry 27 needle")
    assert page.evaluate("CSS.highlights.get('found').size") == 1
    page.get_by_role("radio", name="all steps").click()
    expect(shown.locator(".head")).to_have_count(3)
    expect(shown.locator(".head").first).to_contain_text("step 27")
    page.get_by_label("Search in texts").fill("")
    expect(shown.locator(".head")).to_have_count(20)
    shown.get_by_role("button", name="11 more").click()
    expect(shown.locator(".head")).to_have_count(31)
    expect(shown).to_contain_text("Entry 0 hay")


def test_tables_damage_and_long_texts(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    log = Log(tmp_path)
    log.value(text("table", np.array([["**name**", "value"], ["alpha", "0.1"]], object)), 0)
    damaged = Summary.Value(tag="damaged", tensor=tensor_util.make_tensor_proto([1.0]))
    damaged.metadata.plugin_data.plugin_name = "text"
    log.value(damaged, 0)
    log.value(text("long", "word " * 60_000), 0)
    log.value(text("constructor", "a name of JavaScript's own"), 0)
    page = visit(cupola(tmp_path).address + "#text")
    expect(card(page, "table").locator("td strong")).to_have_text("name")
    expect(card(page, "damaged")).to_contain_text("damaged: a text is a tensor of strings")
    expect(card(page, "long")).to_contain_text("293 KiB, shown as plain text")
    card(page, "long").get_by_role("button", name="Show all 293 KiB").click()
    expect(card(page, "long").get_by_role("button", name="Show all")).to_have_count(0)
    expect(card(page, "constructor")).to_contain_text("a name of JavaScript's own")


def test_no_letter_and_no_line_of_a_text_is_lost(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    log = Log(tmp_path)
    texts = {
        "tokens": "<s>[INST] 2+2? [/INST] 4 </s> score 0.9",
        "condition": "if a<b and c>d then x",
        "folded": "<details>the answer is 42",
        "yaml": "lr: 0.1\nmodel:\n  arch: resnet50\nseed: 1",
        "config": json.dumps({"batch_size": 64, "model": {"arch": "resnet50"}}, indent=2),
        "network": "Sequential(\n  (0): Linear(in_features=10)\n  (1): ReLU()\n)",
    }
    for tag, words in texts.items():
        log.value(text(tag, words), 0)
    page = visit(cupola(tmp_path).address + "#text")
    for tag, words in texts.items():
        body = card(page, tag).locator(".text")
        expect(body).to_have_js_property("innerText", words)
        assert body.locator("s, del, details").count() == 0
    expect(card(page, "config").locator("pre code")).to_have_count(1)


def test_a_bomb_stays_in_its_card(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    log = Log(tmp_path)
    log.value(text("quotes", "> " * 2000 + "deep"), 0)
    log.value(text("tags", "<details>" * 20_000), 0)
    log.value(text("brackets", "[" * 90_000 + "]" * 90_000), 0)
    log.value(text("table", np.array([["cell"]] * 5000, object)), 0)
    log.value(text("fine", "**bold**"), 0)
    page = visit(cupola(tmp_path).address + "#text")
    expect(card(page, "fine").locator("strong")).to_have_text("bold")
    for tag in ("quotes", "tags"):
        expect(card(page, tag)).to_contain_text("shown as plain text")
    expect(card(page, "quotes").locator(".plain")).to_contain_text("deep")
    expect(card(page, "brackets").locator("code")).to_contain_text("[[[]]]")
    expect(card(page, "table").locator("tr")).to_have_count(1000)
    assert page.locator("[data-card] *").count() < 6000
    card(page, "table").get_by_role("button", name="4,000 more rows").click()
    expect(card(page, "table").locator("tr")).to_have_count(2000)


def test_a_moved_card_stands_in_the_address(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    log = Log(tmp_path)
    for step in range(5):
        log.value(text("a/log", f"Entry {step}"), step)
        log.value(text("a/other", f"Other {step}"), step)
    address = cupola(tmp_path).address
    page = visit(address + "#text")
    moved = card(page, "a/log")
    expect(moved).to_contain_text("Entry 4")
    moved.get_by_role("slider").focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**at=*")
    page.reload()
    expect(moved).to_contain_text("Entry 3")
    expect(card(page, "a/other")).to_contain_text("Other 4")
    page.get_by_role("switch", name="Link steps").check()
    moved.get_by_role("slider").focus()
    page.keyboard.press("Home")
    expect(card(page, "a/other")).to_contain_text("Other 0")
    # Addresses of before keys named an index.
    page = visit(address + '#text?at=[".","a/log",1]')
    expect(card(page, "a/log")).to_contain_text("Entry 1")


def test_chinese(tmp_path: Path, cupola: Start, visit: Visit) -> None:
    Log(tmp_path).value(text("笔记", "## 标题\n\n两个**字**"), 0)
    page = visit(cupola(tmp_path).address + "#text", locale="zh-CN")
    expect(page.get_by_role("radio", name="所有步")).to_be_visible()
    expect(card(page, "笔记").locator("strong")).to_have_text("字")
