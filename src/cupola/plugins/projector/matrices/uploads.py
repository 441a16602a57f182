"""Files that are dropped on the page.

They come in pieces, so that a proxy's bound on a request (nginx: 1 MiB) does not matter, and lie in an
unnamed temporary file: never in a log directory, and gone with the server.
"""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
import threading
import time
import weakref
from typing import IO, Any, Final

from cupola.plugins.projector.matrices.opened import OpenedFile, OpenedFiles
from cupola.plugins.projector.matrices.subset import RUN_PREFIX

PIECE_BYTES: Final = 1 << 20
"""Largest piece. nginx lets just that pass where nobody tells it otherwise."""
MOST_BYTES: Final = 8 << 30
"""Of all dropped files together."""
IDLE_S: Final = 600.0
"""After so long without a piece a file that is not whole is given up."""


class CannotTake(Exception):
    """A file that there is no room for. The message is for people."""


class _Upload:
    def __init__(self, name: str, size: int) -> None:
        self.name, self.size = name, size
        self.file: IO[bytes] = tempfile.TemporaryFile(prefix="cupola-")  # noqa: SIM115
        weakref.finalize(self, self.file.close)  # when neither a list nor an answer needs it any more
        self.lock = threading.Lock()
        self.touched_s = time.monotonic()


class Uploads:
    """Files on their way, and those that are whole. May be asked from any thread."""

    def __init__(self, opened: OpenedFiles, most_bytes: int = MOST_BYTES) -> None:
        self._opened = opened
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._coming: dict[str, _Upload] = {}
        self._sizes: dict[str, int] = {}  # by run

    def begin(self, name: str, size: int) -> str:
        """Makes room for a file. Returns what names it until it is whole.

        Raises:
            CannotTake: there is no room.
        """
        with self._lock:
            self._give_up_idle()
            held = sum(self._sizes.values()) + sum(upload.size for upload in self._coming.values())
            free = shutil.disk_usage(tempfile.gettempdir()).free
            if held + size > self._most_bytes:
                raise CannotTake(
                    f"{name} has {size:,} bytes, and dropped files may hold {self._most_bytes:,} together "
                    f"({held:,} are held); close one, or open it on the server's machine by `cupola "
                    "projector FILE`, which copies nothing"
                )
            if size > free:
                raise CannotTake(
                    f"{name} has {size:,} bytes, and the server's directory for temporary files has room for "
                    f"{free:,}; make room, or set TMPDIR before the server is started"
                )
            key = secrets.token_urlsafe(12)
            try:
                self._coming[key] = _Upload(name, size)
            except OSError as error:
                raise CannotTake(
                    f"the server cannot write temporary files: {error.strerror or error}"
                ) from None
            return key

    def add(self, key: str, offset: int, piece: bytes) -> int:
        """Takes a piece. Returns how many bytes are there; a piece that comes twice counts once.

        Raises:
            KeyError: no such file is on its way (any more).
            CannotTake: the piece does not go on where the last one ended, or the disk is full.
        """
        upload = self._coming[key]
        with upload.lock:
            upload.touched_s = time.monotonic()
            there = upload.file.seek(0, os.SEEK_END)
            if offset > there or offset + len(piece) > upload.size:
                raise CannotTake(
                    f"a piece from byte {offset:,} of {upload.name}, of which {there:,} are there"
                )
            upload.file.seek(offset)
            try:
                upload.file.write(piece)
                upload.file.flush()
            except OSError as error:
                self.cancel(key)
                raise CannotTake(
                    f"{upload.name} cannot be held: {error.strerror or error}; make room in the server's "
                    "directory for temporary files, or set TMPDIR"
                ) from None
            return max(there, offset + len(piece))

    def finish(self, key: str) -> OpenedFile:
        """The whole file, listed once it could be read.

        Raises:
            KeyError: no such file is on its way (any more).
            CannotTake: it is not whole.
            DecodeError: it holds no matrix.
        """
        with self._lock:
            upload = self._coming.pop(key)
        with upload.lock:
            there = upload.file.seek(0, os.SEEK_END)
            if there != upload.size:
                raise CannotTake(
                    f"{there:,} of {upload.size:,} bytes of {upload.name} have come; send it anew"
                )

        def open_() -> IO[bytes]:
            return os.fdopen(os.dup(upload.file.fileno()), "rb")

        file = OpenedFile(RUN_PREFIX + upload.name, upload.name, open_)
        contents: Any = file.contents
        if contents.matrices or contents.columns:
            with self._lock:
                self._opened.add(file)
                self._sizes[file.run] = upload.size
        return file

    def cancel(self, key: str) -> None:
        """Gives a file up that is on its way."""
        with self._lock:
            self._coming.pop(key, None)

    def close(self, run: str) -> bool:
        """Forgets a dropped file, or a subset. False if none is listed as this run."""
        with self._lock:
            self._sizes.pop(run, None)
            return run.startswith(RUN_PREFIX) and self._opened.remove(run)

    def _give_up_idle(self) -> None:
        for key, upload in list(self._coming.items()):
            if time.monotonic() - upload.touched_s > IDLE_S:
                del self._coming[key]
