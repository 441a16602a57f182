from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from tests.support.log import read
from tests.support.server import Client, client

from cupola.server.page import Page


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    web = tmp_path / "web"
    (web / "assets").mkdir(parents=True)
    (web / "index.html").write_text("<!doctype html><title>built</title>" + " " * 2000)
    (web / "assets" / "main-Bx3_k-9Z.js").write_text("console.log(1);" * 200)
    (web / "cupola.svg").write_text("<svg/>")
    (web / "secret.py").write_text("no")
    return web


def served(folder: Path) -> Client:
    return client(read(folder / "none"), page=Page(folder))


def test_the_page_and_its_files(folder: Path):
    asked = served(folder)
    page = asked.get("/")
    assert (
        page.text.startswith("<!doctype html>") and page.headers["content-type"] == "text/html; charset=utf-8"
    )
    assert page.headers["cache-control"] == "no-cache"
    script = asked.get("/assets/main-Bx3_k-9Z.js")
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert asked.get("/cupola.svg").headers["cache-control"] == "no-cache"
    assert asked.get("/cupola.svg").headers["content-type"] == "image/svg+xml"
    assert asked.get("/secret.py").status_code == 404


def test_it_is_compressed_for_who_can_take_it(folder: Path):
    asked = served(folder)
    plain = asked.get("/", headers={"Accept-Encoding": "identity"})
    packed = asked.get("/", headers={"Accept-Encoding": "gzip, br"})
    assert "content-encoding" not in plain.headers and packed.headers["content-encoding"] == "gzip"
    assert packed.text == plain.text
    assert int(packed.headers["content-length"]) == len(gzip.compress(plain.content, 6, mtime=0))


def test_what_a_browser_has_is_not_sent_again(folder: Path):
    asked = served(folder)
    tag = asked.get("/").headers["etag"]
    again = asked.get("/", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert asked.ask("HEAD", "/").content == b""


def test_files_that_come_later_are_not_served(folder: Path):
    asked = served(folder)
    (folder / "later.txt").write_text("later")
    (folder / "index.html").write_text("changed")
    assert asked.get("/later.txt").status_code == 404
    assert "built" in asked.get("/").text


def test_a_checkout_without_the_page_says_how_to_build_it(tmp_path: Path):
    page = served(tmp_path / "nothing").get("/")
    assert page.status_code == 200 and "make page" in page.text
