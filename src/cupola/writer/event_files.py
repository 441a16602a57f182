"""EventFiles: which event file a summary goes to."""

from __future__ import annotations

import contextlib
import re
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cupola.events import event
from cupola.writer import notices, process_hooks
from cupola.writer.encode_queue import EncodeQueue
from cupola.writer.event_writer import EventWriter, NullEventWriter
from cupola.writer.patience import Patience

if TYPE_CHECKING:
    from cupola.writer.upload import Uploader


class EventFiles:
    """The event files of a log directory and of the directories below it: opened when they are needed,
    flushed and closed together.

    Attributes:
        main: the file of the log directory itself; None while it is closed.
        by_directory: every open file by its directory, `main` too.
        uploader: copies the files to a remote log directory; None if it is a local one.
    """

    def __init__(
        self,
        log_dir: Any,
        queue: EncodeQueue,
        *,
        working_directory: str = "",
        flush_secs: float = 120,
        filename_suffix: str = "",
        max_bytes: int = 32 << 20,
        write_to_disk: bool = True,
        opened: Callable[[EventWriter], None] = lambda file: None,
    ) -> None:
        """Opens nothing yet.

        Args:
            log_dir: a directory, or the URL of a remote one.
            queue: whose jobs write to the files.
            working_directory: what a relative `log_dir` is relative to.
            flush_secs: see `EventWriter`.
            filename_suffix: see `EventWriter`.
            max_bytes: see `EventWriter`; for each file.
            write_to_disk: False opens files that write nothing.
            opened: is called with each file, before anything is written to it.
        """
        self.main: EventWriter | None = None
        self.by_directory: dict[str, EventWriter] = {}
        self._log_dir = log_dir
        self._queue = queue
        self._working_directory = working_directory
        self._flush_secs = flush_secs
        self._suffix = filename_suffix
        self._max_bytes = max_bytes
        self._write_to_disk = write_to_disk
        self._opened = opened
        self._closing: deque[EventWriter] = deque()
        """What an interrupted `close` has not come to."""
        self.uploader = _uploader(log_dir) if write_to_disk and _is_remote(log_dir) else None

    def open_main(self, purge_step: int | None = None, open_now: bool = False) -> EventWriter:
        """A new file for the log directory itself, which becomes `main`.

        Args:
            purge_step: hides what earlier files of the directory hold from this step on.
            open_now: make it at once, not with its first event.

        Raises:
            OSError: `open_now`, and the directory cannot be used.
        """
        file = self.open(self._log_dir, open_now)
        if purge_step is not None:
            now, version = time.time(), event.FILE_VERSION.encode()
            file.write(event.encode_event(now, purge_step, file_version=version))
            file.write(event.encode_event(now, purge_step, session_log=event.encode_session_log()))
        if self.main is not None:
            return self.main  # a signal handler has opened it meanwhile
        self.by_directory, self.main = {file.logdir: file}, file
        return file

    def of(self, directory: str) -> EventWriter:
        """The file of a directory below the log directory; the same one until `close`."""
        with process_hooks.opening():
            found = self.by_directory.get(directory)
            # A signal handler may open it within this call: of the two, the one that is not kept is empty.
            return found or self.by_directory.setdefault(directory, self.open(directory))

    def open(self, directory: Any, open_now: bool = False) -> EventWriter:
        """A new file, which is the caller's to close."""
        if not self._write_to_disk:
            return NullEventWriter(directory)
        file = EventWriter(
            directory,
            flush_secs=self._flush_secs,
            filename_suffix=self._suffix,
            max_bytes=self._max_bytes,
            open_now=open_now,
            directory=self.local(directory),
        )
        if self._queue.inline:
            file.write_through()
        if self.uploader is not None:
            self.uploader.add(file)
        self._opened(file)
        return file

    def local(self, directory: Any) -> Path:
        """Where the files of a directory are really made: of a remote one in a spool."""
        if self.uploader is not None:
            return self.uploader.spooled(directory)
        return Path(self._working_directory, directory)

    def flush(self) -> None:
        """Returns when all that was logged before the call is written, or patience with all files ends."""
        patience = Patience()
        self._drain(patience)
        for file in list(self.by_directory.values()):
            file.flush(patience)
        self._upload(patience)

    def close(self) -> None:
        """Flushes and closes every file."""
        patience = Patience()
        self._drain(patience)
        # No call in between: a signal handler would open a file that nobody closes.
        files, self.by_directory, self.main = self.by_directory, {}, None
        self._closing.extend(files.values())
        if not self._closing:
            return
        for file in list(self._closing):
            file.close(patience)
            with contextlib.suppress(ValueError):  # a handler's `close` came before
                self._closing.remove(file)
        self._upload(patience)

    def _drain(self, patience: Patience) -> None:
        if not self._queue.drain(patience):
            notices.warn(
                "%s: values still wait to be encoded: that goes on in the background, and they are lost if "
                "the process ends before that",
                self._log_dir,
            )

    def _upload(self, patience: Patience) -> None:
        if self.uploader is not None:
            self.uploader.flush(patience)


def _is_remote(log_dir: Any) -> bool:
    """Whether a log directory is a URL (`s3://bucket/run`)."""
    return isinstance(log_dir, str) and re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", log_dir) is not None


def _uploader(url: str) -> Uploader:
    with process_hooks.no_fork():
        from cupola.writer.upload import Uploader
    return Uploader(url)
