"""A DataProvider in memory, filled from event files by TensorBoard's own loader: rooms are tested without
cupola's scanner.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from tensorboard.backend.event_processing.event_file_loader import RawEventFileLoader
from tensorboard.compat.proto.event_pb2 import Event

from cupola.errors import UnknownSeries
from cupola.plugins import plugins
from cupola.types import (
    BlobColumns,
    BlobReference,
    Changes,
    DataClass,
    RunInfo,
    ScalarColumns,
    SeriesInfo,
    SeriesKey,
)


class MemoryProvider:
    """Blob series only. `reads` counts calls of `read`."""

    def __init__(self) -> None:
        self.points: dict[SeriesKey, list[tuple[int, float, bytes]]] = {}
        self.metadata: dict[SeriesKey, bytes] = {}
        self.reads = 0

    location = "memory"
    loading = False

    def add(self, key: SeriesKey, step: int, wall_time: float, value: bytes, metadata: bytes = b"") -> None:
        """Appends a point of an encoded `Summary.Value`."""
        self.points.setdefault(key, []).append((step, wall_time, value))
        self.metadata.setdefault(key, metadata)

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
                    self.add(key, event.step, event.wall_time, value.SerializeToString(), metadata)
        return self

    def runs(self) -> list[RunInfo]:
        runs = sorted({key.run for key in self.points})
        return [
            RunInfo(
                run,
                min(p[1] for key, points in self.points.items() if key.run == run for p in points),
                1,
                0,
                (),
            )
            for run in runs
        ]

    def series(self, plugin: str | None = None) -> list[SeriesInfo]:
        return [
            SeriesInfo(
                key,
                DataClass.BLOB,
                len(points),
                points[0][0],
                points[-1][0],
                points[-1][1],
                self.metadata[key],
            )
            for key, points in sorted(self.points.items(), key=lambda item: (item[0].tag, item[0].run))
            if plugin in (None, key.plugin)
        ]

    def scalars(self, key: SeriesKey) -> ScalarColumns:
        raise UnknownSeries(f"no scalars in memory: {key}")

    def blobs(self, key: SeriesKey) -> BlobColumns:
        points = self.points.get(key)
        if points is None:
            raise UnknownSeries(f"no series {key}")
        references = [BlobReference("\0".join(key), i, len(point[2])) for i, point in enumerate(points)]
        return BlobColumns(
            np.array([p[0] for p in points], np.int64), np.array([p[1] for p in points]), references
        )

    def read(self, reference: BlobReference) -> bytes:
        self.reads += 1
        run, plugin, tag = reference.path.split("\0")
        try:
            return self.points[SeriesKey(run, plugin, tag)][reference.offset][2]
        except (KeyError, IndexError):
            raise FileNotFoundError(reference.path) from None

    def asset(self, run: str, path: str) -> bytes:
        raise UnknownSeries(f"no asset {path}")

    def changes(self, since: int) -> Changes:
        return Changes(since, False, frozenset())

    def subscribe(self, wake: Callable[[], None]) -> Callable[[], None]:
        return lambda: None
