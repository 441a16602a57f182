"""A file beside the event files, as it was when last polled."""

from __future__ import annotations

import os

from cupola.types import DataClass, SeriesInfo, SeriesKey


class WatchedAsset:
    """See the module's docstring."""

    __slots__ = ("key", "mtime_ns", "path", "size")

    def __init__(self, key: SeriesKey, path: str) -> None:
        self.key = key
        self.path = path
        self.size = self.mtime_ns = -1

    def has_changed(self) -> bool:
        """Whether it is another one than at the last call."""
        try:
            status = os.stat(self.path)
        except OSError:  # its directory's next listing tells
            return False
        before = self.mtime_ns, self.size
        self.mtime_ns, self.size = status.st_mtime_ns, status.st_size
        return before != (self.mtime_ns, self.size)

    def info(self) -> SeriesInfo:
        """What is known without reading it."""
        return SeriesInfo(self.key, DataClass.ASSET, 1, 0, 0, max(self.mtime_ns, 0) / 1e9, b"")
