"""One run: its files in the order of their names, and the time series that they make together."""

from __future__ import annotations

import math
from bisect import insort
from collections.abc import Iterable, Iterator
from operator import attrgetter
from sys import intern
from typing import Final

from cupola._codec import Chunk, SeriesChunk
from cupola.index.change_log import ChangeSet
from cupola.index.event_file import EventFile
from cupola.index.growable import Arrays, arrays_of
from cupola.index.ownership import PluginRegistry
from cupola.index.series import Series
from cupola.index.series_index import SeriesIndex
from cupola.index.watched_asset import WatchedAsset
from cupola.types import Damage, DataClass, Divergence, RunInfo, SeriesInfo, SeriesKey

if not hasattr(SeriesChunk, "last_value"):
    raise ImportError("cupola._codec was built from older sources; build it anew (`make build`)")

OPENING_S: Final = 1.0
"""Time that a writer may take to open its file."""


class Run:
    """A directory of event files. All methods want the index's lock held."""

    def __init__(self, name: str, registry: PluginRegistry, index: SeriesIndex) -> None:
        self.name = name
        self.index = index
        self.registry = registry
        self.files: list[EventFile] = []
        """In the order of their names, which is the order of their points."""
        self.series: dict[SeriesKey, Series] = {}
        self.trouble: tuple[Damage, ...] = ()
        """Why the directory cannot be listed, or how far its link is followed."""
        self.assets: dict[SeriesKey, WatchedAsset] = {}
        self.diverged: dict[SeriesKey, int] = {}
        """Scalar series whose last value is not finite, and the step from which on none is."""
        self._owners: dict[tuple[str, int], str] = {}
        self._points: int | None = 0
        """Of all series; None while nobody has counted."""

    def add_file(self, file: EventFile) -> None:
        """Takes in a file that nothing is known of yet."""
        insort(self.files, file, key=attrgetter("name"))

    def remove_file(self, file: EventFile, changes: ChangeSet) -> None:
        """Takes out a file that is gone, with its points."""
        file.alive = False
        self.drop_points(file, changes)
        self.files.remove(file)
        changes.structure = True

    def add_asset(self, key: SeriesKey, path: str) -> WatchedAsset:
        """Takes in a file that is a series by being there."""
        asset = self.assets[key] = WatchedAsset(key, path)
        self.index.add_key(key)
        return asset

    def remove_asset(self, key: SeriesKey) -> WatchedAsset:
        """Takes out such a file, which is gone."""
        self.index.remove_key(key)
        return self.assets.pop(key)

    def series_info(self, key: SeriesKey) -> SeriesInfo | None:
        """What a reader sees of a series or an asset."""
        found = self.series.get(key) or self.assets.get(key)
        return found.info() if found is not None else None

    def commit(self, file: EventFile, chunk: Chunk, changes: ChangeSet) -> None:
        """Takes in what a scan of `file` found."""
        if chunk.reset:
            self.drop_points(file, changes)
        if chunk.restart_step is not None:
            self._restart(file, chunk.restart_step, changes)
        start = _earliest(file.first_wall_time, chunk)
        if start != file.first_wall_time and not math.isnan(start):
            file.first_wall_time = start
            changes.structure = True
        file.last_wall_time = _latest(file.last_wall_time, chunk)
        for offset, length, reason in chunk.damage:
            file.add_damage(offset, length, reason)
            changes.structure = True
        limit = self._limit(file)
        generation = file.generation
        for found in chunk.series:
            self._ingest(file, found, limit, changes)
            if file.generation != generation:  # the file itself has to be read anew
                break

    def info(self) -> RunInfo:
        """What a reader sees of the run."""
        if self._points is None:
            self._points = sum(series.count for series in self.series.values())
        diverged = min(self.diverged.items(), key=lambda item: (item[1], item[0]), default=None)
        return RunInfo(
            self.name,
            min(_known(file.first_wall_time for file in self.files), default=math.nan),
            max(_known(file.last_wall_time for file in self.files), default=math.nan),
            max(_known(file.grew_at_s for file in self.files), default=math.nan),
            self._points,
            len(self.files),
            sum(file.size for file in self.files),
            (
                *self.trouble,
                *(entry for file in self.files for entry in file.all_damage()),
            ),
            None if diverged is None else Divergence(diverged[0].tag, diverged[1]),
        )

    def _ingest(self, file: EventFile, found: SeriesChunk, limit: int | None, changes: ChangeSet) -> None:
        named = self._identify(found, changes)
        if named is None:
            return
        key = SeriesKey(self.name, *named)
        points: SeriesChunk | Arrays = found
        last_value = found.last_value
        if limit is not None and not (mask := found.step < limit).all():
            if not mask.any():
                return
            points = [array[mask] for array in arrays_of(found)]
            last_value = float(points[2][-1])
        data_class = DataClass.SCALAR if found.is_scalar else DataClass.BLOB
        series = self.series.get(key)
        if series is None:
            series = self.series[key] = Series(key, data_class)
            self.index.add(series)
            changes.structure = True
        elif series.data_class is not data_class:
            for place, size in _places(found):
                file.add_damage(place, size, "value")
            changes.structure = True
            return
        if found.metadata and (series.metadata_file is None or file.name < series.metadata_file):
            series.metadata, series.metadata_file = found.metadata, file.name
            changes.structure = True
        series.add(file, points)
        self._points = None
        # Of every chunk of every series only the last value is looked at.
        if data_class is DataClass.SCALAR and (not math.isfinite(last_value) or key in self.diverged):
            self._judge(series)
        changes.series.add(series.key)

    def _identify(self, found: SeriesChunk, changes: ChangeSet) -> tuple[str, str] | None:
        """(plugin, tag) of points, or None if they are an event field that nobody registry.

        Only a tag's first value must say whose it is: files without metadata follow what another file of the
        run said.
        """
        if found.form < 0:
            return self.registry.event_fields.get(-found.form)
        tag = intern(found.tag)
        owner = self.registry.owner(found.metadata)
        default = self.registry.forms.get(found.form, "")
        if not owner:
            return self._owners.get((tag, found.form), default), tag
        if owner != default and (tag, found.form) not in self._owners:
            self._owners[tag, found.form] = owner
            misnamed = self.series.get(SeriesKey(self.name, default, tag))
            if misnamed is not None:
                for file in self.files:
                    if any(file in part.files for part in misnamed.parts):
                        self._reread(file, changes)
        return owner, tag

    def _limit(self, file: EventFile) -> int | None:
        """Smallest restart step of the files behind `file`: its points from there on are hidden."""
        return min(
            (f.restart_step for f in self.files if f.restart_step is not None and f.name > file.name),
            default=None,
        )

    def _restart(self, file: EventFile, step: int, changes: ChangeSet) -> None:
        file.restart_step = step if file.restart_step is None else min(step, file.restart_step)
        self._change((series for series in self.series.values() if series.drop(file, step)), changes)

    def drop_points(self, file: EventFile, changes: ChangeSet) -> None:
        """Forgets a file's contents; what its restarts had hidden is read again."""
        if file.restart_step is not None:
            for other in self.files:
                if other.name < file.name:
                    self._reread(other, changes)
        file.forget_contents()
        changes.structure = True
        self._change((series for series in self.series.values() if series.remove(file)), changes)

    def _reread(self, file: EventFile, changes: ChangeSet) -> None:
        if file not in changes.reread:
            changes.reread.append(file)
            file.reset()
            self._change((series for series in self.series.values() if series.remove(file)), changes)

    def _change(self, changed: Iterator[Series], changes: ChangeSet) -> None:
        for series in list(changed):
            self._points = None
            changes.series.add(series.key)
            self._judge(series)
            if not series.parts:
                del self.series[series.key]
                self.index.remove(series)
                changes.structure = True

    def _judge(self, series: Series) -> None:
        """Keeps in mind whether a series has diverged."""
        step = series.diverged_step()
        if step is None:
            self.diverged.pop(series.key, None)
        else:
            self.diverged[series.key] = step


def _known(times: Iterable[float]) -> Iterator[float]:
    return (time for time in times if not math.isnan(time))


def _latest(end: float, chunk: Chunk) -> float:
    """When a file's last point was logged: the last of each of the chunk's series are looked at."""
    return max(
        _known((end, *(found.last_wall_time for found in chunk.series))),
        default=math.nan,
    )


def _earliest(start: float, chunk: Chunk) -> float:
    """When a file begins: with its first event, or with a point that someone gave an earlier wall time.

    The first points of the chunk's series are looked at. Times that are none (0, below, not finite) are not
    counted: one of them would put the run's beginning into 1970. Nor are those just before the first event:
    writers take a point's time, then open the file.
    """
    if math.isnan(start):
        start = chunk.first_wall_time
    given = (found.first_wall_time for found in chunk.series)
    return min((time for time in given if 0 < time < start - OPENING_S), default=start)


def _places(found: SeriesChunk) -> Iterable[tuple[int, int]]:
    if found.is_scalar:
        return [(0, 0)]
    return zip(found.offset.tolist(), found.length.tolist(), strict=True)
