"""EventWriter: encoded events to the event files of one directory."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cupola import _codec
from cupola.errors import WrongType
from cupola.events import event
from cupola.writer import process_hooks
from cupola.writer.losses import Losses
from cupola.writer.untraced import untraced

logger = logging.getLogger("cupola")

LONGEST_INTERVAL_S = 0.25
"""An event waits no longer in memory, whatever `flush_secs` is: a killed process loses no more than that."""

MAX_BYTES = 32 << 20


@untraced
class EventWriter:
    """Writes to a new event file in `logdir`, and goes on in another when storage fails, the file is
    removed, the process forks, or after `close`.

    Safe from any thread. No method raises because of storage; what goes wrong is logged once to the logger
    `cupola`, and counted in `report`.
    """

    def __init__(
        self,
        logdir: Any,
        *,
        flush_secs: float = 120,
        filename_suffix: str = "",
        max_bytes: int = MAX_BYTES,
        open_now: bool = True,
        directory: Any = None,
    ) -> None:
        """Makes the directory and the file.

        Args:
            logdir: a directory, made if it is missing.
            flush_secs: how many seconds an event may wait in memory; never more than a quarter.
            filename_suffix: end of the file's name.
            max_bytes: how much may wait in memory while storage is slow or fails.
            open_now: False makes directory and file with the first event, and raises nothing.
            directory: where the files are really made, if not in `logdir`. If both are relative, changing
                the working directory later changes nothing.

        Raises:
            OSError: the directory cannot be used. A full disk is not among the reasons: writing begins when
                there is room.
        """
        self._losses = Losses()
        self.logdir = os.fsdecode(logdir)
        """The directory, as it was given."""
        self._directory = Path(working_directory(), directory or self.logdir)
        self._suffix = str(filename_suffix)
        self._interval_s = _interval(flush_secs)
        self._max_bytes = max_bytes
        self._closed = False
        self._write_through = False
        self._open(open_now)

    def _open(self, open_now: bool) -> None:
        self._warned_of: set[str] = set()
        self._native = _codec.EventWriter(
            _system_bytes(str(self._directory)),
            _system_bytes(self._suffix),
            interval_s=self._interval_s,
            max_bytes=self._max_bytes,
            open_now=open_now,
            write_through=self._write_through,
        )
        self.scalar = self._native.scalar
        """scalar(tag, value, step, wall_time): False if `write_scalar` has to be called with plain
        arguments instead.
        """
        process_hooks.register_file(self)

    @property
    def path(self) -> str:
        """The event file that is being written."""
        path: str = self._native.path
        return path

    @property
    def report(self) -> dict[str, int]:
        """Counts of events `accepted`, `written` and `dropped`, of storage's `failures` and of `removals`
        of the file.
        """
        return self._native.report()

    def write(self, payload: bytes) -> None:
        """Takes an encoded `Event`."""
        for _ in range(3):
            if self._native.event(payload):
                return
            self._recover()

    def write_values(self, step: int, wall_time: float, values: Sequence[bytes]) -> None:
        """Takes encoded `Summary.Value`s, as one event."""
        self.write(event.encode_event(wall_time, step, summary=event.encode_summary(*values)))

    def write_scalar(self, tag: str, value: float, step: int, wall_time: float) -> None:
        """Takes a scalar; lone surrogates in the tag become `?`."""
        for _ in range(3):
            if self.scalar(tag, value, step, wall_time):
                return
            tag = tag.encode("utf-8", "replace").decode()
            self._recover()

    def count_failed(self, name: str, reason: str) -> None:
        """Counts a value of this file that could not be encoded. `close` and the process's end say so in the
        file, where readers find it, and in the log.
        """
        self._losses.add("could not be logged", name, reason)

    def count_dropped(self, name: str, reason: str) -> None:
        """Counts a value of this file that was dropped before it was encoded; see `count_failed`."""
        self._losses.add("dropped", name, reason)

    def flush(self, timeout_s: float = process_hooks.PATIENCE_S) -> bool:
        """True once every event of before the call is with the operating system, and so survives this
        process.

        False if storage fails, or makes no progress for `timeout_s`; writing goes on in the background then.
        """
        if self._closed:
            return True
        flushed = self._native.flush(timeout_s)
        self._warn()
        return flushed

    def close(self, timeout_s: float = process_hooks.PATIENCE_S) -> None:
        """Flushes and closes the file. A later event goes into a new one."""
        self._write_losses()
        if self._closed:
            return
        self._closed = True
        self._native.close(timeout_s)
        self._warn()
        report = self._native.report()
        if report["dropped"]:
            logger.warning(
                "%d of %d events for %s were lost",
                report["dropped"],
                report["dropped"] + report["written"],
                self.logdir,
            )

    def reopen(self) -> None:
        """After `close`: the next event goes into a new file. Does nothing else."""
        if self._closed:
            self._closed = False
            self._open(open_now=False)

    def write_through(self) -> None:
        """From now on events are written within their call: no thread may live long enough to do it."""
        self._write_through = True
        self._native.set_write_through()

    def after_fork(self) -> None:
        """In the child: a file of its own, with its first event. What was lost before is the parent's."""
        self._losses = Losses()
        self._native.after_fork()
        self._write_through = True

    def at_exit(self, timeout_s: float) -> None:
        """Writes everything; later events are written within their call."""
        self._write_losses()
        if not self._closed:
            self.write_through()
            if not self.flush(timeout_s):
                report = self._native.report()
                waiting = report["accepted"] - report["written"]
                logger.warning("%d events for %s are lost: the process ends", waiting, self.logdir)

    def _recover(self) -> None:
        """After the native writer refused an event: it is closed, or wants a warning to be taken first."""
        self.reopen()
        self._warn()

    def _warn(self) -> None:
        if not self._native.take_warning():
            return
        report = self._native.report()
        reason = os.strerror(report["error"])
        messages = {
            "removals": f"the event file in {self.logdir} was removed under us; going on in a new one",
            "failures": f"cannot write to {self.logdir}: {reason}. Training goes on; up to "
            f"{self._max_bytes >> 20} MiB of events wait in memory until a new file can be written",
            "dropped": f"events for {self.logdir} are being dropped: "
            + (reason if report["error"] else "storage is too slow"),
        }
        for kind, message in messages.items():
            if report[kind] and kind not in self._warned_of:
                self._warned_of.add(kind)
                logger.warning("%s (warned once)", message)

    def _write_losses(self) -> None:
        """Says in the file what never came to it, as the native writer does of what it drops itself."""
        if text := self._losses.take():
            self.write(event.encode_event(time.time(), log_message=event.encode_log_message(text)))
            logger.warning("%s: %s", self.logdir, text)

    def __del__(self) -> None:
        with contextlib.suppress(Exception):  # the interpreter may be half gone
            if not self._closed:
                self._write_losses()

    def __getstate__(self) -> dict[str, Any]:
        kept = ("logdir", "_directory", "_suffix", "_interval_s", "_max_bytes")
        return {name: self.__dict__[name] for name in kept}

    def __setstate__(self, state: dict[str, Any]) -> None:
        # As if closed: the first event opens it, in whatever process that comes to be.
        self.__dict__.update(state)
        self._losses = Losses()
        self._write_through = False
        self._open(open_now=False)
        self._native.close()
        self._closed = True


