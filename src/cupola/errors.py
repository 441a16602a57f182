"""All errors that cupola raises by name. Each message says what was seen, what was wanted and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Self


class CupolaError(Exception):
    """Base of cupola's own errors."""

    code: str = ""
    """Names the kind of error, for who says it in other words (the page in Chinese); empty without one."""
    facts: Mapping[str, str | int] = {}
    """What the message says of this one case."""

    def coded(self, code: str, **facts: str | int) -> Self:
        """The error itself, with its code and facts.

        Args:
            code: names the kind of error, as web/src has words for it.
        """
        self.code = code
        self.facts = facts
        return self


class DecodeError(CupolaError, ValueError):
    """Bytes in a log are not what they claim to be."""


class NotFound(CupolaError, KeyError):
    """Something was asked for by a name or key that nothing has (any more)."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else "not found"


class UnknownSeries(NotFound):
    """No such run, tag or asset."""


class UnknownBlob(NotFound):
    """No point has this blob key: it was never given, or the value is gone or another one now."""


class Unreadable(CupolaError, OSError):
    """What a provider knows of cannot be read: its file is gone, was changed since, or the operating system
    refuses. Only a provider's reads raise it.
    """


class LogdirError(CupolaError, OSError):
    """The log directory cannot be used at all (a file was given, say)."""


class WrongType(CupolaError, TypeError, NotImplementedError):
    """An argument is of a kind that cannot be logged. (Peers raise NotImplementedError; code that catches it
    goes on working.)
    """


class NoValueYet(WrongType):
    """torch only records what is to be computed, for an export or a CUDA graph: there is no value to log. A
    writer leaves it out with a warning; it is no fault of the step that logs.
    """


class WrongValue(CupolaError, ValueError, AssertionError):
    """An argument's shape, length, format or value is not what the call takes. (Peers assert; code that
    catches it goes on working.)
    """
