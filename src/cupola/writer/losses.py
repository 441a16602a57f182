"""Values that were logged and never came to an event file: counted, and reported in the file itself."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Final

MAX_TEXT: Final = 100
"""Characters that are kept of a name and of a reason: a reader shows 500 bytes of the whole."""


@dataclass(slots=True)
class _Loss:
    count: int = 0
    first: str = ""


@dataclass(slots=True)
class Losses:
    """Counts of one event file's lost values, by what became of them."""

    _by_fate: dict[str, _Loss] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, fate: str, name: str, reason: str) -> None:
        """Counts one.

        Args:
            fate: `could not be logged` or `dropped`.
            name: of the value.
            reason: why.
        """
        with self._lock:
            loss = self._by_fate.setdefault(fate, _Loss())
            loss.count += 1
            loss.first = loss.first or f"{_short(name)}: {_short(reason)}"

    def take(self) -> str:
        """What was lost since the last call, as one sentence; empty if nothing was."""
        with self._lock:
            lost, self._by_fate = self._by_fate, {}
        return "; ".join(
            f"{loss.count} {'value' if loss.count == 1 else 'values'} {fate} (first: {loss.first})"
            for fate, loss in lost.items()
        )


def _short(text: str) -> str:
    """On one line, and cut."""
    return " ".join(text.split())[:MAX_TEXT]
