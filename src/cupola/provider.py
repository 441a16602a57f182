"""DataProvider: the one interface between storage and all above it.

It answers five questions: which runs and series; scalar columns; where blobs lie and their bytes; assets
beside the event files; and what changed since a cursor. Methods may be called from any thread and never block
on the storage's own reading.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from cupola.types import BlobColumns, BlobReference, Changes, RunInfo, ScalarColumns, SeriesInfo, SeriesKey


class DataProvider(Protocol):
    """See the module's docstring."""

    @property
    def location(self) -> str:
        """What a person calls this storage: the log directory's path."""
        ...

    @property
    def loading(self) -> bool:
        """True until everything that was there at the start has been read once."""
        ...

    def runs(self) -> list[RunInfo]:
        """All runs in natural order of their names (`a2` before `a10`)."""
        ...

    def series(self, plugin: str | None = None) -> list[SeriesInfo]:
        """All time series, or one plugin's, in natural order of tag, then run."""
        ...

    def scalars(self, key: SeriesKey) -> ScalarColumns:
        """Every point of a scalar series.

        Raises:
            UnknownSeries: there is none.
        """
        ...

    def blobs(self, key: SeriesKey) -> BlobColumns:
        """Every point of a blob series, unread.

        Raises:
            UnknownSeries: there is none.
        """
        ...

    def read(self, reference: BlobReference) -> bytes:
        """The bytes of an encoded `Summary.Value` (or of the event's field, for a plugin's event fields).

        Raises:
            OSError: the file is gone or shorter now.
        """
        ...

    def asset(self, run: str, path: str) -> bytes:
        """A file below the run's directory. `path` has `/`; it may not be absolute nor leave the directory,
        by links neither.

        Raises:
            UnknownSeries: no such run or file, or a path that leaves the run.
        """
        ...

    def changes(self, since: int) -> Changes:
        """What changed after cursor `since`; 0 asks for everything."""
        ...

    def subscribe(self, wake: Callable[[], None]) -> Callable[[], None]:
        """Calls `wake` from the reading thread after each change, until the returned function is called."""
        ...
