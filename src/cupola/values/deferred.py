"""Deferred work: what an encoder hands to the encoding thread.

An encode function checks its arguments at once (TypeError or ValueError naming the argument, what was seen
and what is wanted), takes a snapshot that later changes to the caller's arrays cannot reach, and returns the
rest of the work as one of these. An exception there is counted and warned of, and never reaches the training
loop.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(slots=True)  # frozen would take three times as long to make, in every log call
class Deferred:
    """The values of one call, not encoded yet."""

    name: str
    """Of the series, for the message if encoding fails."""
    nbytes: int
    """Memory that is held until then, in bytes: what counts against the writer's bound."""
    encode: Callable[[], Sequence[bytes]]
    """Gives the encoded `Summary.Value`s. Called once, on any thread."""

    @property
    def kind(self) -> str:
        """The plugin whose encoder it is of, for counts; `values` if it is of none."""
        return _plugin_of(getattr(getattr(self.encode, "func", self.encode), "__module__", None))


@dataclass(slots=True)
class DeferredFiles:
    """Files that stand beside the event files, not written yet."""

    name: str
    """Of the series, for the message if writing fails."""
    nbytes: int
    """Memory that is held until then, in bytes."""
    write: Callable[[Path], None]
    """Writes them below a log directory. Called once, on any thread."""
    updates: tuple[str, ...] = ()
    """Files, relative to the log directory, that it reads and writes anew: a remote directory's are
    downloaded before.
    """


@functools.cache
def _plugin_of(module: str | None) -> str:
    return module.split(".")[2] if module and module.startswith("cupola.plugins.") else "values"
