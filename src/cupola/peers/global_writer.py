"""GlobalSummaryWriter: one writer that counts the steps itself, for a program's modules and forked
processes together.
"""

from __future__ import annotations

import contextlib
import hashlib
import mmap
import os
import struct
import tempfile
import threading
import weakref
from collections.abc import Iterator, Sequence
from typing import Any

from cupola._codec import frame
from cupola.events import event
from cupola.peers.file_writer import FileWriter
from cupola.plugins.scalars import encode as scalars
from cupola.values.arguments import as_wall_time, check_tag
from cupola.writer import encoders
from cupola.writer.summary_writer import SummaryWriter
from cupola.writer.untraced import untraced

try:
    import fcntl
except ImportError:  # Windows, which has no fork either
    fcntl = None  # type: ignore[assignment]

_SLOT = struct.Struct("<8sq")  # hash of a tag, its next step
_SLOTS = 1 << 16
_NO_FILE = -1


class Steps:
    """The next step of each tag, in memory that forked processes share.

    The lock is the kernel's, which takes it back from a process that dies with it.
    """

    def __init__(self) -> None:
        size = _SLOT.size * _SLOTS
        self._file = _NO_FILE
        if fcntl is not None:
            self._file, path = tempfile.mkstemp()
            os.unlink(path)  # noqa: PTH108
            os.ftruncate(self._file, size)
            weakref.finalize(self, os.close, self._file)
        self._table = mmap.mmap(self._file, size)
        self._reset()

    def _reset(self) -> None:
        self._process, self._threads = os.getpid(), threading.RLock()

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Nobody else, thread or process, counts or writes meanwhile."""
        if self._process != os.getpid():
            self._reset()
        with self._threads:
            if fcntl is not None:
                fcntl.lockf(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                if fcntl is not None:
                    fcntl.lockf(self._file, fcntl.LOCK_UN)

    def next(self, kind: str, tag: str) -> int:
        """The tag's next step, from 0; call it locked.

        Raises:
            RuntimeError: too many tags.
        """
        name = hashlib.blake2b(f"{kind}\0{tag}".encode("utf-8", "replace"), digest_size=8).digest()
        start = int.from_bytes(name, "little")
        for probe in range(_SLOTS):
            at = (start + probe) % _SLOTS * _SLOT.size
            found, step = _SLOT.unpack_from(self._table, at)
            if found == name or (step == 0 and not any(found)):
                _SLOT.pack_into(self._table, at, name, step + 1)
                return int(step)
        raise RuntimeError(f"a GlobalSummaryWriter counts the steps of {_SLOTS} tags at most")


@untraced
class _Writer(SummaryWriter):
    _peer_module = "tensorboardX.writer"


class GlobalSummaryWriter:
    """Logs like `SummaryWriter`, without steps: each tag counts from 0, over all forked processes.

    All of them append to one event file, in the order of the steps.
    """

    def __init__(
        self,
        logdir: Any = None,
        comment: str = "",
        purge_step: int | None = None,
        max_queue: int = 10,
        flush_secs: float = 120,
        filename_suffix: str = "",
        write_to_disk: bool = True,
        log_dir: Any = None,
        coalesce_process: bool = True,
    ) -> None:
        """Makes the directory and an event file in it.

        Args:
            logdir: where to log; `runs/<date>_<time>_<host><comment>` if none is given.
            comment: end of that directory's name; has no effect if `logdir` is given.
            purge_step: hides what earlier files of the directory hold from this step on.
            max_queue: accepted for compatibility.
            flush_secs: how many seconds an event may wait in memory; never more than a quarter.
            filename_suffix: end of the event files' names.
            write_to_disk: False checks arguments and writes nothing.
            log_dir: torch's name of `logdir`.
            coalesce_process: accepted for compatibility.

        Raises:
            OSError: the directory cannot be used.
        """
        del coalesce_process
        logdir = log_dir if logdir is None else logdir
        queue = (max_queue, flush_secs, filename_suffix, write_to_disk)
        self.smw = _Writer(logdir, comment, purge_step, *queue)
        self._steps = Steps()
        self._shared = _NO_FILE
        if write_to_disk:
            self._share()

    def _share(self) -> None:
        self.smw.flush()
        path = self.smw._main_file().path
        self._shared = os.open(path, os.O_WRONLY | os.O_APPEND | getattr(os, "O_BINARY", 0))

    def add_scalar(self, tag: str, scalar_value: Any, walltime: float | None = None) -> None:
        """Logs a number.

        Args:
            tag: name of the series.
            scalar_value: the number, or an array of one.
            walltime: seconds since 1970 UTC; now if none is given.

        Raises:
            WrongType, WrongValue: the argument and what is wanted.
        """
        tag, number = check_tag(tag), scalars.as_float(scalar_value)
        self._append("scalar", tag, [scalars.scalar(tag, number)], walltime)

    def add_image(
        self, tag: str, img_tensor: Any, walltime: float | None = None, dataformats: str = "CHW"
    ) -> None:
        """Logs an image.

        Args:
            tag: name of the series.
            img_tensor: pixels with 1 to 4 channels: uint8 from 0 to 255, floats from 0 to 1 (clipped).
            walltime: seconds since 1970 UTC; now if none is given.
            dataformats: the axes' letters, in the array's order.

        Raises:
            WrongType, WrongValue: the argument and what is wanted.
        """
        self._append("image", tag, encoders.images.image(tag, img_tensor, dataformats).encode(), walltime)

    def add_text(self, tag: str, text_string: str, walltime: float | None = None) -> None:
        """Logs a text.

        Args:
            tag: name of the series.
            text_string: a string, which may be Markdown.
            walltime: seconds since 1970 UTC; now if none is given.

        Raises:
            WrongType, WrongValue: the argument and what is wanted.
        """
        self._append("text", tag, encoders.text.text(tag, text_string).encode(), walltime)

    def _append(self, kind: str, tag: str, values: Sequence[bytes], walltime: float | None) -> None:
        tag, wall_time, summary = check_tag(tag), as_wall_time(walltime), event.encode_summary(*values)
        with self._steps.locked():
            encoded = event.encode_event(wall_time, self._steps.next(kind, tag), summary=summary)
            file = self.smw._main_file()
            if file.is_sent_elsewhere or not self._append_to_shared(frame(encoded)):
                file.write(encoded)

    def _append_to_shared(self, record: bytes) -> bool:
        """False if there is no shared file or it cannot be written; nothing of the record is in it then."""
        if self._shared == _NO_FILE:
            return False
        status = os.fstat(self._shared)
        if status.st_nlink == 0:  # removed
            return False
        with contextlib.suppress(OSError):
            if os.write(self._shared, record) == len(record):
                return True
        with contextlib.suppress(OSError):
            os.ftruncate(self._shared, status.st_size)  # we have the lock: nobody wrote behind it
        return False

    def flush(self) -> None:
        """Returns when everything logged before the call is with the operating system."""
        self.smw.flush()

    def close(self) -> None:
        """Flushes and closes. A later call goes into a new file."""
        if self._shared != _NO_FILE:
            os.close(self._shared)
            self._shared = _NO_FILE
        self.smw.close()

    @property
    def file_writer(self) -> FileWriter:
        """The `FileWriter` of the directory."""
        return self.smw._get_file_writer()

    @staticmethod
    def getSummaryWriter() -> GlobalSummaryWriter:
        """The program's one writer, made when it is first asked for."""
        global _writer
        if _writer is None:
            _writer = GlobalSummaryWriter()
        print("Using the global logger in:", _writer.smw.get_logdir())
        return _writer


_writer: GlobalSummaryWriter | None = None
