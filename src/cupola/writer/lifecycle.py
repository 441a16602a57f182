"""What a writer does from its first file to its last: open, flush, close, be copied; and the peers' names for
its parts.
"""

from __future__ import annotations

import contextlib
from array import array
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple

from cupola.values.arguments import as_step, as_text, as_wall_time, plain_text
from cupola.values.deferred import Deferred
from cupola.writer import process_hooks
from cupola.writer.encode_queue import EncodeQueue, Job
from cupola.writer.event_files import EventFiles
from cupola.writer.event_writer import EventWriter, working_directory
from cupola.writer.forgiving import LeftOut, strict_by_default
from cupola.writer.peer_names import PeerNames
from cupola.writer.untraced import skip_frames, untraced

if TYPE_CHECKING:
    from typing_extensions import Self

    from cupola.peers.file_writer import FileWriter

_RUNNING = {"_files", "_queue", "_defaults", "_detour", "_scalar", "_groups", "_file_writers"}
"""What `_start` makes: no part of a copy."""


class Curve(NamedTuple):
    """What a key of `add_scalars` has."""

    file: EventWriter
    """Of its own run."""
    history: array[float]
    """For `export_scalars_to_json`: wall time, step and number, one after the other."""


def _refuse(tag: Any, value: Any, step: Any, wall_time: Any) -> bool:
    """Stands where an open file's `scalar` was."""
    return False


@untraced
class Lifecycle(PeerNames):
    """The base of `SummaryWriter`: its event files and the queue of what is encoded for them."""

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
        strict: bool | None = None,
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
            max_bytes: how many bytes may wait, half of them to be encoded and half to be written; what is
                larger waits alone.
            strict: whether a call raises for what it cannot take. If not, as callbacks want it, the value is
                left out: there is one warning for each kind of fault, and the log says how many there were.
                None does as the environment variable `CUPOLA_STRICT` (0 or 1) says; without one it is True.

        Raises:
            OSError: the directory cannot be used.
            WrongValue: `CUPOLA_STRICT` is neither 0 nor 1.
        """
        del comet_config
        log_dir = log_dir if logdir is None else logdir
        self.log_dir = log_dir if log_dir else _default_log_dir(comment)
        self.purge_step = None if purge_step is None else as_step(purge_step)
        self.max_queue = max_queue
        self.flush_secs = flush_secs
        self.filename_suffix = filename_suffix
        self.strict = strict_by_default() if strict is None else strict
        self.kwargs: dict[str, Any] = {}
        self._working_directory = working_directory()
        self._write_to_disk = write_to_disk
        self._max_bytes = max_bytes
        # What outlives `close`, and is copied:
        self._bins: list[float] | None = None
        self._charts: dict[str, Any] = {}
        self._history: dict[str, array[float]] = {}
        self._left_out = LeftOut()
        self._start()
        self._main_file(open_now=True)

    def _start(self) -> None:
        skip_frames()
        self._queue = EncodeQueue(self._max_bytes // 2)
        self._files = EventFiles(
            plain_text(self.log_dir) if isinstance(self.log_dir, str) else self.log_dir,
            self._queue,
            working_directory=self._working_directory,
            flush_secs=self.flush_secs,
            filename_suffix=as_text(self.filename_suffix),
            max_bytes=self._max_bytes // 2,
            write_to_disk=self._write_to_disk,
            opened=self._listener(),
        )
        self._defaults: tuple[Any, Any] = (None, None)
        self._file_writers: dict[EventWriter, FileWriter] = {}
        self._groups: dict[str, dict[str, Curve]] = {}
        self._scalar: Callable[[Any, Any, Any, Any], bool] = _refuse
        self._detour = False

    def flush(self) -> None:
        """Returns when everything logged before the call is with the operating system, and so survives this
        process.

        It returns also when storage fails, and when ten seconds were waited for what does not get on, all
        files together; that is logged, and writing goes on in the background.
        """
        self._files.flush()

    def close(self) -> None:
        """Flushes and closes all files, waiting no longer than `flush`. A later call opens a new one."""
        try:
            self._files.close()
        finally:  # also after Ctrl-C
            self._forget_files()
            self._file_writers = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextlib.contextmanager
    def use_metadata(self, *, global_step: Any = None, walltime: float | None = None) -> Iterator[Self]:
        """Within it, calls without a step or wall time of their own have these.

        Args:
            global_step: the step of calls that give none.
            walltime: the wall time of calls that give none, in seconds since 1970 UTC.
        """
        before = self._defaults
        self._defaults, self._detour = (global_step, walltime), True
        try:
            yield self
        finally:
            self._defaults = before

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name not in _RUNNING}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._start()

    # The peers' names

    def get_logdir(self) -> Any:
        """The directory, as it was given."""
        return self.log_dir

    @property
    def logdir(self) -> Any:
        """The directory, as it was given."""
        return self.log_dir

    # Within

    def _main_file(self, open_now: bool = False) -> EventWriter:
        """The event file of `log_dir`; opened anew if it was closed."""
        file = self._files.main
        if file is None:
            file = self._open_by_override() if self._is_overridden else self._open_main(open_now)
        self._scalar = file.scalar
        return file

    def _open_main(self, open_now: bool = False) -> EventWriter:
        with process_hooks.opening():
            file = self._files.main
            if file is None:
                purge_step, self.purge_step = self.purge_step, None
                file = self._files.open_main(purge_step, open_now)
            return file

    def _forget_files(self) -> None:
        self._scalar, self._groups = _refuse, {}

    def _when(self, step: Any, walltime: Any) -> tuple[int, float]:
        default_step, default_walltime = self._defaults
        return as_step(default_step if step is None else step), as_wall_time(
            default_walltime if walltime is None else walltime
        )

    def _log(self, deferred: Deferred, step: Any = None, walltime: Any = None) -> None:
        """Encodes and writes values on the encoding thread."""
        step, wall_time = self._when(step, walltime)
        file = self._main_file()
        write = partial(_encode_and_write, deferred, file, step, wall_time)
        self._submit(file, repr(deferred.name), write, deferred.nbytes, deferred.kind)

    def _leave_out(self, method: str, what: Any, error: Exception, file: EventWriter | None = None) -> None:
        """Counts a call that raised, and tells of it once; the writer is not strict."""
        self._left_out.count(file or self._main_file(), method, what, error)

    def _without_none(self, method: str, numbers: Mapping[str, Any]) -> dict[str, Any]:
        """Those that have a value. Callbacks have None for what was not measured in this epoch."""
        given = {key: value for key, value in numbers.items() if value is not None}
        for key in numbers.keys() - given.keys():
            self._left_out.tell((method, "None"), f"{method} leaves {key!r} out: it is None")
        return given

    def _submit(self, file: EventWriter, name: str, run: Callable[[], None], nbytes: int, kind: str) -> None:
        self._queue.submit(Job(name, run, nbytes, file, kind), now=file.is_sent_elsewhere)


def _encode_and_write(deferred: Deferred, file: EventWriter, step: int, wall_time: float) -> None:
    file.write_values(step, wall_time, deferred.encode())


def _default_log_dir(comment: str) -> str:
    import socket
    from datetime import datetime

    started = datetime.now().strftime("%b%d_%H-%M-%S")
    return str(Path("runs", f"{started}_{socket.gethostname()}{as_text(comment)}"))
