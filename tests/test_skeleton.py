"""What a new plugin of cards costs: the lines of the skeleton, and how many of them its neighbours have too.

tests/e2e/test_skeleton.py builds and opens it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
SKELETON = Path(__file__).parent / "skeleton"
SUFFIXES = {".py", ".ts", ".svelte"}

MOST_LINES = 150
SHARED_RUN = 6


def sources(*folders: Path) -> list[Path]:
    found = [path for folder in folders for path in folder.rglob("*") if path.suffix in SUFFIXES]
    return sorted(path for path in found if ".test." not in path.name)


def code(path: Path) -> list[str]:
    """A file's lines that are not empty, without their indentation."""
    return [line.strip() for line in path.read_text("utf-8").splitlines() if line.strip()]


def runs(path: Path) -> Iterator[tuple[str, ...]]:
    """Each run of lines that is long enough to count as shared."""
    lines = code(path)
    for start in range(len(lines) - SHARED_RUN + 1):
        yield tuple(lines[start : start + SHARED_RUN])


def test_a_plugin_of_cards_is_short() -> None:
    lines = {path.name: len(path.read_text("utf-8").splitlines()) for path in sources(SKELETON)}
    assert len(lines) == 8
    assert sum(lines.values()) <= MOST_LINES, lines


def test_no_neighbour_has_its_lines() -> None:
    neighbours = sources(ROOT / "src/cupola/plugins", ROOT / "web/src/plugins")
    assert len(neighbours) > 60
    theirs = {run: path for path in neighbours for run in runs(path)}
    shared = [
        f"{path.relative_to(ROOT)} and {theirs[run].relative_to(ROOT)}:\n" + "\n".join(run)
        for path in sources(SKELETON)
        for run in runs(path)
        if run in theirs
    ]
    assert not shared, "\n\n".join(shared)
