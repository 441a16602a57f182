"""RecordWriter: records of any content to a file, one behind the other."""

from __future__ import annotations

import os
from typing import Any

from cupola._codec import frame


class RecordWriter:
    """Writes TFRecords: each with its length and CRCs, so that a reader finds damage.

    Unlike the other writers it is a plain file: the caller waits for it, and its errors are the caller's.
    """

    def __init__(self, writer: Any) -> None:
        """Opens the file.

        Args:
            writer: a path, whose file is made anew, or an open binary file.

        Raises:
            OSError: the file cannot be made.
        """
        self.path = writer if isinstance(writer, (str, bytes, os.PathLike)) else None
        self._writer = writer if self.path is None else open(self.path, "wb")  # noqa: SIM115

    def write(self, data: bytes) -> None:
        """Appends a record.

        Args:
            data: the record's content.

        Raises:
            OSError: it cannot be written.
        """
        self._writer.write(frame(data))

    def flush(self) -> None:
        """Hands what is buffered to the operating system."""
        self._writer.flush()

    def close(self) -> None:
        """Closes the file."""
        self._writer.close()

    @property
    def closed(self) -> bool:
        """Whether the file is closed."""
        return bool(self._writer.closed)
