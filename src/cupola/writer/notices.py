"""What a person is told while training goes on: warnings of the logger `cupola`.

A handler of that logger is the program's own. It may log to the writer that warns, flush it, or be held by a
thread that waits for us. So a thread that others wait for never calls one: its warnings are shown by whoever
waits for it, or soon by a thread of their own. A warning that comes from within a warning is shown after it.
No handler's error reaches the training loop.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
import time
from _thread import start_new_thread
from typing import Any, Final, NamedTuple

logger = logging.getLogger("cupola")

SOON_S: Final = 0.1
"""How long a warning of a background thread waits for a thread of the program's that can show it."""


class _Notice(NamedTuple):
    message: str
    arguments: tuple[Any, ...]
    error: BaseException | None


class _Board:
    """The warnings that are not shown yet. Put and get are safe within a signal handler or finalizer."""

    def __init__(self) -> None:
        self.notices: queue.SimpleQueue[_Notice] = queue.SimpleQueue()
        self.has_thread = False


_board = _Board()
_thread = threading.local()


def warn(message: str, *arguments: object, error: BaseException | None = None) -> None:
    """Logs a warning, from any thread, handler or finalizer. `error` is shown with its traceback."""
    _board.notices.put(_Notice(message, arguments, error))
    if not getattr(_thread, "in_background", False):
        show()
    elif not _board.has_thread:
        _board.has_thread = True
        try:
            start_new_thread(_show_soon, (_board,))
        except RuntimeError:  # no more threads, or the interpreter ends: `show` at the end does it
            _board.has_thread = False


def show() -> None:
    """Shows the warnings of background threads. Whoever has waited for such a thread calls it."""
    if getattr(_thread, "is_showing", False):
        return  # a handler of ours called: the call around it goes on with what is there
    _thread.is_showing = True
    try:
        while True:
            notice = _board.notices.get_nowait()
            with contextlib.suppress(Exception):
                logger.warning(notice.message, *notice.arguments, exc_info=notice.error)
            del notice
    except queue.Empty:
        pass
    finally:
        _thread.is_showing = False


def in_background() -> None:
    """Others wait for this thread: it must wait for nobody's logging handler."""
    _thread.in_background = True


def after_fork() -> None:
    """In the child: the parent shows its own."""
    global _board
    _board = _Board()
    _thread.__dict__.clear()


def _show_soon(board: _Board) -> None:
    time.sleep(SOON_S)
    board.has_thread = False
    if board is _board:
        show()
