"""Later: what an encoder hands to the background thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

Later: TypeAlias = Callable[[], Sequence[bytes]]
"""Gives the encoded `Summary.Value`s of one call when it is called, once, on the background thread.

An encode function checks its arguments at once (TypeError or ValueError naming the argument, what was seen
and what is wanted), takes a snapshot that later changes to the caller's arrays cannot reach, and returns its
`Later`: `functools.partial(_encode, tag, snapshot, ...)` or a closure. The writer counts the arrays, bytes
and strings that a partial or closure holds against its bound of memory; a `Later` of another kind may have an
attribute `nbytes` instead. An exception that it raises is counted and warned of, and never reaches the
training loop.
"""
