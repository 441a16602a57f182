"""The commands of the manual are commands: shell that parses, options and targets that there are."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.test_docs import PAGES, ROOT, page_id

from cupola.cli import options

COMMANDS = {
    "inspect": options.inspect_parser,
    "projector": options.projector_parser,
    "demo": options.demo_parser,
}


def shell_blocks(path: Path) -> list[str]:
    """Blocks marked as shell, and plain ones that begin with a command."""
    found = re.findall(r"^```(\w*)\n(.*?)^```", path.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    first = r"(cupola|make|pip|python|git|ssh|docker|logs) [\w.\-]"
    return [text for kind, text in found if kind == "sh" or (not kind and re.match(first, text))]


def cupola_calls(path: Path) -> list[list[str]]:
    """Arguments of each `cupola ...`, in blocks and in text, up to what ends a command."""
    text = path.read_text("utf-8")
    spans = [*re.findall(r"(?<!`)`([^`\n]+)`(?!`)", text), *"\n".join(shell_blocks(path)).splitlines()]
    calls = []
    for span in spans:
        command = re.split(r"\s#|  +[a-z]|[|;&）)]", span.strip())[0]
        match = re.match(r"(?:exec |ssh .*?\s)?(?:cupola|%cupola)\s+(.*)", command)
        if match:
            calls.append(match[1].split())
    return calls


def known_options(arguments: list[str]) -> set[str]:
    """The options of the command that is called, in both spellings."""
    parser = COMMANDS.get(arguments[0], options.serve_parser)()
    names = {name for action in parser._actions for name in action.option_strings}
    if arguments[0] == "--inspect":
        names |= {"--inspect", *known_options(["inspect"])}
    return names | {name.replace("_", "-") for name in names}


@pytest.mark.parametrize("path", PAGES, ids=page_id)
def test_shell_parses(path: Path) -> None:
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("there is no bash")
    for block in shell_blocks(path):
        block = block.replace("<this repository>", "address").replace("…", "rest")
        done = subprocess.run([bash, "-n"], input=block, capture_output=True, text=True, encoding="utf-8")
        assert done.returncode == 0, (block, done.stderr)


@pytest.mark.parametrize("path", PAGES, ids=page_id)
def test_every_option_that_a_page_uses_is_there(path: Path) -> None:
    for arguments in cupola_calls(path):
        used = {re.split("[ =]", each)[0] for each in arguments if each.startswith("--") and len(each) > 2}
        used -= {"--height"}  # of the magic: tests/notebook
        assert used - known_options(arguments) == set(), arguments


@pytest.mark.parametrize("path", PAGES, ids=page_id)
def test_every_target_that_a_page_names_is_there(path: Path) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([\w-]+):", makefile, re.MULTILINE))
    text = path.read_text("utf-8")
    inline = re.findall(r"`make ((?:[\w-]+ ?)+)[^`]*`", text)
    lines = re.findall(r"^make ((?:[\w-]+ ?)+)", "\n".join(shell_blocks(path)), re.MULTILINE)
    named = {word for words in [*inline, *lines] for word in re.split(" +(?=[A-Z#]|$)", words)[0].split()}
    assert {word for word in named if not word.isupper()} - targets == set()


def test_commands_are_found() -> None:
    calls = [call for path in PAGES for call in cupola_calls(path)]
    assert ["logs", "--bind_all", "--token_file", "~/.cupola-token"] in calls
    assert sum(len(shell_blocks(path)) for path in PAGES) > 10
    assert any(call[0] == "inspect" for call in calls)
