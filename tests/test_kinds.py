"""The tables of what is written, read and shown are what the plugins are, and what a log shows."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest
from tests.support.memory_provider import MemoryProvider
from tools import kinds

import cupola
from cupola import SummaryWriter
from cupola.plugins import plugins
from cupola.server.routes import Api

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("path", kinds.PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_page_says_what_is_made_of_the_plugins(path: Path) -> None:
    assert path.read_text("utf-8") == kinds.with_kinds(path), "run python -m tools.kinds"


def test_every_kind_and_every_call_is_there_once() -> None:
    found = kinds.kinds()
    assert sorted(kind.name for kind in found) == sorted(plugins()) == sorted(kinds.CHINESE)
    calls = [call for kind in found for call in kind.calls]
    assert sorted(calls) == sorted(name for name in dir(SummaryWriter) if name.startswith("add_"))


@pytest.mark.parametrize("kind", kinds.kinds(), ids=lambda kind: kind.name)
def test_what_is_written_is_listed(kind: kinds.Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the code of its page, which calls everything that the table names."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPLBACKEND", "Agg")
    page = (kinds.PLUGINS / kind.name / "README.md").read_text("utf-8")
    code = "\n".join(re.findall(r"```python\n(.*?)```", page, re.DOTALL))
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(code, f"{kind.name}/README.md", "exec"), {"__name__": "__main__"})
    assert cupola.open("logs").tags(kind.name)


@pytest.mark.parametrize("kind", kinds.kinds(), ids=lambda kind: kind.name)
def test_what_is_read_has_routes_and_what_is_shown_is_read(kind: kinds.Kind) -> None:
    assert kind.is_read == (kind.name in Api(MemoryProvider(), None).plugins.answering())
    assert kind.is_read or not kind.is_shown
