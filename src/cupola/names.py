"""Names of runs and tags: how they stand in a message, and their natural order: `a2` before `a10`, `lr0.003`
before `lr0.01`, `/` before all else, so that children follow their parent.

Counterpart: web/src/base/natural.ts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeAlias

NaturalKey: TypeAlias = "tuple[list[tuple[int, int, str, str]], str]"

# Digits with one point among them are a decimal number; with more, a version, each of whose numbers counts by
# itself.
_PIECES = re.compile(r"(?<![0-9.])[0-9]+\.[0-9]+(?!\.?[0-9])|[0-9]+|/|[^0-9/]+")


def natural_key(name: str) -> NaturalKey:
    """What to sort names by. Digits are compared as numbers of any length and never become one."""
    pieces = []
    for piece in _PIECES.findall(name):
        if piece == "/":
            pieces.append((0, 0, "", ""))
        elif piece[0] in "0123456789":
            whole, _, fraction = piece.partition(".")
            digits = whole.lstrip("0")
            pieces.append((1, len(digits), digits, fraction))
        else:
            pieces.append((2, 0, piece, ""))
    return pieces, name


def ranks(names: Iterable[str]) -> dict[str, int]:
    """Each name's place among them in natural order."""
    return {name: rank for rank, name in enumerate(sorted(set(names), key=natural_key))}


def shorten(name: str, limit: int = 80) -> str:
    """A name as it may stand in a message: quoted, and cut in the middle if it is long."""
    return repr(name if len(name) <= limit else f"{name[: limit // 2]}…{name[-limit // 2 :]}")
