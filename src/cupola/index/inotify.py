"""inotify(7), Linux's word when a directory or a file in it changes, by libc's functions.

Source: https://man7.org/linux/man-pages/man7/inotify.7.html
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import sys
from typing import Any, Final, NamedTuple

IN_MODIFY: Final = 0x2
IN_ATTRIB: Final = 0x4
IN_MOVED_FROM: Final = 0x40
IN_MOVED_TO: Final = 0x80
IN_CREATE: Final = 0x100
IN_DELETE: Final = 0x200
IN_DELETE_SELF: Final = 0x400
IN_MOVE_SELF: Final = 0x800
IN_Q_OVERFLOW: Final = 0x4000
IN_IGNORED: Final = 0x8000
IN_ONLYDIR: Final = 0x0100_0000
IN_EXCL_UNLINK: Final = 0x0400_0000

_EVENT: Final = struct.Struct("=iIII")  # wd, mask, cookie, length of the name with its padding
_READ_BYTES: Final = 256 << 10


class Event(NamedTuple):
    """One `struct inotify_event`."""

    watch: int
    """-1 where the queue has overflown."""
    mask: int
    name: bytes
    """Of the file in the watched directory; empty if it is about the directory itself."""


class Inotify:
    """An inotify instance. Reading never blocks; wait for `fileno()` to be readable.

    Raises:
        OSError: this system has no inotify, or no instance to spare.
    """

    def __init__(self) -> None:
        self._libc = _libc()
        self._fd = self._call("inotify_init1", os.O_NONBLOCK | os.O_CLOEXEC)

    def fileno(self) -> int:
        """The descriptor that is readable when there are events."""
        return self._fd

    def add(self, path: str, mask: int) -> int:
        """Watches a path, or gives the watch there is another mask. Returns the watch's number.

        Raises:
            OSError: ENOSPC if the user's limit of watches is reached; what opening the path may raise.
        """
        return self._call("inotify_add_watch", self._fd, os.fsencode(path), ctypes.c_uint32(mask))

    def remove(self, watch: int) -> None:
        """Ends a watch. None such (the kernel ends those of deleted directories itself) is no error."""
        self._libc.inotify_rm_watch(self._fd, watch)

    def read(self) -> list[Event]:
        """What has happened since the last call."""
        events: list[Event] = []
        while True:
            try:
                data = os.read(self._fd, _READ_BYTES)
            except BlockingIOError:
                return events
            at = 0
            while at < len(data):
                watch, mask, _, length = _EVENT.unpack_from(data, at)
                at += _EVENT.size + length
                events.append(Event(watch, mask, data[at - length : at].rstrip(b"\0")))

    def close(self) -> None:
        """Gives the descriptor back."""
        os.close(self._fd)

    def _call(self, function: str, *arguments: Any) -> int:
        result: int = getattr(self._libc, function)(*arguments)
        if result < 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))
        return result


def _libc() -> ctypes.CDLL:
    if not sys.platform.startswith("linux"):
        raise OSError(errno.ENOSYS, "only Linux has inotify")
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "inotify_init1"):
        raise OSError(errno.ENOSYS, "this C library has no inotify")
    return libc
