"""One time series of a run: the points of its files, in the order of the files."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Final

from cupola._codec import SeriesChunk
from cupola.index.event_file import EventFile
from cupola.index.growable import BLOB, SCALAR, SCALAR_WIDE, Arrays, Dtypes, GrowableColumns, arrays_of
from cupola.types import DataClass, SeriesInfo, SeriesKey

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SMALL: Final = 4096
"""Points up to which the parts of a series are kept in one piece whatever it takes to move them."""
ADOPTED: Final = 256
"""Points from which on those of a chunk stay in it until somebody looks. Below it the chunk itself, an object
with a name, would weigh as much as they do;
"""
FEW_CHUNKS: Final = 8
"""up to so many are kept anyway, for the short end of a long file."""


class Part(GrowableColumns):
    """Points of neighbouring files, in one piece: `counts[i]` of them from `files[i]`."""

    __slots__ = ("counts", "files")

    def __init__(self, file: EventFile, dtypes: Dtypes) -> None:
        super().__init__(dtypes)
        self.files = file.only_this
        self.counts: tuple[int, ...] = (0,)

    def add(self, file: EventFile, points: SeriesChunk | Arrays) -> None:
        """Adds points at the end of those of `file`."""
        if isinstance(points, SeriesChunk):
            is_worth_it = len(points) >= ADOPTED or 0 < len(self.chunks) < FEW_CHUNKS
            if is_worth_it and file is self.files[-1]:
                self.adopt(points)
                self.counts = (*self.counts[:-1], self.counts[-1] + len(points))
                return
            points = arrays_of(points)
        if len(points) == 3 and points[2].itemsize == 8:
            self.widen()
        added = len(points[0])
        index = bisect_right(self.files, file.name, key=_name) - 1
        if index < 0 or self.files[index] is not file:
            index += 1
            self.files = (*self.files[:index], file, *self.files[index:])
            self.counts = (*self.counts[:index], 0, *self.counts[index:])
        at = self.count if index == len(self.files) - 1 else sum(self.counts[: index + 1])
        self.counts = (*self.counts[:index], self.counts[index] + added, *self.counts[index + 1 :])
        self.insert(at, points)

    def join(self, other: Part) -> None:
        """Takes in the points of a part that stands behind this one."""
        if other.dtypes is SCALAR_WIDE:
            self.widen()
        self.append(other.view())
        self.files += other.files
        self.counts += other.counts

    def drop(self, mask: NDArray[np.bool_]) -> bool:
        """Drops the points where `mask` is true. Returns whether there were any."""
        if not mask.any():
            return False
        kept, end = [], 0
        for count in self.counts:
            end += count
            kept.append(count - int(mask[end - count : end].sum()))
        self.keep(~mask)
        self.files = tuple(file for file, count in zip(self.files, kept, strict=True) if count)
        self.counts = tuple(count for count in kept if count)
        return True


class Series:
    """Parts in the order of the files.

    Files of a run are read by several threads at once, so points arrive in the middle. Long parts are joined
    only when somebody reads the series; then it stays one part until a file grows that is not its last.
    """

    __slots__ = ("data_class", "key", "metadata", "metadata_file", "parts")

    def __init__(self, key: SeriesKey, data_class: DataClass) -> None:
        self.key = key
        self.data_class = data_class
        self.metadata = b""
        self.metadata_file: str | None = None
        """Name of the file that `metadata` is from: the first in order has the say."""
        self.parts: tuple[Part, ...] = ()

    @property
    def count(self) -> int:
        """Number of points."""
        return sum(part.count for part in self.parts)

    def add(self, file: EventFile, points: SeriesChunk | Arrays) -> None:
        """Adds points at the end of those of `file`, in the order in which they stand there."""
        count = len(points) if isinstance(points, SeriesChunk) else len(points[0])
        index = bisect_right(self.parts, file.name, key=_first_name) - 1
        if self.parts:
            home = self.parts[max(index, 0)]
            inside = index >= 0 and file.name <= home.files[-1].name
            if inside or home.count + count <= SMALL:
                home.add(file, points)
                return
        part = Part(file, BLOB if self.data_class is DataClass.BLOB else SCALAR)
        part.add(file, points)
        self.parts = (*self.parts[: index + 1], part, *self.parts[index + 1 :])

    def drop(self, last: EventFile, step: int) -> bool:
        """Drops points with a step of `step` or more of `last` and of the files before it.

        Returns:
            Whether there were any.
        """
        dropped = False
        for part in self.parts:
            pairs = zip(part.files, part.counts, strict=True)
            mask = part.view()[0] >= step
            mask[sum(count for file, count in pairs if file.name <= last.name) :] = False
            dropped |= part.drop(mask)
        self._tidy()
        return dropped

    def remove(self, file: EventFile) -> bool:
        """Drops all points of a file. Returns whether there were any."""
        import numpy as np

        for part in self.parts:
            if file in part.files:
                index = part.files.index(file)
                start = sum(part.counts[:index])
                mask = np.zeros(part.count, np.bool_)
                mask[start : start + part.counts[index]] = True
                part.drop(mask)
                self._tidy()
                return True
        return False

    def joined(self) -> Part:
        """All points in one part."""
        first, *others = self.parts
        for part in others:
            first.join(part)
        self.parts = (first,)
        return first

    def find(self, file: bytes, offset: int) -> tuple[EventFile, int, int] | None:
        """(file, bytes, CRC) of the value that stands at an offset of the file of this id; None if none does.

        A file's points stand in the order of their offsets.
        """
        for part in self.parts:
            start = 0
            for each, count in zip(part.files, part.counts, strict=True):
                if each.id == file:
                    _, _, offsets, lengths, crcs = part.view(start, start + count)
                    at = int(offsets.searchsorted(offset))
                    if at < count and offsets[at] == offset:
                        return each, int(lengths[at]), int(crcs[at])
                start += count
        return None

    def diverged_step(self) -> int | None:
        """Of a scalar series: the step of the first point behind its last finite one; None if it ends in a
        finite one, or is a series of blobs.
        """
        if self.data_class is not DataClass.SCALAR:
            return None
        import numpy as np

        step: int | None = None
        for part in reversed(self.parts):
            steps, _, values = part.view()
            finite = np.flatnonzero(np.isfinite(values))
            first = int(finite[-1]) + 1 if len(finite) else 0
            if first < len(steps):
                step = int(steps[first])
            if first:
                break
        return step

    def info(self) -> SeriesInfo:
        """What is known without reading a value."""
        last = self.parts[-1]
        last_step, last_wall_time = last.last()
        return SeriesInfo(
            self.key,
            self.data_class,
            self.count,
            self.parts[0].first_step(),
            last_step,
            last_wall_time,
            self.metadata,
        )

    def _tidy(self) -> None:
        self.parts = tuple(part for part in self.parts if part.files)


def _name(file: EventFile) -> str:
    return file.name


def _first_name(part: Part) -> str:
    return part.files[0].name
