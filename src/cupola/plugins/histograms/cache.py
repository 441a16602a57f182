"""Decoded histograms, kept while there is room: a zoom or a new point decodes only what is new."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Final, TypeAlias

from cupola.errors import DecodeError, UnknownBlob, Unreadable
from cupola.plugins.histograms.decode import Histogram, decode
from cupola.provider import DataProvider

MAX_BYTES: Final = 128 << 20

_OVERHEAD_BYTES: Final = 600
"""About what three small arrays, their holder and the cache's entry take beside their data."""

Found: TypeAlias = "Histogram | str"
"""A histogram, or why there is none."""


class HistogramCache:
    """Least recently used goes first. May be asked from several threads."""

    def __init__(self, provider: DataProvider, max_bytes: int = MAX_BYTES) -> None:
        self._provider = provider
        self._max_bytes = max_bytes
        self._bytes = 0
        self._lock = threading.Lock()
        self._entries: OrderedDict[str, Found] = OrderedDict()

    def get(self, key: str) -> Found:
        """The histogram of a blob key, or the reason why it cannot be shown."""
        with self._lock:
            found = self._entries.get(key)
            if found is not None:
                self._entries.move_to_end(key)
                return found
        try:
            found = decode(self._provider.read(key))
        except DecodeError as error:
            found = str(error)
        except (UnknownBlob, Unreadable) as error:
            return str(error)  # not kept: the next look may find the file again
        with self._lock:
            if key not in self._entries:
                self._entries[key] = found
                self._bytes += _size(found)
            while self._bytes > self._max_bytes and len(self._entries) > 1:
                self._bytes -= _size(self._entries.popitem(last=False)[1])
        return found


def _size(found: Found) -> int:
    return _OVERHEAD_BYTES + (len(found) if isinstance(found, str) else 3 * found.left.nbytes)
