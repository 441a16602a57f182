"""EventWriter: encoded events to the event files of one directory."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from cupola import _codec
from cupola.errors import WrongType
from cupola.events import event
from cupola.plugins.scalars import encode as scalars
from cupola.writer import notices, process_hooks, storage
from cupola.writer.losses import VALUES, Losses
from cupola.writer.patience import SLICE_S, Patience
from cupola.writer.untraced import untraced

LONGEST_INTERVAL_S = 0.25
"""An event waits no longer in memory, whatever `flush_secs` is: a killed process loses no more than that."""

MAX_BYTES = 32 << 20

LARGEST_EVENT = (1 << 31) - 1
"""Bytes of the largest protobuf, so of the largest event that a reader takes."""

_TRIES = 100
"""Of a scalar that is refused, each after up to a quarter of a second in which storage did get on."""


@untraced
class EventWriter:
    """Writes to a new event file in `logdir`, and goes on in another when storage fails, the file is
    removed, the process forks, or after `close`.

    Safe from any thread. No method raises because of storage; what goes wrong is logged once to the logger
    `cupola`, and counted in `report`. Scalars wait a few milliseconds at most for storage that stands still.
    """

    _receiver: Callable[[bytes], None] | None = None

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
            max_bytes: how much may wait in memory while storage is slow or fails; one event that is larger
                may wait alone. A quarter is kept for scalars.
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
        self._ended = False
        self._write_through = False
        self._open(open_now)

    def _open(self, open_now: bool) -> None:
        self._stall = storage.Stall()
        self._native = _codec.EventWriter(
            _system_bytes(str(self._directory)),
            _system_bytes(self._suffix),
            interval_s=self._interval_s,
            max_bytes=self._max_bytes,
            open_now=open_now,
            write_through=self._write_through or process_hooks.is_ending(),
        )
        self.scalar: Callable[[Any, Any, Any, Any], bool] = (
            self._refuse if self.is_sent_elsewhere else self._native.scalar
        )
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
        """Counts of events `accepted`, `written`, `dropped`, of them `refused` (not accepted), and `in_doubt`
        (written to a file whose close failed); of storage's `failures`, of them `close_failures`, and of
        `removals` of the file.
        """
        return self._native.report()

    @property
    def dropped_by_kind(self) -> dict[str, int]:
        """How many events of which plugin were dropped."""
        return self._native.dropped_by_kind()

    def send_to(self, receiver: Callable[[bytes], None] | None) -> None:
        """From now on each event goes there, which may hand it to `append`; None ends that."""
        self._receiver = receiver
        self.scalar = self._native.scalar if receiver is None else self._refuse

    @property
    def is_sent_elsewhere(self) -> bool:
        """Whether `send_to` is in effect: events are wanted within the calls that log them."""
        return self._receiver is not None

    def write(self, payload: bytes) -> None:
        """Takes an encoded `Event`; see `append`."""
        (self._receiver or self.append)(payload)

    def append(self, payload: bytes) -> None:
        """Writes an encoded `Event` to the file, however large.

        Without room it waits, as long as storage gets on; after ten seconds in which it did not, the event is
        dropped, and what follows until it does. An event of nothing but scalars waits as `write_scalar` does.
        """
        if len(payload) > LARGEST_EVENT:
            return self.count_failed("an event", f"{len(payload):,} bytes; readers take less than 2 GiB")
        while not (taken := self._native.event(payload, SLICE_S)):
            if taken is None and self._stall.is_over(self._native.stored_bytes):
                self._native.drop(payload)
                return self._warn()
            if taken is False and not self._recover():
                return self.count_dropped("an event", "the process ends")
        return None

    def write_values(self, step: int, wall_time: float, values: Sequence[bytes]) -> None:
        """Takes encoded `Summary.Value`s, as one event."""
        self.write(event.encode_event(wall_time, step, summary=event.encode_summary(*values)))

    def write_scalar(self, tag: str, value: float, step: int, wall_time: float) -> None:
        """Takes a scalar; lone surrogates in the tag become `?`.

        Without room it waits 8 ms, and on while storage gets on; then it is dropped.
        """
        if self.is_sent_elsewhere:
            return self.write_values(step, wall_time, [scalars.scalar(tag, value)])
        for _ in range(_TRIES):
            if self.scalar(tag, value, step, wall_time):
                return
            tag = tag.encode("utf-8", "replace").decode()
            if not self._recover():
                break
        self.count_dropped(repr(tag), "the process ends" if self._ended else "storage is too slow", "scalars")

    def count_failed(self, name: str, reason: str, kind: str = VALUES) -> None:
        """Counts a value of this file that could not be encoded. `close` and the process's end say so in the
        file, where readers find it, and in the log.
        """
        self._losses.add("could not be logged", name, reason, kind)

    def count_dropped(self, name: str, reason: str, kind: str = VALUES) -> None:
        """Counts a value of this file that was dropped before it was encoded; see `count_failed`."""
        self._losses.add("dropped", name, reason, kind)

    def flush(self, patience: Patience | None = None) -> bool:
        """True once every event of before the call is with the operating system, and so survives this
        process.

        False if storage fails, or `patience` (ten seconds if none is given) ends; writing goes on in the
        background then.
        """
        if self._closed:
            return True
        native = self._native
        flushed = storage.write_out(native, patience or Patience())
        self._warn()
        if not flushed:
            self._tell_waiting(native)
        return flushed

    def close(self, patience: Patience | None = None) -> None:
        """Flushes and closes the file. A later event goes into a new one.

        If `patience` (ten seconds if none is given) ends before that, writing goes on in the background.
        """
        self._write_losses()
        if self._closed:
            return
        self._closed = True
        native, ended = self._native, False
        try:
            ended = storage.close(native, patience or Patience())
        finally:  # also after Ctrl-C
            if not ended:
                storage.leftovers.add(native, self.logdir)
        self._warn(native)
        if ended:
            storage.tell_lost(native, self.logdir)
        else:
            self._tell_waiting(native)

    def reopen(self) -> None:
        """After `close`: the next event goes into a new file. Does nothing else."""
        if self._closed:
            self._open(open_now=False)
            self._closed = False  # last: who comes in between, as a signal handler may, opens one too

    def write_through(self) -> None:
        """From now on events are written within their call: no thread may live long enough to do it."""
        self._write_through = True
        self._native.set_write_through()

    def after_fork(self) -> None:
        """In the child: a file of its own, with its first event. What was lost before is the parent's."""
        self._losses = Losses()
        self._native.after_fork()
        self._write_through = True

    def at_exit(self, patience: Patience) -> None:
        """Writes everything and closes the file; later events go into a new one within their call, if storage
        took all that came before.
        """
        self._write_losses()
        self._write_through = True
        if self._closed:
            return
        self._closed, native = True, self._native
        self._ended = not storage.end(native, patience)
        self._warn(native)
        storage.tell_lost(native, self.logdir, storage.END)

    @staticmethod
    def _refuse(tag: Any, value: Any, step: Any, wall_time: Any) -> bool:
        """As the native method does with arguments that Python has to check."""
        return False

    def _recover(self) -> bool:
        """After the native writer refused an event: it is closed, or wants warnings to be taken first. False
        if nothing can be written any more.
        """
        if self._ended:
            return False
        self.reopen()
        self._warn()
        return True

    def _warn(self, native: _codec.EventWriter | None = None) -> None:
        native = native or self._native
        warnings = native.take_warnings()
        if not warnings:
            return
        report = native.report()
        error, close_error = os.strerror(report["error"]), os.strerror(report["close_error"])
        messages = {
            "removal": f"the event file in {self.logdir} was removed under us; going on in a new one",
            "failure": f"cannot write to {self.logdir}: {error}. Training goes on; up to "
            f"{self._max_bytes >> 20} MiB of events wait in memory until a new file can be written",
            "close": f"closing an event file in {self.logdir} failed: {close_error}. Some of the "
            f"{report['in_doubt']} events that were written to it may be missing",
            "loss": f"events for {self.logdir} are being dropped: "
            + (error if report["error"] else "storage is too slow"),
        }
        for kind in warnings:
            notices.warn("%s (warned once)", messages[kind])

    def _tell_waiting(self, native: _codec.EventWriter) -> None:
        report = native.report()
        if waiting := report["accepted"] + report["refused"] - report["written"] - report["dropped"]:
            notices.warn(
                "%d events for %s still wait for storage: they are written in the background, and lost if "
                "the process ends before that",
                waiting,
                self.logdir,
            )

    def _write_losses(self) -> None:
        """Says in the file what never came to it, as the native writer does of what it drops itself."""
        if text := self._losses.take():
            self.append(event.encode_event(time.time(), log_message=event.encode_log_message(text)))
            notices.warn("%s: %s", self.logdir, text)

    def __del__(self) -> None:
        with contextlib.suppress(Exception):  # the interpreter may be half gone
            if not self._closed:
                self._write_losses()
                storage.leftovers.add(self._native, self.logdir)

    def __getstate__(self) -> dict[str, Any]:
        kept = ("logdir", "_directory", "_suffix", "_interval_s", "_max_bytes")
        return {name: self.__dict__[name] for name in kept}

    def __setstate__(self, state: dict[str, Any]) -> None:
        # As if closed: the first event opens it, in whatever process that comes to be.
        self.__dict__.update(state)
        self._losses = Losses()
        self._write_through = self._ended = False
        self._open(open_now=False)
        self._native.close()
        self._closed = True


class NullEventWriter(EventWriter):
    """Takes everything and writes nothing."""

    def __init__(self, logdir: Any) -> None:
        self.logdir = os.fsdecode(logdir)
        self._losses = Losses()
        self._closed = self._ended = False
        self.scalar = self._refuse

    path = ""
    report: dict[str, int] = {}  # noqa: RUF012

    def send_to(self, receiver: Callable[[bytes], None] | None) -> None:
        """As with a file that is written."""
        self._receiver = receiver

    def write(self, payload: bytes) -> None:
        """Does nothing."""

    def append(self, payload: bytes) -> None:
        """Does nothing."""

    def write_scalar(self, tag: str, value: float, step: int, wall_time: float) -> None:
        """Does nothing."""

    def flush(self, patience: Patience | None = None) -> bool:
        """True: there is nothing to wait for."""
        return True

    def close(self, patience: Patience | None = None) -> None:
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
