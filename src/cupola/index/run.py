"""One run: its files in the order of their names, and the time series that they make together."""

from __future__ import annotations

import math
from bisect import bisect_right, insort
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from sys import intern
from typing import Final, Protocol

import numpy as np

from cupola._codec import Chunk, SeriesChunk
from cupola.errors import DecodeError
from cupola.events.event import decode_metadata
from cupola.index.columns import BLOB, SCALAR, SCALAR_WIDE, Arrays, Columns, Dtypes
from cupola.index.tail import EventFile
from cupola.types import Damage, DataClass, RunInfo, SeriesInfo, SeriesKey

SMALL: Final = 4096
"""Points up to which the parts of a series are kept in one piece whatever it takes to move them."""


class Claim(Protocol):
    """What a plugin says is its own. `cupola.plugins.Plugin` fits."""

    @property
    def name(self) -> str:
        """The plugin."""
        ...

    @property
    def aliases(self) -> tuple[str, ...]:
        """Further plugin names in metadata that mean it."""
        ...

    @property
    def forms(self) -> tuple[int, ...]:
        """Forms of a value that mean it where there is no metadata."""
        ...

    @property
    def event_fields(self) -> Mapping[int, str]:
        """Fields of `Event` that are its own, each with its tag."""
        ...

    @property
    def assets(self) -> tuple[str, ...]:
        """Names of files beside the event files that are its own."""
        ...


class Claims:
    """All plugins' claims, turned to be looked up."""

    def __init__(self, claims: Iterable[Claim]) -> None:
        self.aliases: dict[str, str] = {}
        self.forms: dict[int, str] = {}
        self.event_fields: dict[int, tuple[str, str]] = {}
        self.assets: dict[str, str] = {}
        for claim in claims:
            self.aliases |= dict.fromkeys(claim.aliases, claim.name)
            self.forms |= dict.fromkeys(claim.forms, claim.name)
            self.event_fields |= {number: (claim.name, tag) for number, tag in claim.event_fields.items()}
            self.assets |= dict.fromkeys(claim.assets, claim.name)

    def owner(self, metadata: bytes) -> str:
        """The plugin that summary metadata names; empty if it names none."""
        name = _plugin_name(metadata) if metadata else ""
        return self.aliases.get(name, name)


@lru_cache(4096)
def _plugin_name(metadata: bytes) -> str:
    try:
        return intern(decode_metadata(metadata).plugin_name)
    except DecodeError:
        return ""


@dataclass(slots=True)
class News:
    """What a step of reading changed."""

    series: set[SeriesKey] = field(default_factory=set)
    structure: bool = False
    reread: list[EventFile] = field(default_factory=list)
    """Files that have to be read anew from their beginning."""

    def __bool__(self) -> bool:
        return self.structure or bool(self.series)


