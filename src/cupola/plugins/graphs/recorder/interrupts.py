"""Ctrl-C while tensors without data are about.

torch's own modes are entered and left by Python code. An exception between two of its instructions leaves one
of them set, and the next guard of C++ that finds it there ends the process (`trying to set the current
FakeTensorMode, but one already exists`).
"""

from __future__ import annotations

import contextlib
import signal
import sys
from collections.abc import Iterator
from types import FrameType


@contextlib.contextmanager
def put_off() -> Iterator[None]:
    """The program's handler of SIGINT is called after the block, or within it by a second Ctrl-C."""
    handler = signal.getsignal(signal.SIGINT)
    came: list[int] = []

    def later(number: int, frame: FrameType | None) -> None:
        came.append(number)
        if len(came) > 1 and callable(handler):
            handler(number, frame)

    try:
        if callable(handler):
            signal.signal(signal.SIGINT, later)
    except ValueError:  # not the main thread, to which no signal comes
        handler = None
    try:
        yield
    finally:
        if callable(handler):
            if signal.getsignal(signal.SIGINT) is later:  # else forward has set another
                signal.signal(signal.SIGINT, handler)
            if len(came) == 1:
                handler(came[0], sys._getframe())
