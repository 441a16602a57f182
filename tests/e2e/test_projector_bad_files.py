"""What is wrong with an embedding's files, as the page says it: in its language, beside what can be shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from cupola.plugins.projector.config import FILE
from cupola.plugins.projector.encode import embedding

WEBGL = True

Start = Callable[..., Any]
Visit = Callable[..., Page]

MATRIX = np.random.default_rng(0).normal(size=(40, 5))


@pytest.fixture
def logdir(tmp_path: Path) -> Path:
    """A run whose labels are gone, whose sprite is no image and whose tensor was cut; a run with a broken
    config.
    """
    run = tmp_path / "run"
    embedding(MATRIX, [f"w{i}" for i in range(40)], np.ones((40, 1, 4, 4)), 0, "t").write(run)
    folder = run / "00000" / "t"
    (folder / "metadata.tsv").unlink()
    (folder / "sprite.png").write_bytes(b"no image")
    (tensor,) = folder.glob("tensors.*")
    tensor.write_bytes(tensor.read_bytes()[:-30])
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / FILE).write_text("embeddings { oh no")
    return tmp_path


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        (
            "en-US",
            ["The tensor file was cut short: it holds 3", "no file '00000/t/metadata.tsv'", "no image that"],
        ),
        ("zh-CN", ["张量文件不完整", "运行目录中没有文件", "不是可读取的图片"]),
    ],
)
def test_each_missing_part_is_said_and_the_points_are_drawn(
    logdir: Path, cupola: Start, visit: Visit, locale: str, words: list[str]
) -> None:
    page = visit(f"{cupola(logdir).address}#projector", allow=("404", "422"), locale=locale)
    expect(page.locator("[data-drawn='t:00000']")).to_be_visible()
    panel = page.locator("aside.data")
    for word in words:
        expect(panel).to_contain_text(word)
    panel.locator("summary", has_text="bad").click()
    expect(panel).to_contain_text("line 1: saw" if locale == "en-US" else "配置第 1 行有误")
