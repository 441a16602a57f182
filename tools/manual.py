"""Writes docs/cupola.1, the manual page, from the command's own parsers: `python -m tools.manual`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from cupola import __version__
from cupola.cli.completion import parsers
from cupola.cli.parser import Parser

PAGE: Final = Path(__file__).parents[1] / "docs" / "cupola.1"

COMMANDS: Final = {
    "": "Serves log directories until Ctrl-C.",
    "inspect": "Prints what log directories hold: runs, tags, kinds, counts, steps, damage.",
    "projector": "Serves the matrices of a file as clouds of points, without a log directory.",
    "demo": "Serves a demonstration of every kind of chart.",
}


def manual() -> str:
    """The page in the language of man(7)."""
    lines = [
        f'.TH CUPOLA 1 "" "cupola {__version__}" "User Commands"',
        ".SH NAME",
        r"cupola \- show TensorBoard event files in the browser",
        ".SH SYNOPSIS",
        ".nf",
        *(escape(line.strip()) for line in (parsers()[""].usage or "").splitlines()),
        ".fi",
        ".SH DESCRIPTION",
        escape(COMMANDS[""]),
        "Every directory below LOGDIR that holds an event file is a run; all of them are followed.",
        "Nothing is written there. Options may be spelled with",
        r".B _",
        r"or with",
        r".BR \- .",
        ".SH OPTIONS",
        *options(parsers()[""]),
        ".SH COMMANDS",
    ]
    for command, parser in parsers().items():
        if command:
            lines += [f".SS cupola {command}", escape(COMMANDS[command]), *options(parser)]
    lines += [
        ".SS cupola completion bash|zsh|fish",
        "Prints a script that completes commands, options and paths in that shell.",
        ".SH EXIT STATUS",
        "0 done, 1 nothing found, 2 a mistake in the call.",
        ".SH ENVIRONMENT",
        ".TP",
        ".B CUPOLA_TOKEN",
        "The token to ask for, as by",
        r".BR \-\-token_file .",
        ".SH EXAMPLES",
        ".nf",
        *(escape(line.strip()) for line in (parsers()[""].epilog or "").splitlines()[1:-2]),
        ".fi",
    ]
    return "\n".join(lines) + "\n"


def options(parser: Parser) -> list[str]:
    """A paragraph for each option."""
    lines = []
    for action in parser.options():
        names = [name for name in action.option_strings if name.replace("-", "_") not in seen(action, name)]
        value = f" {action.metavar}" if isinstance(action.metavar, str) and action.nargs is None else ""
        lines += [".TP", f".B {escape(', '.join(names) + value)}", escape(action.help or "")]
    return lines


def seen(action: argparse.Action, name: str) -> set[str]:
    """Names before this one, all with `_`: the spelling with `-` is said once for all."""
    before = action.option_strings[: action.option_strings.index(name)]
    return {each.replace("-", "_") for each in before}


def escape(text: str) -> str:
    """Text that troff takes as it is."""
    escaped = text.replace("\\", r"\e").replace("-", r"\-").replace("…", "...")
    return rf"\&{escaped}" if escaped[:1] in (".", "'") else escaped


if __name__ == "__main__":
    PAGE.write_text(manual(), "utf-8")
