"""EventFileWriter: tensorboardX's class of this name, around an `EventWriter`."""

from __future__ import annotations

from typing import Any, Protocol

from cupola.errors import WrongType
from cupola.peers.hooks import HookableObject, take_opened
from cupola.writer.event_writer import MAX_BYTES, EventWriter
from cupola.writer.untraced import untraced


class Serializable(Protocol):
    """A protobuf message of whatever library."""

    def SerializeToString(self) -> bytes:
        """Its bytes."""


@untraced
class EventFileWriter(HookableObject):
    """Takes `Event` messages of any protobuf library.

    Attributes:
        file: the `EventWriter` that they go to.
    """

    def __init__(
        self,
        logdir: Any,
        max_queue_size: int = 10,
        flush_secs: float = 120,
        filename_suffix: str = "",
        *,
        max_bytes: int = MAX_BYTES,
        open_now: bool = True,
    ) -> None:
        """Makes the directory and the file.

        Args:
            logdir: a directory, made if it is missing.
            max_queue_size: accepted for compatibility; memory is bounded by `max_bytes`.
            flush_secs: how many seconds an event may wait in memory; never more than a quarter.
            filename_suffix: end of the file's name.
            max_bytes: how much may wait in memory while storage is slow or fails.
            open_now: False makes directory and file with the first event, and raises nothing.

        Raises:
            OSError: the directory cannot be used.
        """
        self.file = take_opened() or EventWriter(
            logdir,
            flush_secs=flush_secs,
            filename_suffix=filename_suffix,
            max_bytes=max_bytes,
            open_now=open_now,
        )

    def get_logdir(self) -> str:
        """The directory."""
        return self.file.logdir

    @property
    def path(self) -> str:
        """The event file that is being written."""
        return self.file.path

    @property
    def report(self) -> dict[str, int]:
        """Counts of events: see `EventWriter.report`."""
        return self.file.report

    def add_event(self, event: Serializable) -> None:
        """Takes an `Event` message.

        Raises:
            WrongType: it has no `SerializeToString`.
        """
        self.file.append(serialize(event, "event"))

    def flush(self) -> bool:
        """Writes what waits; see `EventWriter.flush`."""
        return self.file.flush()

    def close(self) -> None:
        """Flushes and closes the file. A later event goes into a new one."""
        self.file.close()

    def reopen(self) -> None:
        """After `close`: the next event goes into a new file. Does nothing else."""
        self.file.reopen()

    @property
    def _ev_writer(self) -> EventFileWriter:  # tensorboardX's names: programs look up the file by them
        return self

    @property
    def _file_name(self) -> str:
        return self.path


def serialize(message: Any, name: str) -> bytes:
    """A message's bytes; encoded bytes are taken as they are.

    Raises:
        WrongType: neither.
    """
    if isinstance(message, (bytes, bytearray, memoryview)):
        return bytes(message)
    if not hasattr(message, "SerializeToString"):
        kind = type(message).__qualname__
        raise WrongType(
            f"{name} is of type {kind}; wanted a protobuf message (with SerializeToString) or its bytes"
        )
    return bytes(message.SerializeToString())
