"""One event file and how far it has been read. Whatever goes wrong with it stays with it."""

from __future__ import annotations

import math
import os
from typing import Final

from cupola._codec import Chunk, Scanner, masked_crc32c
from cupola.index.blob_keys import file_id
from cupola.index.files import RACY_NS, read_regular
from cupola.types import Damage

FIRST_SCAN_BYTES: Final = 1 << 20
MAX_SCAN_BYTES: Final = 16 << 20
"""A scan holds its points twice for a moment, so its size bounds the memory of a thread."""
MANY_SERIES: Final = 4096
"""Chunks with more series than this cost more in objects than in points: they are kept small."""
HEAD_BYTES: Final = 12
"""A record's length and its CRC. Source: tensorflow/core/lib/io/record_writer.h"""
MAX_DAMAGE: Final = 256
"""Entries of damage kept for one file; later ones are added up in the last."""
FIRST_RETRY_S: Final = 0.1
MAX_RETRY_S: Final = 2.0
FAULT_RETRY_S: Final = 60.0
"""After a fault of our own: what failed once will likely fail again."""


class EventFile:
    """An event file of a run. `Run` owns its points; this knows the way to them."""

    __slots__ = (
        "alive",
        "busy",
        "caught_up",
        "damage",
        "directory",
        "error",
        "failures",
        "first_wall_time",
        "generation",
        "grew_at_s",
        "id",
        "inode",
        "invalid_tail",
        "last_wall_time",
        "mtime_ns",
        "name",
        "only_this",
        "path",
        "read_bytes",
        "rescan",
        "restart_step",
        "retry_at_s",
        "scan_bytes",
        "scanned_tail",
        "scanner",
        "size",
    )

    def __init__(self, directory: str, name: str) -> None:
        self.directory = directory
        self.name = name
        self.id = file_id(name)
        """What stands for it in blob keys."""
        self.path = os.path.join(directory, name)
        self.only_this: tuple[EventFile, ...] = (self,)
        """Only this file: shared by all series that no other file has points of."""
        self.alive = True
        """False once the file is gone: what is still being scanned of it is worth nothing."""
        self.busy = False
        """Waiting for a thread or being scanned by one; the scanner is not for two at once."""
        self.rescan = False
        """It changed while it was being scanned."""
        self.caught_up = False
        """Whether it was read to its end once."""
        self.size = 0
        self.grew_at_s = math.nan
        """When it was last seen to grow, or was modified before that; seconds since 1970 UTC."""
        self.generation = 0
        self.reset()

    def reset(self) -> None:
        """Back to the state of a file that was never read. Chunks of older generations are worth nothing."""
        self.generation += 1
        self.scanner = Scanner(os.fsencode(self.path))
        self.scan_bytes = FIRST_SCAN_BYTES
        self.read_bytes = 0
        """How far it was scanned. Of the scanner only its own thread may ask that."""
        self.mtime_ns = self.inode = -1
        self.failures = 0
        self.retry_at_s = 0.0
        self.error: str | None = None
        self.forget_contents()

    def forget_contents(self) -> None:
        """Nothing is known of its contents."""
        self.first_wall_time = self.last_wall_time = math.nan
        self.restart_step: int | None = None
        self.damage: list[Damage] = []
        self.invalid_tail: Damage | None = None
        self.scanned_tail: Damage | None = None

    def changed(self, now_ns: int) -> bool:
        """Whether there may be something new to scan.

        Raises:
            OSError: the file cannot be looked at, or is gone.
        """
        status = os.stat(self.path)
        if (
            status.st_mtime_ns == self.mtime_ns
            and status.st_size == self.size
            and status.st_ino == self.inode
        ):
            return False
        # A clock that is ahead (another machine's, say) would have the file grow for as long as it is.
        self.grew_at_s = min(now_ns, now_ns if self.caught_up else status.st_mtime_ns) / 1e9
        self.size = status.st_size
        self.inode = status.st_ino
        self.mtime_ns = -1 if abs(now_ns - status.st_mtime_ns) < RACY_NS else status.st_mtime_ns
        return True

    def scan(self) -> Chunk:
        """The next chunk. Called by one thread at a time, without any lock.

        Raises:
            OSError: the operating system refused; the next call tries again from the same place.
        """
        chunk = self.scanner.scan(self.scan_bytes)
        self.read_bytes = self.scanner.offset
        self.scanned_tail = (
            self._invalid_tail() if chunk.at_end and self.scanner.pending >= HEAD_BYTES else None
        )
        many = len(chunk.series) > MANY_SERIES
        self.scan_bytes = FIRST_SCAN_BYTES if many else min(self.scan_bytes * 4, MAX_SCAN_BYTES)
        return chunk

    def _invalid_tail(self) -> Damage | None:
        """What to say of a tail that no writer leaves behind: its first bytes are no record's head, nor zeros
        to come.

        It may still change, so it is told for as long as it is so.
        """
        offset, pending = self.scanner.offset, self.scanner.pending
        try:
            head = read_regular(self.path, offset, HEAD_BYTES)
        except OSError:  # the chunk is safe; whatever is wrong now, the next look meets it
            return None
        if not any(head) or masked_crc32c(head[:8]) == int.from_bytes(head[8:], "little"):
            return None
        return Damage(self.name, offset, pending, "length-crc")

    def update_tail(self) -> bool:
        """Shows or no longer shows what the last scan found at the end. Returns whether that is new."""
        is_new = self.invalid_tail != self.scanned_tail
        self.invalid_tail = self.scanned_tail
        return is_new

    def fail(self, error: Exception, now_s: float) -> bool:
        """Notes that the file cannot be read now and when it is tried again. Returns whether that is new."""
        is_new = self.error is None
        message = (
            error.strerror
            if isinstance(error, OSError) and error.strerror
            else f"{type(error).__name__}: {error}"
        )
        self.error = message
        self.retry_at_s = now_s + min(FIRST_RETRY_S * 2**self.failures, MAX_RETRY_S)
        self.failures = min(self.failures + 1, 16)
        self.mtime_ns = -1
        return is_new

    def recover(self) -> bool:
        """Notes that the file could be read. Returns whether that is new."""
        is_new = self.error is not None
        self.error = None
        self.failures = 0
        self.retry_at_s = 0.0
        return is_new

    def add_damage(self, offset: int, length: int, reason: str) -> None:
        """Notes damage at a place of the file."""
        if len(self.damage) < MAX_DAMAGE:
            self.damage.append(Damage(self.name, offset, length, reason))
        else:
            last = self.damage[-1]
            self.damage[-1] = Damage(self.name, last.offset, last.length + length, last.reason)

    def all_damage(self) -> list[Damage]:
        """What could not be read of it, and what the operating system says of it now."""
        tail = [self.invalid_tail] if self.invalid_tail else []
        trouble = [Damage(self.name, 0, 0, f"io: {self.error}")] if self.error else []
        return [*self.damage, *tail, *trouble]
