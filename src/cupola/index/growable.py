"""Growable columns: the points of one time series, or of a part of it.

Points of long chunks stay as the scan left them, which takes 12 bytes a point, until somebody looks; then all
are put into one piece of memory. docs/design/0011 says why.

NumPy is loaded by the first view, and by the first short chunk: a server that starts over a long log has read
it, and told of it, by then.

A view that was handed out stays as it was: points are only ever added behind it, and whatever changes points
that are already there (inserting, dropping, widening) moves to new memory.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from cupola._codec import SeriesChunk

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Arrays: TypeAlias = "Sequence[NDArray[Any]]"
Dtypes: TypeAlias = "tuple[str, ...]"
"""NumPy's names of the columns' types, each with its bytes behind the letter."""

SCALAR: Final[Dtypes] = ("i8", "f8", "f4")
"""step, wall time, value: 20 bytes a point."""
SCALAR_WIDE: Final[Dtypes] = ("i8", "f8", "f8")
BLOB: Final[Dtypes] = ("i8", "f8", "i8", "i8", "u4")
"""step, wall time, offset in the file, length, CRC-32C of the bytes there: 36 bytes a point."""

_INT64: Final = struct.Struct("=q")
_FLOAT64: Final = struct.Struct("=d")


def arrays_of(chunk: SeriesChunk) -> Arrays:
    """A chunk's points as arrays of `SCALAR`, `SCALAR_WIDE` or `BLOB`."""
    if chunk.is_scalar:
        return chunk.step, chunk.wall_time, chunk.value
    return chunk.step, chunk.wall_time, chunk.offset, chunk.length, chunk.crc


class GrowableColumns:
    """Arrays of one length, one behind the other in a single buffer, and chunks that are not in it yet.
    100 000 series must fit, so there is one object, not four.
    """

    __slots__ = ("buffer", "capacity", "chunks", "count", "dtypes")

    def __init__(self, dtypes: Dtypes, arrays: Arrays | None = None) -> None:
        self.dtypes = dtypes
        self.count = 0
        self.capacity = 0
        self.buffer: NDArray[np.uint8] | None = None
        self.chunks: tuple[SeriesChunk, ...] = ()
        """Of the last points, which are not in the buffer."""
        if arrays is not None:
            self.append(arrays)

    def view(self, start: int = 0, stop: int | None = None) -> list[NDArray[Any]]:
        """Read-only arrays of the points in [start, stop)."""
        self._gather()
        stop = self.count if stop is None else stop
        out = self._slots(start, stop)
        for array in out:
            array.flags.writeable = False
        return out

    def append(self, arrays: Arrays) -> None:
        """Adds points at the end."""
        self._gather()
        wanted = self.count + len(arrays[0])
        if wanted > self.capacity:
            self._move(wanted if self.count == 0 else max(wanted, self.count + max(self.count >> 3, 4)))
        for slot, array in zip(self._slots(self.count, wanted), arrays, strict=True):
            slot[:] = array
        self.count = wanted

    def adopt(self, chunk: SeriesChunk) -> None:
        """Adds the points of a chunk at the end, without copying them."""
        if chunk.is_wide:
            self.widen()
        self.chunks += (chunk,)
        self.count += len(chunk)

    def insert(self, at: int, arrays: Arrays) -> None:
        """Adds points before point `at`."""
        if at == self.count:
            self.append(arrays)
            return
        import numpy as np

        old = self.view()
        self._replace([np.concatenate((o[:at], a, o[at:])) for o, a in zip(old, arrays, strict=True)])

    def keep(self, mask: NDArray[np.bool_]) -> None:
        """Drops the points where `mask` is false."""
        self._replace([array[mask] for array in self.view()])

    def first_step(self) -> int:
        """Of the first point, without a view."""
        if self.buffer is None:
            return self.chunks[0].first_step
        step: int = _INT64.unpack_from(self.buffer.data)[0]
        return step

    def last(self) -> tuple[int, float]:
        """(step, wall time) of the last point, without a view."""
        if self.chunks or self.buffer is None:
            return self.chunks[-1].last_step, self.chunks[-1].last_wall_time
        index = self.count - 1
        step: int = _INT64.unpack_from(self.buffer.data, 8 * index)[0]
        wall_time: float = _FLOAT64.unpack_from(self.buffer.data, 8 * (self.capacity + index))[0]
        return step, wall_time

    def widen(self) -> None:
        """From float32 values to float64 ones, if they are not yet."""
        if self.dtypes is SCALAR_WIDE:
            return
        if self.buffer is None:  # chunks are as wide as the buffer that they come to
            self.dtypes = SCALAR_WIDE
            return
        old = self.view()
        self.dtypes = SCALAR_WIDE
        self._replace(old)

    def _gather(self) -> None:
        """Puts the points of chunks into the buffer."""
        if not self.chunks:
            return
        chunks, self.chunks, wanted = self.chunks, (), self.count
        self.count -= sum(map(len, chunks))
        if wanted > self.capacity:
            self._move(wanted)
        for chunk in chunks:
            self.append(arrays_of(chunk))

    def _replace(self, arrays: Arrays) -> None:
        self.count = self.capacity = 0
        self.append(arrays)

    def _move(self, capacity: int) -> None:
        import numpy as np

        old = self._slots(0, self.count) if self.count else []
        self.capacity = capacity
        self.buffer = np.empty(capacity * sum(map(_size, self.dtypes)), np.uint8)
        if self.count:
            for slot, array in zip(self._slots(0, self.count), old, strict=True):
                slot[:] = array

    def _slots(self, start: int, stop: int) -> list[NDArray[Any]]:
        import numpy as np

        out: list[NDArray[Any]] = []
        base = 0
        for dtype in self.dtypes:
            size = _size(dtype)
            out.append(np.ndarray((stop - start,), dtype, self.buffer, base + start * size))
            base += self.capacity * size
        return out


def _size(dtype: str) -> int:
    return int(dtype[1:])
