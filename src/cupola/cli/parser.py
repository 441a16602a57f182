"""argparse with the habits of this command: words in any order, guesses for mistyped options, and output that
a full disk does not turn into a traceback.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from cupola.cli import say, warn

CHECKOUT: Final = Path(__file__).parents[3]
"""Of which this is the source, if it is not installed."""


class Parser(argparse.ArgumentParser):
    """A parser whose options are known under their names with `_` and with `-`."""

    def __init__(self, prog: str, **rest: Any) -> None:
        super().__init__(
            prog=prog, allow_abbrev=False, formatter_class=argparse.RawDescriptionHelpFormatter, **rest
        )

    def option(self, name: str, **rest: Any) -> None:
        """Adds an option."""
        names = dict.fromkeys((name, "--" + name[2:].replace("_", "-")))
        self.add_argument(*names, **rest)

    def options(self) -> list[argparse.Action]:
        """The options that `--help` shows."""
        return [a for a in self._actions if a.option_strings and a.help != argparse.SUPPRESS]

    def parse(self, words: Sequence[str]) -> argparse.Namespace:
        """The words as options. Ends the process with status 2 where they are none."""
        options, unknown = self.parse_known_intermixed_args(list(words))
        if unknown:
            guess = guess_of(unknown[0].partition("=")[0], self._option_string_actions)
            self.error(f"unrecognized arguments: {' '.join(unknown)}{guess}")
        return options

    def format_help(self) -> str:
        """argparse's, and where the documentation is."""
        place = documentation()
        return super().format_help() + (f"\ndocumentation: {place}\n" if place else "")

    def error(self, message: str) -> Any:
        """Says what is wrong, and where the options are listed."""
        warn(f"{message}; `{self.prog} --help` lists what there is")
        raise SystemExit(2)

    def _print_message(self, message: str, file: Any = None) -> None:
        if file is sys.stderr:
            super()._print_message(message, file)
        elif message and not say(message.rstrip("\n")):
            raise SystemExit(2)


def documentation() -> str:
    """Where the documentation is: the address that the installed package says; the checkout's folder; the
    page for `man` that came along. Empty where there is none of these.
    """
    import importlib.metadata  # only help needs it

    try:
        urls = importlib.metadata.metadata("cupola").get_all("Project-URL") or []
    except importlib.metadata.PackageNotFoundError:
        urls = []
    for url in urls:
        if url.lower().startswith("documentation,"):
            return str(url).partition(", ")[2]
    manual = Path(sys.prefix, "share", "man", "man1", "cupola.1")
    here = [str(page) for page in (CHECKOUT / "docs" / "README.md", manual) if page.is_file()]
    return here[0] if here else ""


def guess_of(word: str, known: Iterable[str]) -> str:
    """`; did you mean …?` if a known word is like this one, else nothing."""
    import difflib  # only who mistypes waits for it

    visible = [each for each in known if each.startswith("--") == word.startswith("--")]
    close = difflib.get_close_matches(
        word.replace("-", "_"), [each.replace("-", "_") for each in visible], 1, 0.7
    )
    if not close:
        return ""
    name = next(each for each in visible if each.replace("-", "_") == close[0])
    return f"; did you mean {name}?"
