"""Life and death of the process: what writers do when it forks and when it ends.

At the end (also by an exception or `sys.exit`, and at the end of a `multiprocessing` child, which skips
`atexit`) all that was logged is written. In a forked child every writer gets a file of its own and writes
within the call, since the child has none of the parent's threads and may end by `os._exit`. Nothing here
keeps a writer alive.
"""

from __future__ import annotations

import atexit
import os
import sys
import threading
import time
import weakref
from typing import Protocol

PATIENCE_S = 10.0
"""How long an end or a flush waits for storage that makes no progress."""

FORK_PATIENCE_S = 2.0
"""How long a fork waits for encoders and imports to come to a place where it does no harm."""


class Mortal(Protocol):
    """What must know of forks and of the end."""

    def after_fork(self) -> None:
        """In the child, before anything else runs there."""

    def before_end(self, timeout_s: float) -> None:
        """The process ends: write everything now, and from now on within each call."""


class Encoder(Mortal, Protocol):
    """What works on a thread of its own."""

    busy: threading.RLock
    """Held while it works: a child forked then might inherit a lock or an import that nobody ends."""


class _Registry:
    """Encoding threads before the files they write to, and those before what copies the files."""

    def __init__(self) -> None:
        self.encoders: weakref.WeakSet[Encoder] = weakref.WeakSet()
        self.files: weakref.WeakSet[Mortal] = weakref.WeakSet()
        self.mirrors: weakref.WeakSet[Mortal] = weakref.WeakSet()
        self.hooked_process = 0
        self.opening = threading.Lock()
        self.no_fork = threading.RLock()
        self.held: list[threading.RLock] = []


_registry = _Registry()


def register_encoder(encoder: Encoder) -> None:
    """Tells `encoder` of forks and of the end, before the files."""
    _registry.encoders.add(encoder)
    _hook_multiprocessing()


def register_file(file: Mortal) -> None:
    """Tells `file` of forks and of the end."""
    _registry.files.add(file)
    _hook_multiprocessing()


def register_mirror(mirror: Mortal) -> None:
    """Tells `mirror` of forks and of the end, after the files."""
    _registry.mirrors.add(mirror)


def opening() -> threading.Lock:
    """The lock under which a writer opens further files; a new one in a forked child."""
    return _registry.opening


def no_fork() -> threading.RLock:
    """A lock under which no fork happens, unless it is held for long."""
    return _registry.no_fork


def _hook_multiprocessing() -> None:
    """In a child of multiprocessing: its end runs finalizers but not always atexit, and its start forgets
    inherited finalizers.
    """
    util, process = sys.modules.get("multiprocessing.util"), sys.modules.get("multiprocessing.process")
    if util is None or process is None or process.parent_process() is None:
        return
    if _registry.hooked_process != os.getpid():
        _registry.hooked_process = os.getpid()
        util.Finalize(None, _end, exitpriority=100)


def _end() -> None:
    deadline = time.monotonic() + PATIENCE_S
    for mortal in [*_registry.encoders, *_registry.files, *_registry.mirrors]:
        mortal.before_end(max(deadline - time.monotonic(), 0.1))


def _before_fork() -> None:
    deadline = time.monotonic() + FORK_PATIENCE_S
    locks = [_registry.no_fork, *(encoder.busy for encoder in _registry.encoders)]
    _registry.held = [lock for lock in locks if lock.acquire(timeout=max(deadline - time.monotonic(), 0))]


def _after_fork_in_parent() -> None:
    for lock in _registry.held:
        lock.release()


def _after_fork_in_child() -> None:
    _registry.opening, _registry.no_fork, _registry.held = threading.Lock(), threading.RLock(), []
    for mortal in [*_registry.encoders, *_registry.files, *_registry.mirrors]:
        mortal.after_fork()


atexit.register(_end)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_before_fork, after_in_parent=_after_fork_in_parent, after_in_child=_after_fork_in_child
    )
