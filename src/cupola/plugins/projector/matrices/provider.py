"""A storage of one run, whose only contents are the matrices of a file: `cupola projector FILE`."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection

from cupola.errors import UnknownBlob, UnknownSeries
from cupola.plugins.projector.config import FILE
from cupola.plugins.projector.matrices.opened import OpenedFile
from cupola.provider import Asset
from cupola.types import (
    BlobColumns,
    Changes,
    DataClass,
    Progress,
    RunInfo,
    ScalarColumns,
    SeriesInfo,
    SeriesKey,
    Source,
)


class MatrixProvider:
    """Implements `cupola.provider.DataProvider`. The projector reads `file` itself.

    Args:
        file: what is shown.
        location: its path.
    """

    loading = False

    def __init__(self, file: OpenedFile, location: str) -> None:
        self.file = file
        self.location = location

    def sources(self) -> list[Source]:
        """The file."""
        return [Source("", self.location, "", "", ())]

    def progress(self) -> Progress:
        """All of it is read."""
        return Progress(1, 1, 0, 0, 0, 1, 0.0)

    def runs(self, names: Collection[str] | None = None) -> list[RunInfo]:
        """The run that is named like the file."""
        if names is not None and self.file.run not in names:
            return []
        return [RunInfo(self.file.run, math.nan, math.nan, math.nan, 0, 1, 0, (), None)]

    def series(
        self, plugin: str | None = None, *, tag: str | None = None, runs: Collection[str] | None = None
    ) -> list[SeriesInfo]:
        """What a log directory with embeddings has too: a config."""
        key = SeriesKey(self.file.run, "projector", FILE)
        if plugin not in (None, "projector") or tag not in (None, FILE):
            return []
        if runs is not None and self.file.run not in runs:
            return []
        return [SeriesInfo(key, DataClass.ASSET, 1, 0, 0, math.nan, b"")]

    def scalars(self, key: SeriesKey, steps: tuple[int, int] | None = None) -> ScalarColumns:
        """There is none."""
        raise UnknownSeries(f"{self.location} holds no scalars")

    def blobs(self, key: SeriesKey) -> BlobColumns:
        """There is none."""
        raise UnknownSeries(f"{self.location} holds no points of a series")

    def read(self, key: str) -> bytes:
        """There is none."""
        raise UnknownBlob(f"{self.location} holds no points of a series")

    def asset(self, run: str, path: str) -> Asset:
        """There is none."""
        raise UnknownSeries(f"{self.location} has no files beside it")

    def changes(self, since: int) -> Changes:
        """Everything is there from the start."""
        keys = frozenset(info.key for info in self.series())
        return Changes(1, since < 1, keys if since < 1 else frozenset())

    def subscribe(self, wake: Callable[[], None]) -> Callable[[], None]:
        """Nothing changes."""
        return lambda: None
