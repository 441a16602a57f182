"""DataProvider: the one interface between storage and all above it.

It answers five questions: which runs and series; the points of a scalar series; the points of a blob series
and, by key, their bytes; assets beside the event files; and what changed since a cursor. Methods may be
called from any thread and never wait for the storage's own reading. `tests/conformance` tests every provider
against what is promised here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Protocol

from cupola.types import BlobColumns, Changes, Progress, RunInfo, ScalarColumns, SeriesInfo, SeriesKey, Source


class Asset(Protocol):
    """A file beside the event files, as it was when it was asked for."""

    @property
    def size(self) -> int:
        """Bytes."""
        ...

    @property
    def version(self) -> str:
        """Opaque, URL-safe; another one once the file has changed: what is made of an asset may be kept under
        it.
        """
        ...

    def read(self, offset: int = 0, length: int | None = None) -> bytes:
        """`length` bytes from `offset`, or all that follow; fewer where the file ends before.

        Raises:
            Unreadable: the file is gone, is not of this `version` any more, or the system refuses.
        """
        ...


class DataProvider(Protocol):
    """See the module's docstring."""

    @property
    def location(self) -> str:
        """What a person calls this storage: the log directory's path, or those of several."""
        ...

    def sources(self) -> list[Source]:
        """The places that this storage is made of, and which of them cannot be read. When one comes or goes
        the structure has changed (`changes`).
        """
        ...

    @property
    def loading(self) -> bool:
        """True until everything that was there at the start has been read once."""
        ...

    def progress(self) -> Progress:
        """How much has been read. Asking is no question about the data: nothing is polled for it."""
        ...

    def runs(self, names: Collection[str] | None = None) -> list[RunInfo]:
        """All runs in natural order of their names (`a2` before `a10`), or those of some names; names that no
        run has are left out.

        It costs as much as there is to answer, however many other runs there are.
        """
        ...

    def series(
        self, plugin: str | None = None, *, tag: str | None = None, runs: Collection[str] | None = None
    ) -> list[SeriesInfo]:
        """Time series in natural order of tag, then run: of one plugin, one tag, these runs, or of all.

        With a tag it costs as much as there is to answer, however much else there is.
        """
        ...

    def scalars(self, key: SeriesKey, steps: tuple[int, int] | None = None) -> ScalarColumns:
        """The points of a scalar series: all of them, or those with `low <= step <= high`.

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

    def read(self, key: str) -> bytes:
        """The bytes of one of `BlobColumns.key`: an encoded `Summary.Value` (or the event's field, for a
        plugin's event fields).

        A blob key is opaque, URL-safe text of at most 64 characters. Two points have two keys, a point has
        the same key in every process that reads the same file, and other bytes have another key: what is made
        of a blob may be kept under its key for good.

        Raises:
            UnknownBlob: no point has this key, or none any more.
            Unreadable: the bytes are gone or changed, which the provider has not noticed yet, or the system
                refuses.
        """
        ...

    def asset(self, run: str, path: str) -> Asset:
        """A file below the run's directory, whether or not a plugin's pattern names it.

        `path` has `/` between its parts and begins at the run's directory, or is absolute. However it is
        spelled and whatever links it goes through, it must end at a regular file inside that directory.

        Raises:
            UnknownSeries: no such run or file, or a path that leads out of the run.
            Unreadable: the system refuses.
        """
        ...

    def changes(self, since: int) -> Changes:
        """What changed after cursor `since`; 0 asks for everything."""
        ...

    def subscribe(self, wake: Callable[[], None]) -> Callable[[], None]:
        """Calls `wake` from the reading thread after each change, until the returned function is called."""
        ...
