"""`strict=False`: what a call cannot take is left out, told once for each kind of fault and counted, and
never raised into a training loop's callbacks.
"""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from cupola.errors import NoValueYet, WrongValue
from cupola.values.describe import describe, reason
from cupola.writer import notices
from cupola.writer.event_writer import EventWriter

MAX_KINDS = 100
"""Kinds of faults that are told of."""

VARIABLE = "CUPOLA_STRICT"
"""The environment variable that decides for writers made without `strict`, as frameworks make them."""

_SWITCH = {"": True, "1": True, "true": True, "yes": True, "on": True} | dict.fromkeys(
    ("0", "false", "no", "off"), False
)

Parameters = ParamSpec("Parameters")


class Forgiving(Protocol):
    """What `forgiving` needs of a writer."""

    strict: bool

    def _leave_out(self, method: str, what: Any, error: Exception) -> None: ...


Writer = TypeVar("Writer", bound=Forgiving)


def strict_by_default() -> bool:
    """What `CUPOLA_STRICT` says; True if it is not set.

    Raises:
        WrongValue: it says neither 0 nor 1.
    """
    given = os.environ.get(VARIABLE, "")
    strict = _SWITCH.get(given.strip().lower())
    if strict is None:
        raise WrongValue(f"{VARIABLE} is {given!r:.60}; wanted 0 or 1 in this environment variable")
    return strict


def forgives(writer: Forgiving, error: Exception) -> bool:
    """Whether what raised is left out. If not, the error is the caller's."""
    return not writer.strict or isinstance(error, NoValueYet)


def forgiving(
    method: Callable[Concatenate[Writer, Parameters], None],
) -> Callable[Concatenate[Writer, Parameters], None]:
    """A decorator of a method that logs: an error is the caller's if the writer is strict, and is left to
    `_leave_out` if not.
    """

    @functools.wraps(method)
    def call(self: Writer, /, *arguments: Parameters.args, **named: Parameters.kwargs) -> None:
        try:
            method(self, *arguments, **named)
        except Exception as error:
            if not forgives(self, error):
                raise
            self._leave_out(method.__name__, arguments[0] if arguments else named.get("tag"), error)

    return call


class LeftOut:
    """What a writer left out: told once for each kind, counted in the event file."""

    def __init__(self) -> None:
        self._told: set[tuple[str, ...]] = set()

    def count(self, file: EventWriter, method: str, what: Any, error: Exception) -> None:
        """Counts a call that could not be logged, in the file in which it would be."""
        shown = f"{method}({describe(what)})" if isinstance(what, str) else method
        file.count_failed(shown, reason(error), method)
        argument = re.match(r"\w*", str(error))
        self.tell(
            (method, type(error).__name__, argument[0] if argument else ""),
            f"{shown} is left out: {reason(error)}. More of this kind are counted",
        )

    def tell(self, kind: tuple[str, ...], message: str) -> None:
        """Warns of a kind of fault, once."""
        if kind not in self._told and len(self._told) < MAX_KINDS:
            self._told.add(kind)
            notices.warn("%s (warned once)", message)
