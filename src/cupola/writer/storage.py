"""Waiting for storage: in short steps, so that signals are handled in between, and not for ever."""

from __future__ import annotations

import contextlib
import time
from collections import deque

from cupola import _codec
from cupola.writer import notices, process_hooks
from cupola.writer.patience import PATIENCE_S, Patience


def write_out(native: _codec.EventWriter, patience: Patience) -> bool:
    """True once every event taken before the call is written; False if storage fails or patience ends."""
    mark, stored = native.mark(), native.stored_bytes
    while (written := native.wait(mark, patience.slice_s)) is None:
        patience.credit_bytes(native.stored_bytes - stored)
        stored = native.stored_bytes
        if patience.is_over:
            return False
    return written


def close(native: _codec.EventWriter, patience: Patience) -> bool:
    """Writes everything and closes the file. False if patience ends before that: it goes on in the background
    then. If storage fails, what is left is given up.
    """
    mark, stored = native.mark(), native.stored_bytes
    while not native.close(patience.slice_s):
        if native.wait(mark, 0.0) is False:
            native.abandon()
        patience.credit_bytes(native.stored_bytes - stored)
        stored = native.stored_bytes
        if patience.is_over:
            return False
    return True


class Stall:
    """Notices that storage stands still."""

    def __init__(self) -> None:
        self._stored = -1
        self._since = 0.0

    def is_over(self, stored_bytes: int) -> bool:
        """Whether storage has taken nothing for `PATIENCE_S` of somebody's waiting: from then on nobody waits
        until it does.
        """
        now = time.monotonic()
        if stored_bytes != self._stored:
            self._stored, self._since = stored_bytes, now
        return now - self._since >= PATIENCE_S


class _Leftovers:
    """Closed files whose last events are still on their way, which nobody else waits for."""

    def __init__(self) -> None:
        # A garbage collection may call `add` at any moment, within `add` too: each step is the deque's own.
        self._files: deque[tuple[_codec.EventWriter, str]] = deque()

    def add(self, native: _codec.EventWriter, logdir: str) -> None:
        """Lets a writer end in the background; the end of the process waits for it."""
        if not native.close(0.0):
            self._files.append((native, logdir))
        with contextlib.suppress(IndexError):
            for _ in range(len(self._files)):
                file = self._files.popleft()
                if not file[0].close(0.0):
                    self._files.append(file)

    def after_fork(self) -> None:
        """They are the parent's."""
        self._files.clear()

    def at_exit(self, patience: Patience) -> None:
        """Waits for all of them, and says what is lost."""
        while self._files:
            native, logdir = self._files.popleft()
            end(native, patience)
            tell_lost(native, logdir, END)


leftovers = _Leftovers()
process_hooks.register_file(leftovers)

END = "the process ends"


def end(native: _codec.EventWriter, patience: Patience) -> bool:
    """At the end of the process: closes the file. False if that would take longer: the rest is given up."""
    ended = close(native, patience)
    if not ended:
        native.abandon()
    return ended


def tell_lost(native: _codec.EventWriter, logdir: str, why: str = "") -> None:
    """Logs a warning of what never came to the files of a writer that has ended, if anything did not."""
    report = native.report()
    lost = report["refused"] + report["accepted"] - report["written"]
    if lost:
        counted = native.dropped_text()
        notices.warn(
            "%d of %d events for %s were lost%s%s",
            lost,
            report["refused"] + report["accepted"],
            logdir,
            counted and f" ({counted})",
            why and f": {why}",
        )
