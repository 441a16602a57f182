"""The documentation site builds without a warning, leads to every page, and documents every public name."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path

import pytest
from tests.support.public_api import public_functions, public_names

ROOT = Path(__file__).parents[1]
ENTRIES = [ROOT / "docs" / "README.md", ROOT / "docs" / "zh-CN" / "README.md"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site. A link to nowhere is a warning, and a warning is an error."""
    import sphinx  # noqa: F401

    out = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-c", "docs", ".", str(out)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture(scope="module")
def documented(site: Path) -> dict[str, str]:
    """The reference's names, each with where it stands."""
    from sphinx.util.inventory import InventoryFile

    inventory = InventoryFile.loads((site / "objects.inv").read_bytes(), uri="")
    names = {}
    for kind, entries in inventory.data.items():
        if kind.startswith("py:"):
            names.update({name: item.uri for name, item in entries.items()})
    return names


def test_every_public_name_is_in_the_reference(documented: dict[str, str]) -> None:
    names = public_names()
    assert "cupola.SummaryWriter.add_scalar" in names and "cupola.reader.Log.scalars" in names
    assert [name for name in names if name not in documented] == []


def test_every_argument_is_in_the_reference(site: Path) -> None:
    text = (site / "docs" / "reference.html").read_text("utf-8")
    missing = []
    for member in public_functions():
        name = member.name.removesuffix(".__init__")
        entry = text.partition(f'id="{name}"')[2].partition('id="cupola.')[0]
        for argument in inspect.signature(inspect.unwrap(member.value)).parameters:
            if argument != "self" and f">{argument}<" not in entry:
                missing.append(f"{name}({argument})")
    assert missing == []


def test_the_first_page_leads_to_the_entry_page(site: Path) -> None:
    assert "url=docs/README.html" in (site / "index.html").read_text("utf-8")


def test_every_page_of_the_manual_is_in_an_entry_page() -> None:
    listed = {
        (entry.parent / target).resolve()
        for entry in ENTRIES
        for target in entry.read_text("utf-8").replace("](", "\n](").splitlines()
        for target in [target.partition("](")[2].partition(")")[0]]
        if target
    }
    pages = {*ROOT.glob("docs/*.md"), *ROOT.glob("docs/*/*.md"), *ROOT.glob("src/cupola/plugins/*/README.md")}
    assert pages - listed - {ENTRIES[0]} == set()
