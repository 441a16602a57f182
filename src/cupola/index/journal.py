"""What changed, in order, so that a client can ask for what is new since it last looked."""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import Final

from cupola.index.run import News
from cupola.types import SeriesKey

MAX_NAMES: Final = 50_000
"""Names of series kept in the journal. Who looks so rarely that more have changed is told that everything may
have.
"""


class Journal:
    """Changes under growing cursors. It has a lock of its own: who asks what is new waits for no reading."""

    def __init__(self) -> None:
        # Cursors start at the clock, so that those of a server before this one are all too old.
        self.cursor = self._floor = time.time_ns() // 1_000_000
        self._entries: deque[tuple[int, bool, set[SeriesKey]]] = deque()
        self._names = 0
        self._lock = threading.Lock()

    def note(self, news: News) -> None:
        """One more entry."""
        with self._lock:
            self.cursor += 1
            self._entries.append((self.cursor, news.structure, news.series))
            self._names += 1 + len(news.series)
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
