"""What writers do when the process forks and when it ends.

At the end (also by an exception or `sys.exit`, and at the end of a `multiprocessing` child, which skips
`atexit`) all that was logged is written. In a forked child every writer gets a file of its own and writes
within the call, since the child has none of the parent's threads and may end by `os._exit`. Nothing here
keeps a writer alive.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import sys
import threading
import time
import weakref
from collections.abc import Iterator
from typing import Final, Generic, Protocol, TypeVar

from cupola.writer import notices
from cupola.writer.patience import Patience

FORK_PATIENCE_S: Final = 2.0
"""How long a fork waits for encoding and imports to reach a point where it does no harm."""

_POLL_S: Final = 0.0005

Item = TypeVar("Item")


class ProcessAware(Protocol):
    """What must know of forks and of the process's end."""

    def after_fork(self) -> None:
        """In the child, before anything else runs there."""

    def at_exit(self, patience: Patience) -> None:
        """The process ends: write everything now, and from now on within each call. `patience` is one for
        all.
        """


class Worker(ProcessAware, Protocol):
    """What works on a thread of its own. A child that is forked while it works might inherit a lock or an
    import that nobody ends.
    """

    def hold(self, seconds: float) -> None:
        """Begins nothing new until `go_on`, or for `seconds` if that is never called."""

    def go_on(self) -> None:
        """Ends a `hold`."""

    @property
    def busy(self) -> bool:
        """Whether another thread than this one works."""


class Living(Generic[Item]):
    """Weak references to what is alive. Any thread, signal handler or finalizer may add to it at any moment,
    also while another goes through it: each step is one call of C.
    """

    def __init__(self) -> None:
        self._references: set[weakref.ref[Item]] = set()

    def add(self, item: Item) -> None:
        """Adds an item, which is compared by identity. Once is enough."""
        self._references.add(weakref.ref(item, self._references.discard))

    def __iter__(self) -> Iterator[Item]:
        found = [reference() for reference in self._references.copy()]
        return iter([item for item in found if item is not None])


class _Registry:
    """In the order of the end: encoding threads before the files they write to, and those before what uploads
    the files.
    """

    def __init__(self) -> None:
        self.queues: Living[Worker] = Living()
        self.files: Living[ProcessAware] = Living()
        self.uploaders: Living[ProcessAware] = Living()
        self.hooked_process = 0
        self.is_ending = False
        self.opening = threading.RLock()
        self.no_fork = threading.RLock()
        self.forking: dict[int, threading.RLock] = {}
        """By thread: what its fork holds, or is about to take."""

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
    """The lock under which a writer opens further files; a new one in a forked child. A signal handler that
    comes within it passes: what opens files has to expect that it did, too.
    """
    return _registry.opening


def no_fork() -> threading.RLock:
    """A lock under which no fork happens, unless it is held for long. For imports, never for a log call."""
    return _registry.no_fork


def is_ending() -> bool:
    """Whether the process is at its end: no thread may live long enough to write what is logged now."""
    return _registry.is_ending


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
    _registry.is_ending = True
    patience = Patience()
    for aware in _registry.all():
        aware.at_exit(patience)
    notices.show()


def _before_fork() -> None:
    deadline = time.monotonic() + FORK_PATIENCE_S
    queues, lock = list(_registry.queues), _registry.no_fork
    for queue in queues:
        queue.hold(2 * FORK_PATIENCE_S)
    # Noted before it is taken: an interrupt in between must not leave it held.
    _registry.forking[threading.get_ident()] = lock
    if not lock.acquire(timeout=max(deadline - time.monotonic(), 0)):
        del _registry.forking[threading.get_ident()]
    while any(queue.busy for queue in queues) and time.monotonic() < deadline:
        time.sleep(_POLL_S)


def _after_fork_in_parent() -> None:
    lock = _registry.forking.pop(threading.get_ident(), None)
    if lock is not None:
        with contextlib.suppress(RuntimeError):  # it was never taken
            lock.release()
    for queue in _registry.queues:
        queue.go_on()


def _after_fork_in_child() -> None:
    _registry.opening, _registry.no_fork, _registry.forking = threading.RLock(), threading.RLock(), {}
    notices.after_fork()
    for aware in _registry.all():
        aware.after_fork()


atexit.register(_at_exit)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_before_fork, after_in_parent=_after_fork_in_parent, after_in_child=_after_fork_in_child
    )
