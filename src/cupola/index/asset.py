"""Files beside the event files: found below a run's directory and nowhere else, read piece by piece."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import time
from dataclasses import dataclass
from typing import Final, TypeAlias

from cupola.errors import UnknownSeries, Unreadable
from cupola.index.files import RACY_NS, open_regular, read_exactly
from cupola.names import shorten

Signature: TypeAlias = "tuple[int, int, int, int]"

_MISSING: Final = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG)


@dataclass(frozen=True, slots=True)
class LocalAsset:
    """Implements `cupola.provider.Asset`. It holds no descriptor: each read opens the file and looks
    whether it still is the one that was asked for.
    """

    path: str
    """Real path: no link in it."""
    signature: Signature

    @property
    def size(self) -> int:
        """Bytes."""
        return self.signature[0]

    @property
    def version(self) -> str:
        """Another one once the file has changed."""
        return hashlib.blake2b(repr(self.signature).encode(), digest_size=12).hexdigest()

    def read(self, offset: int = 0, length: int | None = None) -> bytes:
        """A part of the file, or all of it."""
        end = self.size if length is None else min(offset + length, self.size)
        try:
            with open_regular(self.path) as (file, status):
                if _signature(status) != self.signature:
                    raise Unreadable(
                        f"{self.path} was changed since it was asked for; ask for it anew"
                    ).coded("file_changed", path=self.path)
                return read_exactly(file, offset, max(end - offset, 0))
        except Unreadable:
            raise
        except OSError as error:
            raise Unreadable(str(error)) from None


def find_asset(directory: str, path: str) -> LocalAsset:
    """The file that `path` names below a run's directory, see `DataProvider.asset`.

    Raises:
        UnknownSeries: there is no such regular file, or it lies outside of the directory.
        Unreadable: the system refuses.
    """
    try:
        top = os.path.realpath(directory)
        target = os.path.realpath(os.path.join(top, path))
        if os.path.commonpath([top, target]) != top:
            raise UnknownSeries(
                f"{shorten(path)} leads out of its run; wanted a file below the run's directory"
            ).coded("outside_run", path=shorten(path))
        return LocalAsset(target, _settled_signature(target))
    except (OSError, ValueError) as error:  # ValueError: a NUL in it, or on Windows another drive
        said = getattr(error, "strerror", None) or str(error)
        if isinstance(error, OSError) and error.errno not in _MISSING:
            raise Unreadable(f"{shorten(path)} cannot be looked at: {said}") from None
        raise UnknownSeries(f"no file {shorten(path)} in the run: {said}").coded(
            "no_file", path=shorten(path), error=said
        ) from None


def _settled_signature(path: str) -> Signature:
    """The file's state. Two writes within one tick of the clock look alike, so a tick is waited for."""
    status = os.stat(path)
    if not stat.S_ISREG(status.st_mode):
        raise FileNotFoundError(errno.ENOENT, "it is no regular file")
    if abs(time.time_ns() - status.st_mtime_ns) < RACY_NS:
        time.sleep(RACY_NS / 1e9)
        status = os.stat(path)
    return _signature(status)


def _signature(status: os.stat_result) -> Signature:
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino
