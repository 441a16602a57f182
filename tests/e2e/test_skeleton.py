"""A plugin that lies in its two folders and nowhere else is built, mounted and opened."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata

from cupola.events.event import encode_summary
from cupola.plugins.audio.encode import audio

from .logs import Log

ROOT = Path(__file__).parents[2]
SKELETON = ROOT / "tests" / "skeleton"

Start = Callable[..., Any]
Visit = Callable[..., Page]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A copy of `src/` and the built page, the skeleton on both sides."""
    left_out = shutil.ignore_patterns("_web", "__pycache__", "node_modules")
    for folder in ("src", "web"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=left_out)
    (tmp_path / "web" / "node_modules").symlink_to(ROOT / "web" / "node_modules")
    shutil.copytree(SKELETON / "plugin", tmp_path / "src" / "cupola" / "plugins" / "skeleton")
    shutil.copytree(SKELETON / "page", tmp_path / "web" / "src" / "plugins" / "skeleton")
    vite = ROOT / "web" / "node_modules" / ".bin" / "vite"
    built = subprocess.run(
        [str(vite), "build"], cwd=tmp_path / "web", capture_output=True, text=True, timeout=100, check=False
    )
    assert built.returncode == 0, built.stdout + built.stderr
    return tmp_path / "src"


def clip(tag: str, frames: int) -> Summary.Value:
    """A clip of the plugin `skeleton`, as `SummaryWriter.add_audio` encodes one."""
    [value] = Summary.FromString(encode_summary(*audio(tag, np.zeros(frames), 8000).encode())).value
    value.metadata.CopyFrom(SummaryMetadata(plugin_data=SummaryMetadata.PluginData(plugin_name="skeleton")))
    return value


def test_the_skeleton_is_built_mounted_and_opened(
    source: Path, tmp_path: Path, cupola: Start, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = Log(tmp_path / "log" / "train")
    for step, frames in enumerate((100, 200, 300)):
        log.value(clip("voice/greeting", frames), step)
    monkeypatch.setenv("PYTHONPATH", str(source))
    monkeypatch.delenv("CUPOLA_PAGE", raising=False)
    page = visit(cupola(tmp_path / "log").address + "#skeleton")
    expect(
        page.get_by_role("tab", name="Skeleton").or_(page.get_by_role("link", name="Skeleton"))
    ).to_be_visible()
    card = page.locator("[data-card='voice/greeting']")
    expect(card).to_contain_text("300 frames, 644 B")
    expect(card.get_by_text("step 2")).to_be_visible()
    bytes_of = "async audio => (await (await fetch(audio.src)).arrayBuffer()).byteLength"
    assert card.locator("audio").evaluate(bytes_of) == 44 + 2 * 300
    page.wait_for_function("() => document.querySelector('audio').duration > 0")
    assert abs(card.locator("audio").evaluate("audio => audio.duration") - 300 / 8000) < 0.01
    card.focus()
    page.keyboard.press("ArrowLeft")
    expect(card).to_contain_text("200 frames, 444 B")
    page.keyboard.press("f")
    expect(page.get_by_role("dialog")).to_contain_text("200 frames")
