"""How long a flush, a close or the end of the process waits for what does not get on."""

from __future__ import annotations

import time
from typing import Final

PATIENCE_S = 10.0
"""How long a flush, a close or an end waits in all for what does not get on."""

SLICE_S: Final = 0.05
"""One wait takes no longer, so that signals (Ctrl-C) are handled in between."""

HEALTHY_BYTES_PER_S: Final = 16 << 20
"""Storage that takes fewer is slow, and waited for at the cost of patience."""

LONGEST_WORK_S: Final = 600.0
"""So much time of encoding costs no patience, since it is work that gets on."""


class Patience:
    """Seconds that may be waited in all, however many files and threads are waited for.

    Time in which work gets on as it does on a healthy machine is credited, so it costs nothing: a file of
    3 GB on a disk that writes 100 MB a second is waited for, and a disk that takes a block in five seconds is
    given up after `seconds` (`PATIENCE_S` if none are given).
    """

    def __init__(self, seconds: float | None = None) -> None:
        self._end = time.monotonic() + (PATIENCE_S if seconds is None else seconds)
        self._credited = time.monotonic()
        self._work_s = 0.0

    @property
    def left_s(self) -> float:
        """What is left of it; 0 if it is over."""
        return max(self._end - time.monotonic(), 0.0)

    @property
    def is_over(self) -> bool:
        """Whether nothing is left of it."""
        return time.monotonic() >= self._end

    @property
    def slice_s(self) -> float:
        """How long one wait may take."""
        return min(SLICE_S, self.left_s)

    def credit_bytes(self, count: int) -> None:
        """Storage took so many bytes since the last credit."""
        self._credit(count / HEALTHY_BYTES_PER_S)

    def credit_work(self, gets_on: bool) -> None:
        """A thread that is waited for has worked since the last credit, or has not."""
        passed = time.monotonic() - self._credited if gets_on and self._work_s < LONGEST_WORK_S else 0.0
        self._work_s += passed
        self._credit(passed)

    def _credit(self, seconds: float) -> None:
        now = time.monotonic()
        self._end += min(seconds, now - self._credited)
        self._credited = now
