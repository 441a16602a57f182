"""Bytes out of regular files, and out of nothing else: a FIFO or a device is never waited for."""

from __future__ import annotations

import os
import stat

from cupola.errors import LogdirError, UnknownSeries
from cupola.index.order import shorten

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


def check_logdir(path: str | os.PathLike[str]) -> None:
    """Accepts a directory, or nothing, which may become one.

    Raises:
        LogdirError: there is a file where the directory should be.
    """
    if os.path.exists(path) and not os.path.isdir(path):
        raise LogdirError(f"{path} is a file; wanted the directory that holds the runs: give its parent")


def read_regular(path: str, offset: int = 0, length: int | None = None) -> bytes:
    """`length` bytes of a regular file from `offset`, or all that follow.

    Raises:
        OSError: it is gone, not a regular file, or shorter than that.
    """
    descriptor = os.open(path, _FLAGS)
    with os.fdopen(descriptor, "rb", buffering=0) as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(f"{path} is no regular file")
        wanted = max(status.st_size - offset, 0) if length is None else length
        if not 0 <= offset <= offset + wanted <= status.st_size:
            raise OSError(
                f"{path} has {status.st_size} bytes; wanted {wanted} from byte {offset}: it was replaced"
            )
        file.seek(offset)
        data = bytearray(wanted)
        view, filled = memoryview(data), 0
        while filled < wanted:
            count = file.readinto(view[filled:])
            if not count:
                raise OSError(
                    f"{path} ends at byte {offset + filled}; wanted {wanted} from byte {offset}: it was cut"
                )
            filled += count
    return bytes(data)


def read_below(directory: str, path: str) -> bytes:
    """A file below `directory`. `path` has `/` between its parts and may not leave it, by links neither.

    Raises:
        UnknownSeries: there is no such regular file, or the path is not one that may be asked for.
    """
    parts = path.split("/")
    if any(part in ("", ".", "..") or any(c in part for c in "\0\\:") for part in parts):
        raise UnknownSeries(f"{shorten(path)} is no path below a run; wanted names with `/` between them")
    top = os.path.realpath(directory)
    target = os.path.realpath(os.path.join(top, *parts))
    try:
        if os.path.commonpath([top, target]) != top:
            raise UnknownSeries(f"{shorten(path)} leads out of its run")
        return read_regular(target)
    except (OSError, ValueError) as error:
        raise UnknownSeries(f"no file {shorten(path)} in the run: {error}") from None
