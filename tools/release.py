"""Checks that a tag is a release, and says what is in it: `python3 tools/release.py v0.1.0`.

`--notes v0.1.0` prints the changelog's entry, `--dependencies` what a user gets beside the package.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def version() -> str:
    """The version, which stands in one place.

    Raises:
        SystemExit: it does not stand there.
    """
    path = ROOT / "src" / "cupola" / "__init__.py"
    found = re.search(r'^__version__ = "([^"]+)"', path.read_text("utf-8"), re.MULTILINE)
    if found is None:
        raise SystemExit(f"{path.name} has no line __version__ = ...")
    return found[1]


def notes(number: str) -> str:
    """The changelog's entry of a version.

    Raises:
        SystemExit: there is none, or it is empty.
    """
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    found = re.search(rf"^## \[?{re.escape(number)}\]?.*\n((?:(?!^## ).*\n?)*)", changelog, re.MULTILINE)
    if found is None or not found[1].strip():
        raise SystemExit(f"CHANGELOG.md has no entry '## {number}'; wanted what is new in it")
    return found[1].strip()


def dependencies() -> list[str]:
    """The requirements of `[project]`, as they stand."""
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    found = re.search(r"^dependencies = \[\n(.*?)^\]", project, re.MULTILINE | re.DOTALL)
    assert found
    return re.findall(r'^\s*"([^"]+)"', found[1], re.MULTILINE)


def check(tag: str) -> None:
    """Raises SystemExit unless the tag is `v` and the version, and the changelog has its entry."""
    if tag != f"v{version()}":
        raise SystemExit(
            f"the tag is {tag}, but src/cupola/__init__.py says {version()}; wanted v{version()}"
        )
    notes(version())


def main(arguments: list[str]) -> None:
    """See the module."""
    match arguments:
        case ["--dependencies"]:
            print("\n".join(dependencies()))
        case ["--notes", tag]:
            check(tag)
            print(notes(tag.removeprefix("v")))
        case [tag] if not tag.startswith("-"):
            check(tag)
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
