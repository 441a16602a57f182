"""A DataProvider in memory, filled from event files by TensorBoard's own loader: plugins are tested without
cupola's scanner.
"""

from __future__ import annotations

import hashlib
import posixpath
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tensorboard.backend.event_processing.event_file_loader import RawEventFileLoader
from tensorboard.compat.proto.event_pb2 import Event

from cupola.errors import UnknownBlob, UnknownSeries
from cupola.names import natural_key, shorten
from cupola.plugins import plugins
from cupola.types import (
    BlobColumns,
    Changes,
    DataClass,
    Divergence,
    Progress,
    RunInfo,
    ScalarColumns,
    SeriesInfo,
    SeriesKey,
    Source,
)

Point = tuple[int, float, "bytes | float"]


@dataclass(frozen=True)
class MemoryAsset:
    """A file in memory."""

    data: bytes

    @property
    def size(self) -> int:
        return len(self.data)

    @property
    def version(self) -> str:
        return _hash(self.data)

    def read(self, offset: int = 0, length: int | None = None) -> bytes:
        return self.data[offset:] if length is None else self.data[offset : offset + length]


class MemoryProvider:
    """Series of numbers, of bytes, and files. `reads` counts calls of `read`."""

    def __init__(self) -> None:
        self.points: dict[SeriesKey, list[Point]] = {}
        self.metadata: dict[SeriesKey, bytes] = {}
        self.assets: dict[SeriesKey, bytes] = {}
        self.reads = 0
        self.grown: dict[str, float] = {}
        """When each run was added to, seconds since 1970."""
        self._blobs: dict[str, bytes] = {}
        self._log: list[tuple[bool, SeriesKey]] = []
        self._wakes: list[Callable[[], None]] = []

    location = "memory"
    loading = False

    def progress(self) -> Progress:
        points = sum(len(points) for points in self.points.values())
        runs = len({key.run for key in self.points})
        return Progress(runs, runs, 0, 0, points, runs, 0.0)

    def sources(self) -> list[Source]:
        return [Source("", self.location, "", "", ())]

    def add(
        self, key: SeriesKey, step: int, wall_time: float, value: bytes | float, metadata: bytes = b""
    ) -> None:
        """Appends a point: an encoded `Summary.Value`, or a number."""
        is_new = key not in self.points
        points = self.points.setdefault(key, [])
        if isinstance(value, bytes):
            self._blobs[_blob_key(key, len(points), value)] = value
        points.append((step, wall_time, value))
        self.grown[key.run] = time.time()
        self.metadata.setdefault(key, metadata)
        self._note(is_new, key)

    def add_asset(self, key: SeriesKey, data: bytes) -> None:
        """A file of a run; the tag is its path."""
        is_new = key not in self.assets
        self.assets[key] = data
        self._note(is_new, key)

    def replace(self, run: str, old: bytes, new: bytes) -> None:
        """Puts other bytes in the place of a value."""
        for key, points in self.points.items():
            for index, (step, wall_time, value) in enumerate(points):
                if key.run == run and value == old:
                    del self._blobs[_blob_key(key, index, old)]
                    self._blobs[_blob_key(key, index, new)] = new
                    points[index] = (step, wall_time, new)
                    self._note(False, key)

    def remove(self, run: str) -> None:
        """Deletes a run."""
        for key in [key for key in self.points if key.run == run]:
            for index, (_, _, value) in enumerate(self.points.pop(key)):
                self._blobs.pop(_blob_key(key, index, value) if isinstance(value, bytes) else "", None)
            self._note(True, key)

    def copy(self) -> MemoryProvider:
        """A provider of its own with the same contents."""
        other = MemoryProvider()
        for key, points in self.points.items():
            for step, wall_time, value in points:
                other.add(key, step, wall_time, value, self.metadata[key])
        for key, data in self.assets.items():
            other.add_asset(key, data)
        return other

    def load(self, run: str, directory: Path) -> MemoryProvider:
        """Adds every summary value of a directory's event files."""
        owners = {form: plugin.name for plugin in plugins().values() for form in plugin.forms}
        named: dict[str, tuple[str, bytes]] = {}
        for path in sorted(directory.glob("*tfevents*")):
            for raw in RawEventFileLoader(str(path)).Load():
                event = Event.FromString(raw)
                for value in event.summary.value:
                    plugin = value.metadata.plugin_data.plugin_name
                    if plugin:
                        named.setdefault(value.tag, (plugin, value.metadata.SerializeToString()))
                    form = next((f.number for f, _ in value.ListFields() if f.number in (2, 4, 5, 6, 8)), 0)
                    plugin, metadata = named.get(value.tag) or (owners[form], b"")
                    key = SeriesKey(run, plugin, value.tag)
                    data = value.simple_value if form == 2 else value.SerializeToString()
                    self.add(key, event.step, event.wall_time, data, metadata)
        return self

    def runs(self, names: Collection[str] | None = None) -> list[RunInfo]:
        starts: dict[str, float] = {key.run: float("nan") for key in self.assets}
        for key, points in self.points.items():
            starts[key.run] = min(starts.get(key.run, np.inf), *(p[1] for p in points))
        wanted = starts if names is None else starts.keys() & names
        return [self._run(run, starts[run]) for run in sorted(wanted, key=natural_key)]

    def _run(self, run: str, start: float) -> RunInfo:
        series = {key: points for key, points in self.points.items() if key.run == run}
        times = [point[1] for points in series.values() for point in points]
        diverged = []
        for key, points in series.items():
            values = [value for *_, value in points]
            finite = [isinstance(value, bytes) or bool(np.isfinite(value)) for value in values]
            if not finite[-1]:
                since = max((place + 1 for place, is_finite in enumerate(finite) if is_finite), default=0)
                diverged.append(Divergence(key.tag, points[since][0]))
        return RunInfo(
            name=run,
            start_wall_time=start,
            last_wall_time=max(times, default=float("nan")),
            last_growth=self.grown.get(run, float("nan")),
            points=len(times),
            files=1,
            bytes=0,
            damage=(),
            diverged=min(diverged, key=lambda found: (found.step, found.tag), default=None),
        )

    def series(
        self, plugin: str | None = None, *, tag: str | None = None, runs: Collection[str] | None = None
    ) -> list[SeriesInfo]:
        keys = sorted(
            {*self.points, *self.assets},
            key=lambda key: (natural_key(key.tag), natural_key(key.run), key.plugin),
        )
        return [
            self._info(key)
            for key in keys
            if plugin in (None, key.plugin) and tag in (None, key.tag) and (runs is None or key.run in runs)
        ]

    def _info(self, key: SeriesKey) -> SeriesInfo:
        if key in self.assets:
            return SeriesInfo(key, DataClass.ASSET, 1, 0, 0, 0.0, b"")
        points = self.points[key]
        data_class = DataClass.BLOB if isinstance(points[0][2], bytes) else DataClass.SCALAR
        (first_step, *_), (last_step, last_time, _) = points[0], points[-1]
        return SeriesInfo(key, data_class, len(points), first_step, last_step, last_time, self.metadata[key])

    def scalars(self, key: SeriesKey, steps: tuple[int, int] | None = None) -> ScalarColumns:
        low, high = steps or (-(2**63), 2**63 - 1)
        points = [point for point in self._find(key, DataClass.SCALAR) if low <= point[0] <= high]
        return ScalarColumns(*_columns(points), _frozen(np.array([p[2] for p in points], np.float32)))

    def blobs(self, key: SeriesKey) -> BlobColumns:
        points = self._find(key, DataClass.BLOB)
        values = [value for _, _, value in points if isinstance(value, bytes)]
        sizes = _frozen(np.array([len(value) for value in values], np.int64))
        keys = [_blob_key(key, index, value) for index, value in enumerate(values)]
        return BlobColumns(*_columns(points), sizes, keys)

    def read(self, key: str) -> bytes:
        self.reads += 1
        if key not in self._blobs:
            raise UnknownBlob(f"no value has the key {shorten(key)}")
        return self._blobs[key]

    def asset(self, run: str, path: str) -> MemoryAsset:
        files = {key.tag: data for key, data in self.assets.items() if key.run == run}
        data = files.get(posixpath.normpath(path))
        if data is None:
            raise UnknownSeries(f"no asset {path!r} in the run {run!r}")
        return MemoryAsset(data)

    def changes(self, since: int) -> Changes:
        if not 0 < since <= len(self._log) + 1:
            return Changes(len(self._log) + 1, True, frozenset((*self.points, *self.assets)))
        news = self._log[since - 1 :]
        return Changes(len(self._log) + 1, any(new for new, _ in news), frozenset(key for _, key in news))

    def subscribe(self, wake: Callable[[], None]) -> Callable[[], None]:
        self._wakes.append(wake)
        return lambda: self._wakes.remove(wake)

    def _note(self, is_new: bool, key: SeriesKey) -> None:
        self._log.append((is_new, key))
        for wake in self._wakes:
            wake()

    def _find(self, key: SeriesKey, data_class: DataClass) -> list[Point]:
        if key not in self.points or self._info(key).data_class is not data_class:
            raise UnknownSeries(f"no {data_class.value} series {key}")
        return self.points[key]


def _columns(points: list[Point]) -> tuple[np.ndarray, np.ndarray]:
    steps, times = np.array([p[0] for p in points], np.int64), np.array([p[1] for p in points], np.float64)
    return _frozen(steps), _frozen(times)


def _frozen(array: np.ndarray) -> np.ndarray:
    array.flags.writeable = False
    return array


def _blob_key(key: SeriesKey, index: int, value: bytes) -> str:
    return _hash(b"\0".join((*(part.encode() for part in key), b"%d" % index, value)))


def _hash(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=12).hexdigest()
