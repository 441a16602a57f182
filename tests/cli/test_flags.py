"""TensorBoard's own flags: each is taken, or answered with the reason why there is nothing to do."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from tensorboard import default
from tensorboard.backend import application
from tests.support.command import call, running

from cupola.cli import main
from cupola.cli.options import UNNEEDED, demo_parser, inspect_parser, serve_parser
from cupola.cli.parser import guess_of


def theirs() -> dict[str, argparse.Action]:
    """TensorBoard's flags by name."""
    parser = argparse.ArgumentParser()
    for plugin in default.get_plugins():
        loader = application.make_plugin_loader(plugin)
        loader.define_flags(parser)
    return {action.option_strings[0]: action for action in parser._actions if action.option_strings}


THEIRS = theirs()
ELSEWHERE = {"-h", "--inspect"}
"""`--inspect` is the command `inspect`."""


def test_the_list_is_tensorboards() -> None:
    assert {"--logdir", "--samples_per_plugin", "--reuse_port", "--db"} <= THEIRS.keys() and len(THEIRS) > 25


@pytest.mark.parametrize("flag", sorted(THEIRS.keys() - ELSEWHERE))
def test_each_is_taken_or_answered(flag: str) -> None:
    known = serve_parser()._option_string_actions
    assert flag in known and (flag in UNNEEDED or known[flag].help != argparse.SUPPRESS)


def test_what_is_answered_is_answered_with_a_reason(tmp_path: Path) -> None:
    words = [f"{flag}=1" for flag in UNNEEDED]
    with running(tmp_path, "--port", "0", *words, "--reuse_port=true") as (_, process):
        assert process.stderr is not None
        for flag, reason in UNNEEDED.items():
            assert process.stderr.readline() == f"cupola: {flag} is not needed: {reason}\n"


def test_their_command_words(tmp_path: Path) -> None:
    with running("serve", "--logdir", tmp_path, "--port", "0") as (address, _):
        assert httpx.get(address).status_code == 200
    assert "has been shut down" in call("dev", "upload").stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["logs", "--prot", "1"], "did you mean --port?"),
        (["logs", "--bind-al"], "did you mean --bind_all?"),
        (["logs", "--logdri=x"], "did you mean --logdir?"),
        (["inspect", "logs", "--jsno"], "did you mean --json?"),
        (["demo", "--hots", "x"], "did you mean --host?"),
        (["completion", "bsh"], "did you mean bash?"),
        (["logs", "--zzz"], "unrecognized arguments: --zzz; `cupola --help` lists what there is"),
        (["logs", "--port"], "expected one argument; `cupola --help`"),
        (["inspect", "--event_file", "none"], "none is not there; wanted an event file"),
        (["logs", "--reuse_port=maybe"], "'maybe' is neither true nor false"),
    ],
)
def test_what_is_mistyped_is_guessed(words: list[str], said: str, capsys) -> None:
    try:
        status = main(words)
    except SystemExit as exit:
        status = int(exit.code or 0)
    assert status == 2 and said in capsys.readouterr().err


def test_every_option_is_guessed_from_two_swapped_letters() -> None:
    for parser in (serve_parser(), inspect_parser(), demo_parser()):
        for action in parser.options():
            name = action.option_strings[0]
            if len(name) > 6:
                swapped = name[:4] + name[5] + name[4] + name[6:]
                assert guess_of(swapped, parser._option_string_actions), swapped


def test_help_says_where_the_documentation_is(monkeypatch, capsys) -> None:
    """As the package's own data say it: another place to write it down would be one too many."""
    import importlib.metadata
    from email.message import Message

    data = Message()
    data["Project-URL"] = "Source, https://example.org/code"
    data["Project-URL"] = "Documentation, https://example.org/docs"
    monkeypatch.setattr(importlib.metadata, "metadata", lambda _: data)
    for words in (["--help"], ["inspect", "--help"], ["demo", "--help"]):
        with pytest.raises(SystemExit) as exit:
            main(words)
        said = capsys.readouterr().out
        assert exit.value.code == 0 and said.rstrip().endswith("documentation: https://example.org/docs")


def test_where_nobody_knows_an_address_it_is_the_checkout_or_the_page_for_man(
    monkeypatch, capsys, tmp_path: Path
) -> None:
    import importlib.metadata
    from email.message import Message

    def said(checkout: Path) -> str:
        monkeypatch.setattr("cupola.cli.parser.CHECKOUT", checkout)
        with pytest.raises(SystemExit):
            main(["--help"])
        return capsys.readouterr().out.rstrip().splitlines()[-1]

    monkeypatch.setattr(importlib.metadata, "metadata", lambda _: Message())
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "environment"))
    root = Path(__file__).parents[2]
    assert said(root) == f"documentation: {root / 'docs' / 'README.md'}"
    assert "documentation" not in said(tmp_path)
    page = tmp_path / "environment" / "share" / "man" / "man1" / "cupola.1"
    page.parent.mkdir(parents=True)
    page.touch()
    assert said(tmp_path) == f"documentation: {page}"


def test_what_only_messages_need_is_not_loaded_at_the_start() -> None:
    code = (
        "import sys, cupola.cli.serve, cupola.cli.options as o; o.serve_parser().parse(['logs']);"
        "import cupola.cli.sockets, cupola.cli.report, cupola.cli.addresses, cupola.cli.token;"
        "print(sorted(set(sys.modules) & {'difflib', 'http.client', 'importlib.metadata', 'ssl', 'numpy'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
