"""Bytes out of regular files, and out of nothing else: a FIFO or a device is never waited for."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from typing import Final

from cupola.errors import LogdirError

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)

RACY_NS: Final = 20_000_000
"""Two writes within one tick of the kernel's clock (10 ms at 100 Hz) leave the same mtime: a file changed
this recently is looked at again.
"""


_COPIES: Final = {
    "s3": "aws s3 sync {url} logs",
    "gs": "gcloud storage rsync --recursive {url} logs",
    "az": "azcopy sync {url} logs",
    "hdfs": "hdfs dfs -get {url} logs",
    "http": "wget --recursive {url}",
    "https": "wget --recursive {url}",
    "sftp": "rsync -a HOST:PATH/ logs",
    "ssh": "rsync -a HOST:PATH/ logs",
}
"""What brings a log here, by the scheme of its address."""


def check_logdir(path: str | os.PathLike[str]) -> None:
    """Accepts a directory, or nothing, which may become one.

    Raises:
        LogdirError: there is a file where the directory should be, or an address that is no path.
    """
    if os.path.isdir(path):
        return
    text = os.fspath(path)
    found = re.match(r"([A-Za-z][A-Za-z0-9+.-]+):(//?)", text)
    scheme = found[1].lower() if found else ""
    if found and (found[2] == "//" or scheme in _COPIES):  # `pathlib` makes one slash of two
        address = f"{found[1]}://{text[found.end() :].lstrip('/')}"
        command = _COPIES.get(scheme, "").format(url=address)
        raise LogdirError(
            f"{address} is not on this machine, and cupola cannot read from there yet; wanted a directory: "
            f"mount it, or copy it first{f' (`{command}`)' if command else ''} and show the copy"
        )
    if os.path.exists(path):
        raise LogdirError(f"{path} is a file; wanted the directory that holds the runs: give its parent")


@contextmanager
def open_regular(path: str) -> Iterator[tuple[FileIO, os.stat_result]]:
    """A regular file, open for reading, and its status.

    Raises:
        OSError: it is gone, or not a regular file.
    """
    descriptor = os.open(path, _FLAGS)
    with FileIO(descriptor) as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(f"{path} is no regular file")
        yield file, status


def read_exactly(file: FileIO, offset: int, length: int) -> bytes:
    """`length` bytes from `offset`.

    Raises:
        OSError: the file is shorter than that.
    """
    file.seek(offset)
    parts: list[bytes] = []
    filled = 0
    while filled < length:
        part = file.read(length - filled)
        if not part:
            raise OSError(
                f"{file.name} ends at byte {offset + filled}; wanted {length} from byte {offset}: it was cut"
            )
        parts.append(part)
        filled += len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)  # most often one, which is not copied


def read_regular(path: str, offset: int, length: int) -> bytes:
    """`length` bytes of a regular file from `offset`.

    Raises:
        OSError: it is gone, not a regular file, or shorter than that.
    """
    with open_regular(path) as (file, status):
        if offset + length > status.st_size:  # before there is memory for it
            raise OSError(
                f"{path} has {status.st_size} bytes; wanted {length} from byte {offset}: it was replaced"
            )
        return read_exactly(file, offset, length)
