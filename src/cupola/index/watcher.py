"""Waiting for the next poll: for its time, or until the system says that something has changed.

Notifications only tell when to poll and whom; what has changed, polling finds out. So a notification that is
late, lost or about nothing costs a moment and never a point. Directories that cannot be watched (no inotify,
no watches left, a file system that other machines write to, files behind links) make `covers_all` false: then
everything is polled as if there were none.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import select
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from cupola.index import inotify
from cupola.index.inotify import Inotify

if TYPE_CHECKING:
    from cupola.index.directory import Directory

_STRUCTURE: Final = (
    inotify.IN_CREATE
    | inotify.IN_DELETE
    | inotify.IN_MOVED_FROM
    | inotify.IN_MOVED_TO
    | inotify.IN_ATTRIB
    | inotify.IN_DELETE_SELF
    | inotify.IN_MOVE_SELF
)
_OPTIONS: Final = inotify.IN_ONLYDIR | inotify.IN_EXCL_UNLINK

_LOCAL: Final = {"bcachefs", "btrfs", "exfat", "ext2", "ext3", "ext4", "f2fs", "jfs", "ntfs3", "overlay"} | {
    "ramfs",
    "tmpfs",
    "vfat",
    "xfs",
    "zfs",
}
"""File systems that only this machine writes to, so that inotify sees every change."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Notified:
    """What the system said since it was last asked."""

    files: set[str] = field(default_factory=set)
    """Paths of files that were written to or replaced."""
    directories: set[Directory] = field(default_factory=set)
    """Those in which names came, went or changed."""
    overflow: bool = False
    """More happened than was kept: everything may have changed."""


class PollingWatcher:
    """Knows nothing of changes: waits for time to pass."""

    covers_all = False

    def __init__(self) -> None:
        self._woken = threading.Event()

    def add(self, directory: Directory, with_files: bool) -> None:
        """A directory that is about to be listed, or was found to hold files that matter."""

    def remove(self, directory: Directory) -> None:
        """A directory that is gone."""

    def wait(self, timeout_s: float, for_changes: bool) -> None:
        """Waits for `wake`, and if `for_changes` for a notification, but no longer than `timeout_s`."""
        self._woken.wait(timeout_s)
        self._woken.clear()

    def take(self) -> Notified:
        """The notifications since the last call."""
        return Notified()

    def wake(self) -> None:
        """Ends a wait, from any thread."""
        self._woken.set()

    def close(self) -> None:
        """Gives back what the system lent."""


class InotifyWatcher(PollingWatcher):
    """Waits for inotify.

    Raises:
        OSError: there is none.
    """

    def __init__(self) -> None:
        self._inotify = Inotify()
        self._wake_fd = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._closed = False
        self._directories: dict[int, Directory] = {}
        self._uncovered: set[Directory] = set()
        self._local: dict[int, bool] = {}
        self._is_full = False

    @property
    def covers_all(self) -> bool:  # type: ignore[override]
        """Whether every change of every directory is notified."""
        return bool(self._directories) and not self._uncovered

    def add(self, directory: Directory, with_files: bool) -> None:
        """Watches a directory for names that come and go, and `with_files` for writing to its files."""
        mask = _OPTIONS | _STRUCTURE | (inotify.IN_MODIFY if with_files else 0)
        is_watched = directory.watch_mask == mask and self._directories.get(directory.watch) is directory
        if (is_watched or self._watch(directory, mask)) and not directory.has_linked_files:
            self._uncovered.discard(directory)
        else:
            self._uncovered.add(directory)

    def remove(self, directory: Directory) -> None:
        """Ends the watch of a directory that is gone."""
        self._uncovered.discard(directory)
        if self._directories.get(directory.watch) is directory:
            del self._directories[directory.watch]
            self._inotify.remove(directory.watch)
        directory.watch = directory.watch_mask = -1

    def wait(self, timeout_s: float, for_changes: bool) -> None:
        """Waits until there is something to `take`, or for `wake`."""
        poll = select.poll()
        poll.register(self._wake_fd, select.POLLIN)
        if for_changes:
            poll.register(self._inotify.fileno(), select.POLLIN)
        poll.poll(max(timeout_s, 0) * 1000)
        with contextlib.suppress(BlockingIOError):
            os.eventfd_read(self._wake_fd)

    def take(self) -> Notified:
        """The notifications since the last call."""
        notified = Notified()
        for watch, mask, name in self._inotify.read():
            notified.overflow |= bool(mask & inotify.IN_Q_OVERFLOW)
            directory = self._directories.get(watch)
            if directory is None:
                continue
            if name:  # also of a file that another one was renamed to
                notified.files.add(os.path.join(directory.path, os.fsdecode(name)))
            if not mask & inotify.IN_MODIFY:
                notified.directories.add(directory)
            if mask & inotify.IN_IGNORED:  # the kernel's end of a watch
                del self._directories[watch]
                directory.watch = directory.watch_mask = -1
        return notified

    def wake(self) -> None:
        """Ends a wait, from any thread."""
        if not self._closed:
            os.eventfd_write(self._wake_fd, 1)

    def close(self) -> None:
        """Gives the descriptors back."""
        if not self._closed:
            self._closed = True
            self._inotify.close()
            os.close(self._wake_fd)

    def _watch(self, directory: Directory, mask: int) -> bool:
        if not self._is_local(directory):
            return False
        try:
            watch = self._inotify.add(directory.path, mask)
        except OSError as error:  # if it is gone, polling notices
            if error.errno == errno.ENOSPC and not self._is_full:
                self._is_full = True
                log.info("no inotify watches left (fs.inotify.max_user_watches): polling instead")
            return False
        directory.watch, directory.watch_mask = watch, mask
        self._directories[watch] = directory
        return True

    def _is_local(self, directory: Directory) -> bool:
        device = directory.identity[0] if isinstance(directory.identity, tuple) else -1
        if device not in self._local:
            self._local[device] = file_system(os.path.realpath(directory.path)) in _LOCAL
        return self._local[device]


def make_watcher() -> PollingWatcher:
    """The best that this system has."""
    try:
        return InotifyWatcher()
    except OSError as error:
        log.info("no notifications (%s): polling instead", error)
        return PollingWatcher()


def file_system(path: str) -> str:
    """The kind of file system of a real path; empty if it is not known.

    Source: proc_pid_mountinfo(5)
    """
    best, kind = "", ""
    try:
        with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as lines:
            for line in lines:
                mounted, _, source = line.partition(" - ")
                point = mounted.split(" ")[4].encode("latin-1", "ignore").decode("unicode_escape")
                below = path == point or path.startswith(point.rstrip("/") + "/")
                if below and len(point) >= len(best):
                    best, kind = point, source.split(" ")[0]
    except (OSError, IndexError, ValueError):
        return ""
    return kind
