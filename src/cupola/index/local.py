"""The local provider: log directories as time series, kept up to date. It knows no plugin by name."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Final

from cupola._codec import crc32c
from cupola.errors import UnknownBlob, UnknownSeries, Unreadable
from cupola.index.asset import LocalAsset, find_asset
from cupola.index.blob_keys import BlobKeys, parse, series_id
from cupola.index.files import check_logdir, read_regular
from cupola.index.follower import Follower
from cupola.index.log_index import LogIndex
from cupola.index.ownership import Ownership, PluginRegistry
from cupola.index.progress import progress
from cupola.index.roots import Root
from cupola.index.series import Series
from cupola.names import natural_key, ranks, shorten
from cupola.types import (
    BlobColumns,
    Changes,
    Damage,
    DataClass,
    Progress,
    RunInfo,
    ScalarColumns,
    SeriesInfo,
    SeriesKey,
    Source,
)

BATCH: Final = 2000
"""Series described under one hold of the lock, so that a long list does not keep points waiting."""


class LocalProvider:
    """Implements `cupola.provider.DataProvider` over directories of event files, which need not exist yet.

    `start()` follows the directories in threads of their own. Without it `poll()` is one look that reads
    everything new.

    Args:
        logdir: the log directory's path, or several with their names.
        plugins: what each plugin owns (`cupola.plugins.plugins().values()`).
        poll_s: shortest time between two polls, in seconds.

    Raises:
        LogdirError: there is a file where a directory should be, or an address that is no path.
    """

    def __init__(
        self,
        logdir: str | os.PathLike[str] | Sequence[Root],
        plugins: Iterable[Ownership],
        poll_s: float = 0.1,
    ) -> None:
        roots = [Root(os.fspath(logdir))] if isinstance(logdir, (str, os.PathLike)) else logdir
        for root in roots:
            if not root.is_pattern:
                check_logdir(root.path)
        self.location = ", ".join(root.path for root in roots)
        self._index = LogIndex(PluginRegistry(plugins))
        self._follower = Follower(roots, self._index, poll_s)
        self._began_s = time.monotonic()
        self._order: tuple[int, list[SeriesKey]] = -1, []
        """All series in natural order, and the version at which they were."""
        self._run_ranks: tuple[int, dict[str, int]] = -1, {}
        """Each run's place in natural order, and the version at which it was."""

    @property
    def loading(self) -> bool:
        """Until all that was there at the start has been read."""
        return self._follower.loading

    @property
    def version(self) -> int:
        """Grows when runs, series or damage come or go."""
        return self._index.version

    def progress(self) -> Progress:
        """How much has been read. Nothing is polled for it, as it is for a question about the data."""
        return progress(self._index, time.monotonic() - self._began_s)

    def damage(self) -> list[tuple[str, Damage]]:
        """What cannot be read, with the run's name. Nothing is polled for it."""
        with self._index.lock:
            infos = [run.info() for run in self._index.runs.values()]
        return [(info.name, damage) for info in infos for damage in info.damage]

    def sources(self) -> list[Source]:
        """The log directories, and which of them cannot be read."""
        return self._follower.sources()

    def start(self) -> None:
        """Reads and follows the directory from now on, in daemon threads."""
        self._follower.start()

    def stop(self) -> None:
        """Ends the threads. What was read stays."""
        self._follower.stop()

    def poll(self) -> None:
        """Polls everything once and reads all that is new. Not while `start`'s threads run."""
        self._follower.poll()

    def load(self) -> None:
        """`poll`, with a thread for each core."""
        self._follower.load()

    def runs(self, names: Collection[str] | None = None) -> list[RunInfo]:
        """All runs in natural order, or those of some names."""
        self._follower.attend()
        with self._index.lock:
            known = self._index.runs
            wanted = known if names is None else known.keys() & names
            infos = [known[name].info() for name in wanted]
        return sorted(infos, key=lambda info: natural_key(info.name))

    def series(
        self, plugin: str | None = None, *, tag: str | None = None, runs: Collection[str] | None = None
    ) -> list[SeriesInfo]:
        """Time series of a plugin, a tag, some runs, or all."""
        self._follower.attend()
        if tag is not None:
            return self._infos(self._keys_of_tag(plugin, tag, runs))
        wanted = None if runs is None else frozenset(runs)
        return self._infos(
            [
                key
                for key in self._ordered_keys()
                if plugin in (None, key.plugin) and (wanted is None or key.run in wanted)
            ]
        )

    def scalars(self, key: SeriesKey, steps: tuple[int, int] | None = None) -> ScalarColumns:
        """The points of a scalar series, or those in a range of steps."""
        self._follower.attend()
        with self._index.lock:
            columns = ScalarColumns(*self._find(key, DataClass.SCALAR).joined().view())
        if steps is None:
            return columns
        inside = (columns.step >= steps[0]) & (columns.step <= steps[1])
        part = ScalarColumns(columns.step[inside], columns.wall_time[inside], columns.value[inside])
        for column in part:
            column.flags.writeable = False
        return part

    def blobs(self, key: SeriesKey) -> BlobColumns:
        """Every point of a blob series, unread."""
        self._follower.attend()
        with self._index.lock:
            part = self._find(key, DataClass.BLOB).joined()
            steps, wall_times, _, lengths, _ = part.view()
            return BlobColumns(steps, wall_times, lengths, BlobKeys(series_id(key), part))

    def read(self, key: str) -> bytes:
        """The bytes of a blob."""
        self._follower.attend()
        address = parse(key)
        with self._index.lock:
            series = self._index.series.blob_series(address.series) if address else None
            found = series.find(address.file, address.offset) if series and address else None
        if address is None or found is None or found[2] != address.crc:
            raise UnknownBlob(f"no value has the key {shorten(key)}; ask for the series' points anew")
        file, length, crc = found
        try:
            data = read_regular(file.path, address.offset, length)
        except OSError as error:
            raise Unreadable(str(error)) from None
        if crc32c(data) != crc:
            raise Unreadable(
                f"{file.path} was written over at byte {address.offset}; ask for the points anew"
            )
        return data

    def asset(self, run: str, path: str) -> LocalAsset:
        """A file below a run's directory."""
        self._follower.attend()
        with self._index.lock:
            directory = self._index.directories.get(run)
        if directory is None:
            raise UnknownSeries(f"no run {shorten(run)}")
        return find_asset(directory.path, path)

    def changes(self, since: int) -> Changes:
        """What changed after cursor `since`."""
        self._follower.attend()
        known = self._index.changes.since(since)
        if known is not None:
            return Changes(known[0], known[1], frozenset(known[2]))
        cursor = self._index.changes.cursor
        with self._index.lock:
            return Changes(cursor, True, frozenset(self._index.series))

    def subscribe(self, wake: Callable[[], None]) -> Callable[[], None]:
        """Calls `wake` after each change until the returned function is called."""
        self._follower.attend()
        return self._index.subscribe(wake)

    def _find(self, key: SeriesKey, data_class: DataClass) -> Series:
        run = self._index.runs.get(key.run)
        series = run.series.get(key) if run else None
        if series is None or series.data_class is not data_class:
            what = f"no {data_class.value} series of {shorten(key.plugin)}"
            raise UnknownSeries(f"{what} under the tag {shorten(key.tag)} in the run {shorten(key.run)}")
        return series

    def _keys_of_tag(self, plugin: str | None, tag: str, runs: Collection[str] | None) -> list[SeriesKey]:
        with self._index.lock:
            keys = self._index.series.find(plugin, tag, runs)
            version, (known, places) = self._index.version, self._run_ranks
            names = [] if known == version else list(self._index.runs)
        if known != version:
            places = ranks(names)
            self._run_ranks = version, places
        return sorted(keys, key=lambda key: (places.get(key.run, len(places)), key.plugin))

    def _ordered_keys(self) -> list[SeriesKey]:
        with self._index.lock:
            version, (known, order) = self._index.version, self._order
            keys = [] if known == version else list(self._index.series)
        if known != version:
            tags, places = ranks(key.tag for key in keys), ranks(key.run for key in keys)
            order = sorted(keys, key=lambda key: (tags[key.tag], places[key.run], key.plugin))
            self._order = version, order
        return order

    def _infos(self, keys: list[SeriesKey]) -> list[SeriesInfo]:
        """What is known of series; those that went away meanwhile are left out."""
        infos = []
        for start in range(0, len(keys), BATCH):
            with self._index.lock:
                for key in keys[start : start + BATCH]:
                    run = self._index.runs.get(key.run)
                    info = run.series_info(key) if run else None
                    if info is not None:
                        infos.append(info)
        return infos
