"""The log directories that a command line names."""

from __future__ import annotations

import argparse
import glob
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from cupola.cli import COMMANDS, UsageError, count, warn
from cupola.cli.parser import Parser, guess_of
from cupola.errors import LogdirError
from cupola.index.files import check_logdir
from cupola.index.roots import Root, fixed_part, similar

_ADDRESS: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


def add_logdir_options(parser: Parser) -> None:
    """Adds what names log directories."""
    parser.add_argument(
        "directories",
        nargs="*",
        metavar="LOGDIR",
        help="log directory, or a pattern of such in quotes; it is waited for if it does not exist yet",
    )
    parser.option(
        "--logdir",
        action="append",
        default=[],
        metavar="LOGDIR",
        help="the same, as TensorBoard spells it; may be repeated",
    )
    parser.option(
        "--logdir_spec",
        action="append",
        default=[],
        metavar="NAME:LOGDIR,…",
        help="several log directories, each with the name that its runs' names begin with",
    )


def roots_of(options: argparse.Namespace) -> list[Root]:
    """What the options name, without what they name twice. Names tell several directories apart.

    Raises:
        UsageError: what is named can be no log directory.
    """
    places = [("", word) for word in (*options.directories, *options.logdir) if word]
    places += [pair for spec in options.logdir_spec for pair in _parse_spec(spec)]
    _guess_command(options.directories)
    roots: dict[str, Root] = {}
    files: list[str] = []
    for name, word in places:
        try:
            root = _root(name, word)
        except LogdirError as error:
            if not Path(_local(word)).is_file() or len(places) == 1:
                raise UsageError(str(error)) from None
            files.append(word)  # `cupola logs/*`, as a shell spells it out
            continue
        roots.setdefault(root.path, root)
    if files and roots:
        warn(f"{count(len(files), 'file')} left out, which are no log directories: {files[0]} …")
    if files and not roots:
        raise UsageError(f"{files[0]} and the others are files; wanted the directory that holds the runs")
    return _named(list(roots.values()))


def _root(name: str, word: str) -> Root:
    path = _local(word)
    if glob.has_magic(path) and not os.path.lexists(path) and not _ADDRESS.match(path):
        return Root(path, name, is_pattern=True)
    check_logdir(path)
    return Root(path, name)


def _local(word: str) -> str:
    """A word as an absolute path, or as the address that it is."""
    if word.lower().startswith("file://"):
        word = unquote(urlsplit(word).path)
    if _ADDRESS.match(word):
        return word
    try:
        return os.path.normpath(Path(word).expanduser().absolute())
    except RuntimeError:
        raise UsageError(f"{word}: there is no such home directory; wanted a path without `~`") from None


def _parse_spec(spec: str) -> list[tuple[str, str]]:
    """(name, path) pairs of a `--logdir_spec`.

    Source: tensorboard/backend/event_processing/data_ingester.py, _parse_event_files_spec (2.21.0)
    """
    pairs = []
    for part in filter(None, spec.split(",")):
        drive = os.path.splitdrive(part)[0]
        named = ":" in part and part[0] != "/" and not drive and not _ADDRESS.match(part)
        name, path = part.split(":", 1) if named else ("", part)
        if not path:
            raise UsageError(f"--logdir_spec gives {name!r} no path; wanted NAME:LOGDIR,NAME:LOGDIR")
        pairs.append((name.strip("/"), path))
    return pairs


def _named(roots: list[Root]) -> list[Root]:
    """The same roots; of several, those without a name get the last parts of their paths as one: as many as
    it takes to tell them apart.
    """
    if len(roots) == 1:
        return roots
    unnamed = [root.path for root in roots if not root.name and not root.is_pattern]
    named = []
    for root in roots:
        if root.name or root.is_pattern:
            named.append(root)
            continue
        parts = Path(root.path).parts[1:]
        length = 1
        while length < len(parts) and _ends_alike(root.path, unnamed, length):
            length += 1
        named.append(Root(root.path, "/".join(parts[-length:]) or "root"))
    return named


def _ends_alike(path: str, paths: Sequence[str], length: int) -> bool:
    end = Path(path).parts[1:][-length:]
    return sum(Path(each).parts[1:][-length:] == end for each in paths) > 1


def _guess_command(words: Sequence[str]) -> None:
    """A mistyped command looks like a directory that is not there."""
    if words and os.sep not in words[0] and not os.path.lexists(words[0]):
        guess = guess_of(words[0], [*COMMANDS, "serve"])
        if words[0] == "dev":
            raise UsageError(
                "TensorBoard.dev has been shut down; `cupola ./dev` shows a directory of that name"
            )
        if guess:
            raise UsageError(
                f"there is neither a command nor a directory {words[0]}{guess} "
                f"(`cupola ./{words[0]}` waits for a directory of that name)"
            )


def tell_problems(roots: Sequence[Root]) -> None:
    """Says at once of which of them nothing can be read, why, and what to do."""
    for root in roots:
        if root.is_pattern:
            if not any(root.matches()):
                warn(
                    f"nothing matches {root.path} yet; waiting for a directory below {fixed_part(root.path)}"
                )
            continue
        try:
            with os.scandir(root.path):
                pass
        except FileNotFoundError:
            meant = similar(root.path)
            hint = f" (there is {' and '.join(meant)})" if meant else ""
            warn(f"{root.path} does not exist yet; waiting for it{hint}")
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            advice = "let this account read and enter it (chmod u+rx, or ask its owner)"
            warn(f"{root.path} cannot be read: {reason}; {advice}: it is tried again")
