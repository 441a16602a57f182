"""A file that grows by chunks, stalls, shrinks and is replaced, as event files are while training goes on."""

from __future__ import annotations

import os
from pathlib import Path


class ScriptedFile:
    """A file whose every change is one call, and is on disk when the call returns.

    Args:
        path: where it lies; it is made empty.
        script: the bytes that `grow` takes from.
    """

    def __init__(self, path: Path, script: bytes = b"") -> None:
        self.path = path
        self.script = script
        path.write_bytes(b"")

    @property
    def size(self) -> int:
        """Bytes in the file now."""
        return self.path.stat().st_size

    def grow(self, count: int | None = None) -> None:
        """Appends the next `count` bytes of the script, or all that is left."""
        size = self.size
        self.append(self.script[size : None if count is None else size + count])

    def append(self, data: bytes) -> None:
        """Appends bytes of one's own."""
        with open(self.path, "ab", buffering=0) as file:
            file.write(data)

    def put(self, offset: int, data: bytes) -> None:
        """Overwrites bytes in their place."""
        with open(self.path, "r+b", buffering=0) as file:
            file.seek(offset)
            file.write(data)

    def shrink(self, size: int) -> None:
        """Cuts the file."""
        os.truncate(self.path, size)

    def rewrite(self, data: bytes) -> None:
        """Other contents in the same file (the inode stays)."""
        self.path.write_bytes(data)

    def replace(self, data: bytes) -> None:
        """Another file under the same name, as rsync does it (the inode changes)."""
        other = self.path.with_name(self.path.name + ".new")
        other.write_bytes(data)
        other.replace(self.path)
