"""The manual names everything that users can name, its links lead somewhere, and its code runs."""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from starlette.routing import BaseRoute, Mount, Route
from tests.frameworks.catalog import FRAMEWORKS, TRACKERS, Framework
from tests.support.memory_provider import MemoryProvider

import cupola
from cupola import SummaryWriter
from cupola.cli import options
from cupola.plugins import plugins
from cupola.server.routes import Api
from cupola.types import DAMAGE_REASONS

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PLUGINS = ROOT / "src" / "cupola" / "plugins"
PLUGIN_PAGES = sorted(PLUGINS.glob("*/README.md"))
FRAMEWORK_PAGES = sorted(DOCS.glob("with/*.md"))
PAGES = [
    ROOT / "README.md",
    ROOT / "README.zh-CN.md",
    ROOT / "CONTRIBUTING.md",
    *sorted(DOCS.glob("*.md")),
    *sorted(DOCS.glob("zh-CN/*.md")),
    *FRAMEWORK_PAGES,
    *PLUGIN_PAGES,
]
RUNNABLE = [
    path for path in PAGES if "```python\n" in path.read_text("utf-8") and path not in FRAMEWORK_PAGES
]
"""Those of the frameworks are run by tests/frameworks, where the frameworks are."""


def page(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def page_id(path: Path) -> str:
    if path.parent.parent == PLUGINS:
        return path.parent.name
    return str(path.relative_to(DOCS)) if DOCS in path.parents else path.name


def api_routes() -> list[tuple[str, str]]:
    """(method, path) of each route under /api."""
    return sorted(walk(Api(MemoryProvider(), None).router.routes, "/api"))


def walk(routes: Sequence[BaseRoute], prefix: str) -> Iterator[tuple[str, str]]:
    for route in routes:
        if isinstance(route, Mount):
            yield from walk(route.routes, prefix + route.path)
        elif isinstance(route, Route):
            for method in (route.methods or set()) - {"HEAD"}:
                yield method, prefix + route.path


def test_every_route_is_in_the_manual() -> None:
    text = page("http_api.md")
    found = api_routes()
    assert ("GET", "/api/catalog") in found and ("POST", "/api/scalars/data") in found
    assert [f"{method} {path}" for method, path in found if f"`{method} {path}" not in text] == []


def test_every_route_of_the_manual_is_there() -> None:
    documented = set(re.findall(r"`(GET|POST|PATCH) (/api/[\w/{}]+)", page("http_api.md")))
    assert documented - set(api_routes()) == set()


def test_every_option_is_in_the_manual() -> None:
    text = page("cli.md")
    for parser in (options.serve_parser(), options.inspect_parser(), options.demo_parser()):
        for action in parser._actions:
            if action.option_strings and action.help != argparse.SUPPRESS:
                assert any(option in text for option in action.option_strings), (parser.prog, action)


@pytest.mark.parametrize("name", sorted(set(cupola.__all__) - {"__version__"}))
def test_every_public_name_is_in_the_manual(name: str) -> None:
    assert any(re.search(rf"\b{name}\b", path.read_text("utf-8")) for path in PAGES)


@pytest.mark.parametrize("name", sorted(name for name in dir(SummaryWriter) if name.startswith("add_")))
def test_every_add_call_is_on_a_plugins_page(name: str) -> None:
    assert any(f"writer.{name}(" in path.read_text("utf-8") for path in PLUGIN_PAGES)


@pytest.mark.parametrize("reason", DAMAGE_REASONS)
def test_every_damage_reason_is_in_the_manual(reason: str) -> None:
    assert f"`{reason}`" in page("event_file.md")


def test_every_environment_variable_is_in_the_manual() -> None:
    pattern = r"(?:environ(?:\.get\(|\[)|getenv\()\s*[\"'](\w+)"
    sources = [*(ROOT / "src").rglob("*.py"), *(ROOT / "web").glob("*.ts")]
    named = {name for path in sources for name in re.findall(pattern, path.read_text("utf-8"))}
    assert {name for name in named if name not in page("cli.md")} == set()


@pytest.mark.parametrize("name", sorted(plugins()))
def test_every_plugin_has_a_page_that_the_quickstart_leads_to(name: str) -> None:
    assert (PLUGINS / name / "README.md").is_file()
    assert f"plugins/{name}/README.md" in page("quickstart.md")


@pytest.mark.parametrize("one", [*FRAMEWORKS, *TRACKERS], ids=lambda one: one.name)
def test_every_framework_has_a_page_that_the_quickstart_leads_to(one: Framework) -> None:
    assert f"](with/{one.page.name})" in page("quickstart.md")
    assert one.page.read_text("utf-8").startswith("# cupola with ")


def test_every_framework_page_is_of_a_framework_that_is_tried() -> None:
    assert {path.stem for path in FRAMEWORK_PAGES} == {one.name for one in (*FRAMEWORKS, *TRACKERS)}


@pytest.mark.parametrize("path", PAGES, ids=page_id)
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)", path.read_text("utf-8")):
        if "://" not in target:
            assert (path.parent / target).exists(), target


@pytest.mark.parametrize("path", RUNNABLE, ids=page_id)
def test_code_blocks_run(path: Path, tmp_path: Path) -> None:
    """One after the other, in one program, in an empty directory."""
    blocks = re.findall(r"```python\n(.*?)```", path.read_text("utf-8"), re.DOTALL)
    assert blocks
    program = tmp_path / "blocks.py"
    program.write_text("\n".join(blocks), "utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "error", program.name],
        cwd=tmp_path,
        env={**os.environ, "MPLBACKEND": "Agg"},
        capture_output=True,
        text=True,
        timeout=100,
    )
    if package := re.search(r"No module named '(torch|matplotlib|pandas)'", done.stderr):
        raise ModuleNotFoundError(name=package[1])  # tests/conftest.py says what that means
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""


@pytest.mark.parametrize("name", ["migrating.md"])
def test_a_translated_page_has_all_sections_and_rows(name: str) -> None:
    def shape(path: Path) -> list[int]:
        """Rows of tables in each section."""
        sections = path.read_text("utf-8").split("\n## ")
        return [len(re.findall(r"^\|", section, re.MULTILINE)) for section in sections]

    assert shape(DOCS / "zh-CN" / name) == shape(DOCS / name)
