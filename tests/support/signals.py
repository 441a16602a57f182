"""Signals at any instruction of a call.

`_codec._signal_after` delivers a signal as the system does, between two instructions where Python looks for
one, and counts them: so "at any bytecode" is tried at each of them in turn, and not at random.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from cupola import _codec


@contextmanager
def handler(function: Callable[[], object]) -> Iterator[None]:
    """SIGINT calls it meanwhile, but not within an audit hook (filelock has one, and torch imports it): that
    of `sys.settrace` runs while instructions begin to be counted, and what it raises changes no call.
    """

    def handle(number: int, frame: FrameType | None) -> None:
        if frame is None or frame.f_code.co_name != "_audit_fork_safety":
            function()

    before = signal.signal(signal.SIGINT, handle)
    try:
        yield
    finally:
        _codec._signal_after(0)
        signal.signal(signal.SIGINT, before)


def length(call: Callable[[], object]) -> int:
    """About how many instructions a call executes."""
    low, high = 1, 1 << 24
    with handler(lambda: None):
        while low < high:  # the first that does not arrive within the call
            middle = (low + high) // 2
            _codec._signal_after(middle)
            call()
            if _codec._signal_after(0):
                low = middle + 1
            else:
                high = middle
    return low


def interrupt() -> None:
    raise KeyboardInterrupt


def try_each(call: Callable[[int], object], handle: Callable[[], object], tries: int) -> tuple[int, int]:
    """Calls again and again while a signal arrives at one of the call's instructions after the other, or at
    `tries` of them, spread evenly: how many calls returned, and how many interrupts came (one may, just when
    a call has returned). A call is given 0 while its instructions are counted, 1 while it is tried.
    """
    count = length(lambda: call(0))
    returned = interrupted = 0
    with handler(handle):
        for number in range(1, count + 1, max(count // tries, 1)):
            try:
                _codec._signal_after(number)
                call(1)
                returned += 1
                _codec._signal_after(0)
            except KeyboardInterrupt:
                interrupted += 1
    return returned, interrupted
