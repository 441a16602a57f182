"""Life and death of the process: what writers do when it forks and when it ends.

At the end (also by an exception or `sys.exit`, and at the end of a `multiprocessing` child, which skips
`atexit`) all that was logged is written.
In a forked child every writer gets a file of its own and writes within the call, since the child has none
of the parent's threads and may end by
`os._exit`. Nothing here keeps a writer alive.
"""

from __future__ import annotations

import atexit
import os
import sys
import threading
import time
import weakref
from typing import Any, Protocol

PATIENCE_S = 10.0
"""How long an end or a flush waits for storage that makes no progress."""


class Mortal(Protocol):
    """What must know of forks and of the end."""

    def after_fork(self) -> None:
        """In the child, before anything else runs there."""

    def before_end(self, timeout_s: float) -> None:
        """The process ends: write everything now, and from now on within each call."""


class _Registry:
    """Encoding threads before the files they write to."""

    def __init__(self) -> None:
        self.encoders: weakref.WeakSet[Any] = weakref.WeakSet()
        self.files: weakref.WeakSet[Any] = weakref.WeakSet()
        self.hooked_process = 0
        self.opening = threading.Lock()


_registry = _Registry()


def register_encoder(encoder: Mortal) -> None:
    """Tells `encoder` of forks and of the end, before the files."""
    _registry.encoders.add(encoder)
    _hook_multiprocessing()


def register_file(file: Mortal) -> None:
    """Tells `file` of forks and of the end."""
    _registry.files.add(file)
    _hook_multiprocessing()


def opening() -> threading.Lock:
    """The lock under which a writer opens further files; a new one in a forked child."""
    return _registry.opening


def _hook_multiprocessing() -> None:
    """In a child of multiprocessing: its end runs finalizers but not always atexit, and its start forgets
    inherited finalizers.
    """
    if _registry.hooked_process == os.getpid():
        return
    _registry.hooked_process = os.getpid()
    util, process = sys.modules.get("multiprocessing.util"), sys.modules.get("multiprocessing.process")
    if util is not None and process is not None and process.parent_process() is not None:
        util.Finalize(None, _end, exitpriority=100)


def _end() -> None:
    deadline = time.monotonic() + PATIENCE_S
    for mortal in [*_registry.encoders, *_registry.files]:
        mortal.before_end(max(deadline - time.monotonic(), 0.1))


def _after_fork_in_child() -> None:
    _registry.opening = threading.Lock()
    for mortal in [*_registry.encoders, *_registry.files]:
        mortal.after_fork()


atexit.register(_end)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)
