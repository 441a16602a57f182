"""Values that were logged and never came to an event file: counted, and reported in the file itself."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

MAX_TEXT: Final = 100
"""Characters that are kept of a name and of a reason: a reader shows 500 bytes of the whole."""


MAX_KINDS: Final = 5
"""Kinds that are counted in the sentence, the most frequent ones."""

VALUES: Final = "values"
"""The kind of what is of no plugin that is known."""


@dataclass(slots=True)
class _Loss:
    by_kind: Counter[str] = field(default_factory=Counter)
    first: str = ""

    def text(self, fate: str) -> str:
        """`3 values dropped (2 images, 1 text, first: ...)`; a kind alone stands without its count."""
        total = self.by_kind.total()
        if len(self.by_kind) == 1:
            kinds = [_short(kind) for kind in self.by_kind if kind != VALUES]
        else:
            kinds = [f"{count} {_short(kind)}" for kind, count in self.by_kind.most_common(MAX_KINDS)]
        told = ", ".join([*kinds, f"first: {self.first}"])
        return f"{total} {'value' if total == 1 else 'values'} {fate} ({told})"


@dataclass(slots=True)
class Losses:
    """Counts of one event file's lost values, by what became of them."""

    _by_fate: dict[str, _Loss] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)
    """A signal handler may count within a count."""

    def add(self, fate: str, name: str, reason: str, kind: str = VALUES) -> None:
        """Counts one.

        Args:
            fate: `could not be logged` or `dropped`.
            name: of the value.
            reason: why.
            kind: the plugin it is for, if that is known.
        """
        with self._lock:
            loss = self._by_fate.setdefault(fate, _Loss())
            loss.by_kind[kind] += 1
            loss.first = loss.first or f"{_short(name)}: {_short(reason)}"

    def take(self) -> str:
        """What was lost since the last call, as one sentence; empty if nothing was."""
        with self._lock:
            lost, self._by_fate = self._by_fate, {}
        return "; ".join(loss.text(fate) for fate, loss in lost.items())


def _short(text: str) -> str:
    """On one line, and cut."""
    return " ".join(text.split())[:MAX_TEXT]
