"""Blob keys: 32 letters that name one value of one series for as long as its bytes are what they are.

    series (8 bytes) | file (6 bytes) | offset (6 bytes) | CRC-32C of the value (4 bytes)

in URL-safe Base64. Series and file stand as hashes of their names, so a key says nothing about paths; they
are looked up, never opened. The CRC makes the key another one when the bytes are.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Final, NamedTuple, overload

from cupola.types import SeriesKey

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cupola.index.series import Part

_SERIES_BYTES: Final = 8
_FILE_BYTES: Final = 6
_OFFSET_BYTES: Final = 6
_CRC_BYTES: Final = 4
_KEY_BYTES: Final = _SERIES_BYTES + _FILE_BYTES + _OFFSET_BYTES + _CRC_BYTES
KEY_LENGTH: Final = _KEY_BYTES * 4 // 3
_SLICE: Final = 4096
"""Keys that are made at a time when all are walked through."""


class BlobAddress(NamedTuple):
    """What a key holds."""

    series: bytes
    file: bytes
    offset: int
    crc: int


def series_id(key: SeriesKey) -> bytes:
    """The part of a blob key that stands for its series."""
    return _hash("\0".join(key).encode("utf-8", "surrogatepass"), _SERIES_BYTES)


def file_id(name: str) -> bytes:
    """The part of a blob key that stands for the file, by its name in the run's directory."""
    return _hash(os.fsencode(name), _FILE_BYTES)


def parse(key: str) -> BlobAddress | None:
    """What a key says, or None if it is no blob key."""
    if len(key) != KEY_LENGTH or not key.isascii():
        return None
    try:
        data = base64.b64decode(key, b"-_", validate=True)
    except binascii.Error:
        return None
    series, rest = data[:_SERIES_BYTES], data[_SERIES_BYTES:]
    file, rest = rest[:_FILE_BYTES], rest[_FILE_BYTES:]
    return BlobAddress(
        series, file, int.from_bytes(rest[:_OFFSET_BYTES], "big"), int.from_bytes(rest[_OFFSET_BYTES:], "big")
    )


class BlobKeys(Sequence[str]):
    """The keys of a series' points, made when they are asked for: a million cost nothing until then."""

    __slots__ = ("_crcs", "_ends", "_files", "_offsets", "_series")

    def __init__(self, series: bytes, part: Part) -> None:
        import numpy as np

        _, _, self._offsets, _, self._crcs = part.view()
        self._series = series
        self._files = [file.id for file in part.files]
        self._ends = np.fromiter(accumulate(part.counts), np.int64, len(part.counts))

    def __len__(self) -> int:
        return len(self._offsets)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        import numpy as np

        if isinstance(index, slice):
            return self._encode(np.arange(len(self))[index])
        if not -len(self) <= index < len(self):
            raise IndexError(f"key {index} of {len(self)} points")
        return self._encode(np.array([index % len(self)]))[0]

    def __iter__(self) -> Iterator[str]:
        for start in range(0, len(self), _SLICE):
            yield from self[start : start + _SLICE]

    def _encode(self, index: NDArray[np.int64]) -> list[str]:
        import numpy as np

        data = np.empty((len(index), _KEY_BYTES), np.uint8)
        columns = iter(np.split(data, np.cumsum([_SERIES_BYTES, _FILE_BYTES, _OFFSET_BYTES]), axis=1))
        next(columns)[:] = np.frombuffer(self._series, np.uint8)
        files = np.frombuffer(b"".join(self._files), np.uint8).reshape(-1, _FILE_BYTES)
        next(columns)[:] = files[np.searchsorted(self._ends, index, side="right")]
        next(columns)[:] = _big_endian(self._offsets[index], ">i8")[:, -_OFFSET_BYTES:]
        next(columns)[:] = _big_endian(self._crcs[index], ">u4")
        text = base64.urlsafe_b64encode(data.tobytes()).decode()
        return [text[start : start + KEY_LENGTH] for start in range(0, len(text), KEY_LENGTH)]


def _big_endian(numbers: NDArray[np.integer], dtype: str) -> NDArray[np.uint8]:
    return numbers.astype(dtype).view("u1").reshape(len(numbers), -1)


def _hash(name: bytes, size: int) -> bytes:
    return hashlib.blake2b(name, digest_size=size).digest()
