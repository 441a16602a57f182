"""LogWriter: the files and threads behind `SummaryWriter`, and its life: opening, flushing, closing."""

from __future__ import annotations

import contextlib
import time
from array import array
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from cupola.events import event
from cupola.values.deferred import Later
from cupola.writer import life
from cupola.writer.arguments import as_step, as_wall_time, is_remote, size_of
from cupola.writer.background import Background
from cupola.writer.event_file_writer import EventFileWriter, working_directory
from cupola.writer.file_writer import FileWriter, NoFileWriter

if TYPE_CHECKING:
    from typing_extensions import Self

    from cupola.writer.remote import Mirror

_START = b"\x08\x01"  # SessionLog{status: START}


def _closed(tag: Any, value: Any, step: Any, wall_time: Any) -> bool:
    """Stands where an open file's `scalar` was."""
    return False


class LogWriter:
    """Opens the event files of a log directory when they are needed, and hands them values.

    Attributes:
        log_dir: the directory, as it was given; `logdir` is the same.
        file_writer: the `FileWriter` of `log_dir`; None after `close`.
        all_writers: directory to `FileWriter`, those of `add_scalars` too; None after `close`.
    """

    def __init__(
        self,
        log_dir: Any = None,
        comment: str = "",
        purge_step: int | None = None,
        max_queue: int = 10,
        flush_secs: float = 120,
        filename_suffix: str = "",
        write_to_disk: bool = True,
        *,
        logdir: Any = None,
        comet_config: Any = None,
        max_bytes: int = 64 << 20,
    ) -> None:
        """Makes the directory and an event file in it.

        Args:
            log_dir: where to log; `runs/<date>_<time>_<host><comment>` if none is given.
            comment: end of that directory's name; has no effect if `log_dir` is given.
            purge_step: hides what earlier files of the directory hold from this step on (a run resumed from
                a checkpoint).
            max_queue: accepted for compatibility; memory is bounded by `max_bytes`.
            flush_secs: how many seconds an event may wait in memory; never more than a quarter.
            filename_suffix: end of the event files' names.
            write_to_disk: False checks arguments and writes nothing.
            logdir: tensorboardX's name of `log_dir`; it wins.
            comet_config: accepted for compatibility and ignored.
            max_bytes: how many bytes may wait, half of them to be encoded and half to be written.

        Raises:
            OSError: the directory cannot be used.
        """
        del comet_config
        log_dir = log_dir if logdir is None else logdir
        self.log_dir = log_dir if log_dir else _default_log_dir(comment)
        self._base = working_directory()
        self.purge_step = None if purge_step is None else as_step(purge_step)
        self.max_queue = max_queue
        self.flush_secs = flush_secs
        self.filename_suffix = filename_suffix
        self.kwargs: dict[str, Any] = {}
        self._write_to_disk = write_to_disk
        self._max_bytes = max_bytes
        self._bins: list[float] | None = None
        self._charts: dict[str, Any] = {}
        self._history: dict[str, array[float]] = {}
        self._begin()
        self._open(open_now=True)

    def _begin(self) -> None:
        self.file_writer: FileWriter | None = None
        self.all_writers: dict[str, FileWriter] | None = None
        self._background = Background(self._max_bytes // 2)
        self._mirror = _mirror(self.log_dir) if self._write_to_disk and is_remote(self.log_dir) else None
        self._defaults: tuple[Any, Any] = (None, None)
        self._detour = False  # scalars must not take the short way
        self._scalar: Callable[[Any, Any, Any, Any], bool] = _closed
        self._groups: dict[str, dict[str, EventFileWriter]] = {}

    # Life

    def get_logdir(self) -> Any:
        """The directory, as it was given."""
        return self.log_dir

    @property
    def logdir(self) -> Any:
        """The directory, as it was given."""
        return self.log_dir

    def flush(self) -> None:
        """Returns when everything logged before the call is with the operating system, and so survives this
        process.

        It returns also when storage fails or makes no progress for ten seconds; that is logged, and writing
        goes on in the background.
        """
        self._background.drain()
        deadline = time.monotonic() + life.PATIENCE_S
        for file in list((self.all_writers or {}).values()):
            file.event_writer.flush(max(deadline - time.monotonic(), 0.1))
        if self._mirror is not None:
            self._mirror.flush(max(deadline - time.monotonic(), 0.1))

    def close(self) -> None:
        """Flushes and closes all files. A later call opens a new one."""
        self._background.drain()
        writers, self.file_writer, self.all_writers = self.all_writers, None, None
        self._scalar = _closed
        self._groups = {}
        deadline = time.monotonic() + life.PATIENCE_S
        for file in (writers or {}).values():
            file.event_writer.close(max(deadline - time.monotonic(), 0.1))
        if writers and self._mirror is not None:
            self._mirror.flush(max(deadline - time.monotonic(), 0.1))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextlib.contextmanager
    def use_metadata(self, *, global_step: Any = None, walltime: float | None = None) -> Iterator[Self]:
        """Within it, calls without a step or wall time of their own have these."""
        before = self._defaults
        self._defaults, self._detour = (global_step, walltime), True
        try:
            yield self
        finally:
            self._defaults = before

    def __getstate__(self) -> dict[str, Any]:
        running = {  # what `_begin` makes
            "_mirror",
            "file_writer",
            "all_writers",
            "_background",
            "_defaults",
            "_detour",
            "_scalar",
            "_groups",
        }
        return {name: value for name, value in self.__dict__.items() if name not in running}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._begin()

    # Within

    def _get_file_writer(self) -> FileWriter:
        """The `FileWriter` of `log_dir`; opened anew if it was closed."""
        if self.all_writers is None or self.file_writer is None:
            with life.opening():
                return self.file_writer if self.all_writers and self.file_writer else self._open()
        return self.file_writer

    def _open(self, open_now: bool = False) -> FileWriter:
        writer = self._new_file(self.log_dir, open_now)
        if self.purge_step is not None:
            now, step = time.time(), self.purge_step
            version = event.FILE_VERSION.encode()
            writer.event_writer.write(event.encode_event(now, step, file_version=version))
            writer.event_writer.write(event.encode_event(now, step, session_log=_START))
            self.purge_step = None
        self.file_writer, self.all_writers = writer, {writer.get_logdir(): writer}
        self._scalar = writer.event_writer.scalar
        return writer

    def _new_file(self, directory: Any, open_now: bool = False) -> FileWriter:
        if not self._write_to_disk:
            return NoFileWriter(directory)
        mirror = self._mirror
        writer = FileWriter(
            directory,
            self.max_queue,
            self.flush_secs,
            self.filename_suffix,
            max_bytes=self._max_bytes // 2,
            open_now=open_now,
            directory=self._place(directory),
        )
        if self._background.inline:
            writer.event_writer.write_through()
        if mirror is not None:
            mirror.add(writer.event_writer)
        return writer

    def _place(self, directory: Any) -> Path:
        """Where a log directory really is."""
        return Path(self._base, directory) if self._mirror is None else self._mirror.local(directory)

    def _later(self, name: str, later: Later, step: Any = None, walltime: Any = None) -> None:
        step, wall_time = self._when(step, walltime)
        file = self._get_file_writer().event_writer
        self._background.submit(
            repr(name), partial(_write_values, file, later, step, wall_time), size_of(later)
        )

    def _event(self, **what: bytes) -> None:
        file = self._get_file_writer().event_writer
        step, wall_time = self._when(None, None)
        for name, message in what.items():
            file.write(event.encode_event(wall_time, step, **{name: message}))

    def _when(self, step: Any, walltime: Any) -> tuple[int, float]:
        default_step, default_walltime = self._defaults
        return as_step(default_step if step is None else step), as_wall_time(
            default_walltime if walltime is None else walltime
        )


def _mirror(url: str) -> Mirror:
    with life.no_fork():
        from cupola.writer.remote import Mirror
    return Mirror(url)


def _write_values(file: EventFileWriter, later: Later, step: int, wall_time: float) -> None:
    file.write(event.encode_event(wall_time, step, summary=event.encode_summary(*later())))


def _default_log_dir(comment: str) -> str:
    import socket
    from datetime import datetime

    started = datetime.now().strftime("%b%d_%H-%M-%S")
    return str(Path("runs", f"{started}_{socket.gethostname()}{comment}"))