class NullEventWriter(EventWriter):
    """Takes everything and writes nothing."""

    def __init__(self, logdir: Any) -> None:
        self.logdir = os.fsdecode(logdir)
        self._losses = Losses()
        self._closed = False
        self.scalar = self._refuse

    path = ""
    report: dict[str, int] = {}  # noqa: RUF012

    @staticmethod
    def _refuse(tag: Any, value: Any, step: Any, wall_time: Any) -> bool:
        """As the native method does with arguments that Python has to check."""
        return False

    def write(self, payload: bytes) -> None:
        """Does nothing."""

    def write_scalar(self, tag: str, value: float, step: int, wall_time: float) -> None:
        """Does nothing."""

    def flush(self, timeout_s: float = 0.0) -> bool:
        """True: there is nothing to wait for."""
        return True

    def close(self, timeout_s: float = 0.0) -> None:
        """Logs what was lost."""
        self._write_losses()

    def reopen(self) -> None:
        """Does nothing."""

    def write_through(self) -> None:
        """Does nothing."""


def working_directory() -> str:
    """The working directory; empty if it was removed."""
    try:
        return str(Path.cwd())
    except FileNotFoundError:
        return ""


def _interval(flush_secs: Any) -> float:
    if flush_secs is None:
        return LONGEST_INTERVAL_S
    try:
        return min(max(float(flush_secs), 0.0), LONGEST_INTERVAL_S)
    except (TypeError, ValueError):
        raise WrongType(f"flush_secs is {flush_secs!r:.60}; wanted a number of seconds") from None


def _system_bytes(text: str) -> bytes:
    return text.encode("utf-8") if sys.platform == "win32" else os.fsencode(text)
