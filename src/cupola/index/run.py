"""One run: its files in the order of their names, and the time series that they make together."""

from __future__ import annotations

import math
from bisect import insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from operator import attrgetter
from sys import intern

from cupola._codec import Chunk, SeriesChunk
from cupola.index.claims import Claims
from cupola.index.columns import Arrays
from cupola.index.series import Series
from cupola.index.series_index import SeriesIndex
from cupola.index.tail import EventFile
from cupola.types import Damage, DataClass, RunInfo, SeriesKey

if not hasattr(SeriesChunk, "crc"):
    raise ImportError("cupola._codec was built from older sources; build it anew (`make build`)")


@dataclass(slots=True)
class News:
    """What a step of reading changed."""

    series: set[SeriesKey] = field(default_factory=set)
    structure: bool = False
    reread: list[EventFile] = field(default_factory=list)
    """Files that have to be read anew from their beginning."""

    def __bool__(self) -> bool:
        return self.structure or bool(self.series)


class Run:
    """A directory of event files. All methods want the provider's lock held."""

    def __init__(self, name: str, claims: Claims, index: SeriesIndex) -> None:
        self.name = name
        self.index = index
        self.claims = claims
        self.files: list[EventFile] = []
        """In the order of their names, which is the order of their points."""
        self.series: dict[SeriesKey, Series] = {}
        self.error: Damage | None = None
        """Why the directory could not be listed."""
        self._owners: dict[tuple[str, int], str] = {}

    def add_file(self, file: EventFile) -> None:
        """Takes in a file that nothing is known of yet."""
        insort(self.files, file, key=attrgetter("name"))

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
            arrays = (found.step, found.wall_time, found.offset, found.length, found.crc)
        if limit is not None:
            mask = found.step < limit
            arrays = [array[mask] for array in arrays]
        if not len(arrays[0]):
            return
        data_class = DataClass.SCALAR if found.is_scalar else DataClass.BLOB
        series = self.series.get(key)
        if series is None:
            series = self.series[key] = Series(key, data_class)
            self.index.add(series)
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
                self.index.remove(series)
                news.structure = True


def _places(found: SeriesChunk) -> Iterable[tuple[int, int]]:
    if found.is_scalar:
        return [(0, 0)]
    return zip(found.offset.tolist(), found.length.tolist(), strict=True)