class Part:
    """Points of neighbouring files, in one piece: `counts[i]` of them from `files[i]`."""

    __slots__ = ("columns", "counts", "files")

    def __init__(self, file: EventFile, columns: Columns) -> None:
        self.files = [file]
        self.counts = [columns.count]
        self.columns = columns

    def add(self, file: EventFile, arrays: Arrays) -> None:
        """Adds points at the end of those of `file`."""
        index = bisect_right(self.files, file.name, key=_name) - 1
        if index < 0 or self.files[index] is not file:
            index += 1
            self.files.insert(index, file)
            self.counts.insert(index, 0)
        self.counts[index] += len(arrays[0])
        self.columns.insert(sum(self.counts[: index + 1]) - len(arrays[0]), arrays)

    def join(self, other: Part) -> None:
        """Takes in the points of a part that stands behind this one."""
        if other.columns.dtypes is SCALAR_WIDE:
            self.columns.widen()
        self.columns.append(other.columns.view())
        self.files += other.files
        self.counts += other.counts

    def keep(self, mask: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> None:
        """Drops the points where `mask` is false."""
        ends = np.cumsum(self.counts)
        kept = [
            int(np.count_nonzero(mask[end - count : end]))
            for end, count in zip(ends, self.counts, strict=True)
        ]
        self.columns.keep(mask)
        self.files = [file for file, count in zip(self.files, kept, strict=True) if count]
        self.counts = [count for count in kept if count]


def _name(file: EventFile) -> str:
    return file.name


class Series:
    """A time series of a run: parts in the order of the files.

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
        self.parts: list[Part] = []

    @property
    def count(self) -> int:
        """Number of points."""
        return sum(part.columns.count for part in self.parts)

    def add(self, file: EventFile, arrays: Arrays) -> None:
        """Adds points at the end of those of `file`, in step order of nothing: as they stand in it."""
        dtypes: Dtypes = BLOB if self.data_class is DataClass.BLOB else SCALAR
        if dtypes is SCALAR and arrays[2].dtype == np.float64:
            dtypes = SCALAR_WIDE
        index = bisect_right(self.parts, file.name, key=lambda part: part.files[0].name) - 1
        home = self.parts[max(index, 0)] if self.parts else None
        inside = home is not None and index >= 0 and file.name <= home.files[-1].name
        if home is None or not (inside or home.columns.count + len(arrays[0]) <= SMALL):
            self.parts.insert(index + 1, Part(file, Columns(dtypes, arrays)))
            return
        if dtypes is SCALAR_WIDE and home.columns.dtypes is not SCALAR_WIDE:
            home.columns.widen()
        home.add(file, arrays)

    def drop(self, last: EventFile, step: int) -> bool:
        """Drops points with a step of `step` or more of `last` and of the files before it. Returns whether
        there were any.
        """
        dropped = False
        for part in self.parts:
            reach = sum(
                count for file, count in zip(part.files, part.counts, strict=True) if file.name <= last.name
            )
            mask = part.columns.view()[0] < step
            mask[reach:] = True
            dropped |= self._keep(part, mask)
        self.parts = [part for part in self.parts if part.files]
        return dropped

    def remove(self, file: EventFile) -> bool:
        """Drops all points of a file. Returns whether there were any."""
        for part in self.parts:
            if file in part.files:
                index = part.files.index(file)
                start = sum(part.counts[:index])
                mask = np.ones(part.columns.count, np.bool_)
                mask[start : start + part.counts[index]] = False
                self._keep(part, mask)
                self.parts = [part for part in self.parts if part.files]
                return True
        return False

    def joined(self) -> Part:
        """All points in one part."""
        first, *others = self.parts
        for part in others:
            first.join(part)
        self.parts = [first]
        return first

    def info(self) -> SeriesInfo:
        """What is known without reading a value."""
        first, last = self.parts[0].columns, self.parts[-1].columns
        steps, wall_times = last.view(last.count - 1)[:2]
        return SeriesInfo(
            self.key,
            self.data_class,
            self.count,
            int(first.view(0, 1)[0][0]),
            int(steps[0]),
            float(wall_times[0]),
            self.metadata,
        )

    @staticmethod
    def _keep(part: Part, mask: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> bool:
        if mask.all():
            return False
        part.keep(mask)
        return True


class Run:
    """A directory of event files. All methods want the provider's lock held."""

    def __init__(self, name: str, claims: Claims) -> None:
        self.name = name
        self.claims = claims
        self.files: list[EventFile] = []
        """In the order of their names, which is the order of their points."""
        self.series: dict[SeriesKey, Series] = {}
        self.error: Damage | None = None
        """Why the directory could not be listed."""
        self._owners: dict[tuple[str, int], str] = {}

    def add_file(self, file: EventFile) -> None:
        """Takes in a file that nothing is known of yet."""
        insort(self.files, file, key=_name)

    def remove_file(self, file: EventFile, news: News) -> None:
        """Takes out a file that is gone, with its points."""
        file.alive = False
        self.void(file, news)
        self.files.remove(file)
        news.structure = True

    def commit(self, file: EventFile, chunk: Chunk, news: News) -> None:
        """Takes in what a scan of `file` found."""
        if chunk.reset:
            self.void(file, news)
        if chunk.restart_step is not None:
            self._restart(file, chunk.restart_step, news)
        if math.isnan(file.first_wall_time) and not math.isnan(chunk.first_wall_time):
            file.first_wall_time = chunk.first_wall_time
            news.structure = True
        for offset, length, reason in chunk.damage:
            file.mark(offset, length, reason)
            news.structure = True
        limit = self._limit(file)
        generation = file.generation
        for found in chunk.series:
            self._take(file, found, limit, news)
            if file.generation != generation:  # the file itself has to be read anew
                break

    def info(self) -> RunInfo:
        """What a reader sees of the run."""
        starts = (file.first_wall_time for file in self.files)
        return RunInfo(
            self.name,
            next((start for start in starts if not math.isnan(start)), math.nan),
            len(self.files),
            sum(file.size for file in self.files),
            (
                *((self.error,) if self.error else ()),
                *(entry for file in self.files for entry in file.all_damage()),
            ),
        )

    def _take(self, file: EventFile, found: SeriesChunk, limit: int | None, news: News) -> None:
        named = self._name(found, news)
        if named is None:
            return
        key = SeriesKey(self.name, *named)
        arrays: Arrays
        if found.is_scalar:
            arrays = (found.step, found.wall_time, found.value)
        else:
            arrays = (found.step, found.wall_time, found.offset, found.length)
        if limit is not None:
            mask = found.step < limit
            arrays = [array[mask] for array in arrays]
        if not len(arrays[0]):
            return
        data_class = DataClass.SCALAR if found.is_scalar else DataClass.BLOB
        series = self.series.get(key)
        if series is None:
            series = self.series[key] = Series(key, data_class)
            news.structure = True
        elif series.data_class is not data_class:
            for place, size in _places(found):
                file.mark(place, size, "value")
            news.structure = True
            return
        if found.metadata and (series.metadata_file is None or file.name < series.metadata_file):
            series.metadata, series.metadata_file = found.metadata, file.name
            news.structure = True
        series.add(file, arrays)
        news.series.add(series.key)

    def _name(self, found: SeriesChunk, news: News) -> tuple[str, str] | None:
        """(plugin, tag) of points, or None if they are an event field that nobody claims.

        Only a tag's first value must say whose it is: files without metadata follow what another file of the
        run said.
        """
        if found.form < 0:
            return self.claims.event_fields.get(-found.form)
        tag = intern(found.tag)
        owner = self.claims.owner(found.metadata)
        default = self.claims.forms.get(found.form, "")
        if not owner:
            return self._owners.get((tag, found.form), default), tag
        if owner != default and (tag, found.form) not in self._owners:
            self._owners[tag, found.form] = owner
            stranger = self.series.get(SeriesKey(self.name, default, tag))
            if stranger is not None:
                for file in self.files:
                    if any(file in part.files for part in stranger.parts):
                        self._reread(file, news)
        return owner, tag

    def _limit(self, file: EventFile) -> int | None:
        """Smallest restart step of the files behind `file`: its points from there on are void."""
        return min(
            (f.restart_step for f in self.files if f.restart_step is not None and f.name > file.name),
            default=None,
        )

    def _restart(self, file: EventFile, step: int, news: News) -> None:
        file.restart_step = step if file.restart_step is None else min(step, file.restart_step)
        self._change((series for series in self.series.values() if series.drop(file, step)), news)

    def void(self, file: EventFile, news: News) -> None:
        """Forgets a file's contents; what its restarts had hidden is read again."""
        if file.restart_step is not None:
            for other in self.files:
                if other.name < file.name:
                    self._reread(other, news)
        file.clear()
        news.structure = True
        self._change((series for series in self.series.values() if series.remove(file)), news)

    def _reread(self, file: EventFile, news: News) -> None:
        if file not in news.reread:
            news.reread.append(file)
            file.forget()
            self._change((series for series in self.series.values() if series.remove(file)), news)

    def _change(self, changed: Iterator[Series], news: News) -> None:
        for series in list(changed):
            news.series.add(series.key)
            if not series.parts:
                del self.series[series.key]
                news.structure = True


def _places(found: SeriesChunk) -> Iterable[tuple[int, int]]:
    if found.is_scalar:
        return [(0, 0)]
    return zip(found.offset.tolist(), found.length.tolist(), strict=True)
