"""What writers do when the process forks and when it ends.

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

from cupola.writer.patience import Patience

FORK_PATIENCE_S = 2.0
"""How long a fork waits for encoding and imports to reach a point where it does no harm."""


class ProcessAware(Protocol):
    """What must know of forks and of the process's end."""

    def after_fork(self) -> None:
        """In the child, before anything else runs there."""

    def at_exit(self, patience: Patience) -> None:
        """The process ends: write everything now, and from now on within each call. `patience` is one for
        all.
        """


class Worker(ProcessAware, Protocol):
    """What works on a thread of its own."""

    busy: threading.RLock
    """Held while it works: a child forked then might inherit a lock or an import that nobody ends."""


class _Registry:
    """In the order of the end: encoding threads before the files they write to, and those before what uploads
    the files.
    """

    def __init__(self) -> None:
        self.queues: weakref.WeakSet[Worker] = weakref.WeakSet()
        self.files: weakref.WeakSet[ProcessAware] = weakref.WeakSet()
        self.uploaders: weakref.WeakSet[ProcessAware] = weakref.WeakSet()
        self.hooked_process = 0
        self.opening = threading.RLock()
        self.no_fork = threading.RLock()
        self.held: list[threading.RLock] = []

    def all(self) -> list[ProcessAware]:
        return [*self.queues, *self.files, *self.uploaders]


_registry = _Registry()


def register_queue(queue: Worker) -> None:
    """Tells `queue` of forks and of the end, before the files."""
    _registry.queues.add(queue)
    _hook_multiprocessing()


def register_file(file: ProcessAware) -> None:
    """Tells `file` of forks and of the end."""
    _registry.files.add(file)
    _hook_multiprocessing()


def register_uploader(uploader: ProcessAware) -> None:
    """Tells `uploader` of forks and of the end, after the files."""
    _registry.uploaders.add(uploader)


def opening() -> threading.RLock:
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
        util.Finalize(None, _at_exit, exitpriority=100)


def _at_exit() -> None:
    patience = Patience()
    for aware in _registry.all():
        aware.at_exit(patience)


def _before_fork() -> None:
    deadline = time.monotonic() + FORK_PATIENCE_S
    locks = [_registry.no_fork, *(queue.busy for queue in _registry.queues)]
    _registry.held = [lock for lock in locks if lock.acquire(timeout=max(deadline - time.monotonic(), 0))]


def _after_fork_in_parent() -> None:
    for lock in _registry.held:
        lock.release()


def _after_fork_in_child() -> None:
    _registry.opening, _registry.no_fork, _registry.held = threading.RLock(), threading.RLock(), []
    for aware in _registry.all():
        aware.after_fork()


atexit.register(_at_exit)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_before_fork, after_in_parent=_after_fork_in_parent, after_in_child=_after_fork_in_child
    )
