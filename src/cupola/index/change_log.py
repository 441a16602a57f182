"""What changed, in order, so that a client can ask for what is new since it last looked."""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Final

from cupola.index.event_file import EventFile
from cupola.types import SeriesKey

MAX_NAMES: Final = 50_000
"""Names of series kept in the log. Who looks so rarely that more have changed is told that everything may
have.
"""


@dataclass(slots=True)
class ChangeSet:
    """What a step of reading changed."""

    series: set[SeriesKey] = field(default_factory=set)
    structure: bool = False
    reread: list[EventFile] = field(default_factory=list)
    """Files that have to be read anew from their beginning."""

    def __bool__(self) -> bool:
        return self.structure or bool(self.series)


class ChangeLog:
    """Changes under growing cursors. It has a lock of its own: who asks what is new waits for no reading."""

    def __init__(self) -> None:
        # Cursors start at the clock, so that those of a server before this one are all too old.
        self.cursor = self._floor = time.time_ns() // 1_000_000
        self._entries: deque[tuple[int, bool, set[SeriesKey]]] = deque()
        self._names = 0
        self._lock = threading.Lock()

    def append(self, changes: ChangeSet) -> None:
        """One more entry."""
        with self._lock:
            self.cursor += 1
            self._entries.append((self.cursor, changes.structure, changes.series))
            self._names += 1 + len(changes.series)
            while self._names > MAX_NAMES:
                self._floor, _, dropped = self._entries.popleft()
                self._names -= 1 + len(dropped)

    def since(self, cursor: int) -> tuple[int, bool, set[SeriesKey]] | None:
        """(cursor now, structure, series) of what changed after `cursor`; None if that is not known any more:
        everything may have.
        """
        with self._lock:
            if not self._floor <= cursor <= self.cursor:
                return None
            structure, series = False, set[SeriesKey]()
            for number, entry_structure, entry_series in reversed(self._entries):
                if number <= cursor:
                    break
                structure |= entry_structure
                series |= entry_series
            return self.cursor, structure, series
