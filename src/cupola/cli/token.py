"""Which token a server asks for: a fresh one, or one that stays the same when it is started again."""

from __future__ import annotations

import argparse
import os
import re
import stat
from pathlib import Path
from typing import Final

from cupola.cli import UsageError, warn

MIN_CHARACTERS: Final = 16
MAX_CHARACTERS: Final = 512
_HOW: Final = "`python -c 'import secrets; print(secrets.token_urlsafe(24))'` makes one"


def choose_token(options: argparse.Namespace, is_guarded: bool) -> str | None:
    """The token: `--token_file`'s, else `CUPOLA_TOKEN`'s, else a fresh one if there has to be one, else None.

    Args:
        options: the command line's.
        is_guarded: whether other machines can reach the server, which then asks for a token anyway.

    Raises:
        UsageError: the token is too short to keep anybody out, or cannot be read.
    """
    from cupola.server.tokens import fresh_token

    if options.token_file:
        return _from_file(Path(options.token_file))
    given = os.environ.get("CUPOLA_TOKEN", "").strip()
    if given:
        return _checked(given, "CUPOLA_TOKEN")
    return fresh_token() if is_guarded or options.token else None


def _from_file(path: Path) -> str:
    """The token in a file. A file that is not there is made, for this account alone, with a fresh token."""
    from cupola.server.tokens import fresh_token

    try:
        path = path.expanduser()
        try:
            text = path.read_text("utf-8", "replace")
        except FileNotFoundError:
            token = fresh_token()
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(f"{token}\n")
            warn(f"{path} is new: it holds the token from now on")
            return token
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            warn(f"others on this machine can read {path}; `chmod 600 {path}` keeps the token yours")
    except (OSError, RuntimeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UsageError(
            f"cannot use {path} for the token: {reason.lower()}; choose another --token_file, or set "
            "CUPOLA_TOKEN"
        ) from None
    return _checked(text.strip(), str(path))


def _checked(token: str, where: str) -> str:
    if re.fullmatch(rf"[A-Za-z0-9._~-]{{{MIN_CHARACTERS},{MAX_CHARACTERS}}}", token, re.ASCII):
        return token
    seen = "empty" if not token else f"of {len(token)} characters"
    if MIN_CHARACTERS <= len(token) <= MAX_CHARACTERS:
        seen = "one with other characters"
    raise UsageError(
        f"the token in {where} is {seen}; wanted {MIN_CHARACTERS} to {MAX_CHARACTERS} of A-Z a-z 0-9 - . _ ~ "
        f"that nobody guesses: {_HOW}"
    )
