"""Decoded histograms, kept while there is room: a zoom or a new point decodes only what is new."""

from __future__ import annotations

from typing import Final, TypeAlias

from cupola.cache import LruCache
from cupola.errors import DecodeError, UnknownBlob, Unreadable
from cupola.plugins.histograms.decode import Histogram, decode
from cupola.provider import DataProvider

MAX_BYTES: Final = 128 << 20

_OVERHEAD_BYTES: Final = 600
"""About what three small arrays, their holder and the cache's entry take beside their data."""

Found: TypeAlias = "Histogram | str"
"""A histogram, or why there is none."""


class HistogramCache:
    """Histograms by blob key. May be asked from any thread."""

    def __init__(self, provider: DataProvider, max_bytes: int = MAX_BYTES) -> None:
        self._provider = provider
        self._cache: LruCache[str, Found] = LruCache(max_bytes, _size)

    def get(self, key: str) -> Found:
        """The histogram of a blob key, or the reason why it cannot be shown."""
        try:
            return self._cache.get(key, lambda: self._decode(key))
        except (UnknownBlob, Unreadable) as error:
            return str(error)  # not kept: the next look may find the file again

    def _decode(self, key: str) -> Found:
        try:
            return decode(self._provider.read(key))
        except DecodeError as error:
            return str(error)


def _size(found: Found) -> int:
    return _OVERHEAD_BYTES + (len(found) if isinstance(found, str) else 3 * found.left.nbytes)
