"""How often a log directory is polled: often while somebody looks and something moves, rarely otherwise."""

from __future__ import annotations

import time
from typing import Final

ATTENDED_S: Final = 10.0
"""Somebody looks for so long after each question."""
QUIET_S: Final = 0.75
"""Between polls while somebody looks and nothing has moved for a minute."""
UNATTENDED_S: Final = 1.0
"""Between polls while nobody looks; points are taken in all the same."""
UNATTENDED_QUIET_S: Final = 5.0
NOTIFIED_S: Final = 5.0
"""Between polls where the system notifies every change: they find what notifications missed."""
NOTIFIED_UNATTENDED_S: Final = 30.0
POLL_SHARE: Final = 0.05
"""Part of a core that polling may cost; a larger tree is polled less often."""


class Pace:
    """Intervals between polls, in seconds. `poll_s` is the shortest."""

    def __init__(self, poll_s: float) -> None:
        self._poll_s = poll_s
        self._asked_s = -ATTENDED_S

    def asked(self) -> bool:
        """Notes that somebody looks. Returns whether nobody did before."""
        now_s = time.monotonic()
        before_s, self._asked_s = self._asked_s, now_s
        return now_s - before_s > ATTENDED_S

    def is_attended(self, has_subscribers: bool) -> bool:
        """Whether somebody looks."""
        return has_subscribers or time.monotonic() - self._asked_s <= ATTENDED_S

    def gap_s(self, is_attended: bool, cost_s: float) -> float:
        """Shortest time between the end of a poll and the next, whatever is notified.

        Args:
            cost_s: CPU time of the poll.
        """
        shortest = self._poll_s / 2 if is_attended else max(self._poll_s, UNATTENDED_S)
        return max(shortest, cost_s / POLL_SHARE)

    def turn_s(self, is_attended: bool, is_hot: bool, is_notified: bool) -> float:
        """Time between two polls that nothing was notified for."""
        if is_notified:
            interval = NOTIFIED_S if is_attended else NOTIFIED_UNATTENDED_S
        elif is_attended:
            interval = 0.0 if is_hot else QUIET_S
        else:
            interval = UNATTENDED_S if is_hot else UNATTENDED_QUIET_S
        return max(interval, self._poll_s)
