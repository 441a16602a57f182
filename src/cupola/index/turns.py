"""Who is looked at when. Looking at a file costs 1 to 4 µs, so of very many the quiet ones take turns."""

from __future__ import annotations

from typing import Final, Generic, TypeVar

T = TypeVar("T")

LIVELY_S: Final = 60.0
"""Seconds for which what has changed is looked at in every tick."""


class Turns(Generic[T]):
    """Things to look at: the lively ones in every tick, `quota` of the others."""

    def __init__(self, quota: int) -> None:
        self._quota = quota
        self._items: dict[T, None] = {}
        self._waiting: list[T] = []
        self._lively: dict[T, float] = {}

    def __len__(self) -> int:
        return len(self._items)

    def add(self, item: T) -> None:
        """One more to look at."""
        self._items[item] = None

    def remove(self, item: T) -> None:
        """No longer to be looked at."""
        self._items.pop(item, None)
        self._lively.pop(item, None)

    def wake(self, item: T, now_s: float) -> None:
        """It changed, so it may change again soon."""
        if item in self._items:
            self._lively[item] = now_s + LIVELY_S

    def due(self, now_s: float, everything: bool = False) -> list[T]:
        """What is to be looked at now, each once."""
        if everything or len(self._items) <= self._quota:
            return list(self._items)
        for item in [item for item, until in self._lively.items() if until < now_s]:
            del self._lively[item]
        if len(self._waiting) < self._quota:
            self._waiting[:0] = reversed(self._items)
        turn = [self._waiting.pop() for _ in range(self._quota)]
        return [*self._lively, *(item for item in turn if item in self._items and item not in self._lively)]
