"""What the project's own files promise of each other."""

from __future__ import annotations

import json
import re
from pathlib import Path

import cupola

ROOT = Path(__file__).parents[1]
PYPROJECT = (ROOT / "pyproject.toml").read_text("utf-8")
MAX_LINES = 400
SOURCES = {".py", ".pyi", ".cpp", ".h", ".ts", ".svelte", ".css", ".mjs"}
FOLDERS = ("src/cupola", "codec", "web", "tests", "benchmarks", "examples", "tools")


def listed(name: str) -> list[str]:
    """The strings of the list `name = [...]` in pyproject.toml."""
    found = re.search(rf"^{name} = \[\n(.*?)^\]", PYPROJECT, re.MULTILINE | re.DOTALL)
    assert found, name
    return re.findall(r'^\s*"([^"]+)"', found[1], re.MULTILINE)


def test_the_runtime_group_is_what_a_user_gets() -> None:
    assert listed("dependencies") and listed("runtime") == listed("dependencies")


def test_the_version_stands_in_one_place() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+(\.\w+)?", cupola.__version__)
    dynamic = re.search(r"^dynamic = (.*)$", PYPROJECT, re.MULTILINE)
    assert dynamic and '"version"' in dynamic[1] and not re.search(r"^version = ", PYPROJECT, re.MULTILINE)
    assert "version" not in json.loads((ROOT / "web" / "package.json").read_text("utf-8"))


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    skipped = {"node_modules", "_web", "__pycache__"}
    files = [
        path
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*")
        if path.suffix in SOURCES and not skipped.intersection(path.parts)
    ]
    assert len(files) > 300
    long = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in files}
    assert {path: lines for path, lines in long.items() if lines > MAX_LINES} == {}
