"""Who is polled when. Polling a file costs 1 to 4 µs, so of very many the quiet ones take turns."""

from __future__ import annotations

import math
from typing import Final, Generic, TypeVar

T = TypeVar("T")

HOT_S: Final = 60.0
"""Seconds for which what has changed is polled every time."""


class PollSchedule(Generic[T]):
    """Things to poll: the hot ones every time, `quota` of the others, what failed when its time has come."""

    def __init__(self, quota: int) -> None:
        self._quota = quota
        self._items: dict[T, None] = {}
        self._turn: list[T] = []
        """What is left of this round, the next one last."""
        self._hot: dict[T, float] = {}
        self._retries: dict[T, float] = {}

    def __len__(self) -> int:
        return len(self._items)

    def add(self, item: T) -> None:
        """One more to poll."""
        self._items[item] = None

    def remove(self, item: T) -> None:
        """No longer to be polled."""
        self._items.pop(item, None)
        self._hot.pop(item, None)
        self._retries.pop(item, None)

    def heat(self, item: T, now_s: float) -> None:
        """It changed, so it may change again soon."""
        if item in self._items:
            self._hot[item] = now_s + HOT_S

    def retry(self, item: T, at_s: float) -> None:
        """It failed, and is to be polled at that time whoever's turn it is."""
        if item in self._items:
            self._retries[item] = at_s

    def due(self, now_s: float, everything: bool = False) -> list[T]:
        """What is to be polled now, each once."""
        for item in [item for item, until_s in self._hot.items() if until_s < now_s]:
            del self._hot[item]
        retries = self.retries(now_s)
        if everything or len(self._items) <= self._quota:
            return list(self._items)
        if len(self._turn) < self._quota:
            self._turn[:0] = reversed(self._items)
        turn = [self._turn.pop() for _ in range(self._quota)]
        return list(dict.fromkeys((*self._hot, *retries, *(item for item in turn if item in self._items))))

    def retries(self, now_s: float) -> list[T]:
        """What failed and is to be polled again now."""
        due = [item for item, at_s in self._retries.items() if at_s <= now_s]
        for item in due:
            del self._retries[item]
        return due

    def is_hot(self) -> bool:
        """Whether anything has changed lately."""
        return bool(self._hot)

    def next_retry_s(self) -> float:
        """When the first retry is due; infinity if there is none."""
        return min(self._retries.values(), default=math.inf)
