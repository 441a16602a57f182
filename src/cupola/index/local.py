"""The local provider: a log directory as time series, kept up to date. It knows no plugin by name."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Collection, Iterable
from typing import Final

from cupola._codec import Chunk, crc32c
from cupola.errors import UnknownBlob, UnknownSeries, Unreadable
from cupola.index.asset import LocalAsset, find_asset
from cupola.index.blob_keys import BlobKeys, parse, series_id
from cupola.index.claims import Claim, Claims
from cupola.index.crew import Crew
from cupola.index.files import check_logdir, read_regular
from cupola.index.journal import Journal
from cupola.index.logdir import Directory, Logdir
from cupola.index.order import natural_key, ranks, shorten
from cupola.index.run import News, Run
from cupola.index.series import Series
from cupola.index.series_index import SeriesIndex
from cupola.index.tail import FAULT_RETRY_S, EventFile
from cupola.index.turns import Turns
from cupola.types import (
    BlobColumns,
    Changes,
    Damage,
    DataClass,
    RunInfo,
    ScalarColumns,
    SeriesInfo,
    SeriesKey,
)

FILES_PER_S: Final = 3000
ASSETS_PER_S: Final = 500
BATCH: Final = 2000
"""Series described under one hold of the lock, so that a long list does not keep points waiting."""
POLL_SHARE: Final = 0.05
"""Part of a core that looking for changes may cost; a larger tree is looked at less often."""

log = logging.getLogger(__name__)


class FollowedAsset:
    """A file beside the event files, as it was when last looked at."""

    __slots__ = ("key", "mtime_ns", "path", "size")

    def __init__(self, key: SeriesKey, path: str) -> None:
        self.key = key
        self.path = path
        self.size = self.mtime_ns = -1


class LocalProvider:
    """Implements `cupola.provider.DataProvider` over a directory of event files, which need not exist yet.

    `start()` follows the directory in threads of its own. Without it `poll()` is one look that reads
    everything new.

    Args:
        logdir: the log directory's path.
        claims: what each plugin says is its own (`cupola.plugins.plugins().values()`).
        poll_s: seconds between two looks.

    Raises:
        LogdirError: there is a file where the directory should be.
    """

    def __init__(self, logdir: str | os.PathLike[str], claims: Iterable[Claim], poll_s: float = 0.1) -> None:
        self.location = os.fspath(logdir)
        check_logdir(self.location)
        self.loading = True
        self._poll_s = poll_s
        self._claims = Claims(claims)
        self._logdir = Logdir(self.location, self._claims.assets, poll_s)
        self._lock = threading.RLock()
        self._journal = Journal()
        self._runs: dict[str, Run] = {}
        """By name."""
        self._homes: dict[str, tuple[Run, Directory]] = {}
        """By the directory's path."""
        self._index = SeriesIndex()
        self._assets: dict[SeriesKey, FollowedAsset] = {}
        self._files: Turns[EventFile] = Turns(int(FILES_PER_S * max(poll_s, 0.1)))
        self._asset_turns: Turns[FollowedAsset] = Turns(int(ASSETS_PER_S * max(poll_s, 0.1)))
        self._crew = Crew(self._work, self._settle)
        self._looked = False
        self._version = 0
        """Grows with every change of structure."""
        self._order: tuple[int, list[SeriesKey]] = -1, []
        """All series in natural order, and the version at which they were."""
        self._run_ranks: tuple[int, dict[str, int]] = -1, {}
        """Each run's place in natural order, and the version at which it was."""
        self._wakes: list[Callable[[], None]] = []
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    # Following

    def start(self) -> None:
        """Reads and follows the directory from now on, in daemon threads."""
        self._stopping.clear()
        self._crew.start()
        self._thread = threading.Thread(target=self._follow, name="cupola-poll", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends the threads. What was read stays."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(5.0)
            self._thread = None
        self._crew.stop()

    def poll(self) -> None:
        """One look at everything, until all that is new is read. Not while `start`'s threads run."""
        self._look(True)
        self._crew.drain()

    def load(self) -> None:
        """`poll`, with a thread for each core."""
        self._crew.start()
        try:
            self.poll()
        finally:
            self._crew.stop()

    def _follow(self) -> None:
        while not self._stopping.is_set():
            began_s = time.thread_time()
            try:
                self._look(not self._looked)
            except Exception:
                log.exception("a look at %s failed; the next one follows", self.location)
            cost_s = time.thread_time() - began_s
            self._stopping.wait(max(self._poll_s, cost_s / POLL_SHARE))

    def _look(self, everything: bool) -> None:
        news = News()
        fresh: set[EventFile] = set()
        changed = self._logdir.look(everything)
        with self._lock:
            for directory in changed:
                try:
                    fresh.update(self._sync(directory, news))
                except Exception:  # a fault of ours costs one run
                    log.exception("the run %s could not be followed", directory.path)
        now_s, now_ns = time.monotonic(), time.time_ns()
        self._look_at_assets(now_s, everything, news)
        due = self._files.due(now_s, everything)
        if fresh:
            due = [*fresh, *(file for file in due if file not in fresh)]
        grown = [file for file in due if self._has_changed(file, now_s, now_ns, news)]
        self._publish(news)
        self._looked = True
        self._crew.put([file for file in grown if file.settled], first=True)
        self._crew.put(_newest_first([file for file in grown if not file.settled]), first=False)
        if self.loading and self._crew.resting():
            self._settle()

    def _has_changed(self, file: EventFile, now_s: float, now_ns: int, news: News) -> bool:
        if file.busy or file.retry_at_s > now_s:
            return False
        try:
            changed = file.changed(now_ns)
        except FileNotFoundError:
            self._logdir.doubt(self._homes[file.directory][1], now_s)
            return False
        except OSError as error:
            news.structure |= file.fail(error, now_s)
            changed = False
            self._files.wake(file, now_s)
        if changed and file.settled:
            self._files.wake(file, now_s)
        return changed

    def _look_at_assets(self, now_s: float, everything: bool, news: News) -> None:
        for asset in self._asset_turns.due(now_s, everything):
            try:
                status = os.stat(asset.path)
            except OSError:
                continue
            if (status.st_mtime_ns, status.st_size) != (asset.mtime_ns, asset.size):
                asset.mtime_ns, asset.size = status.st_mtime_ns, status.st_size
                news.series.add(asset.key)
                self._asset_turns.wake(asset, now_s)

    # Taking in

    def _sync(self, directory: Directory, news: News) -> list[EventFile]:
        """Makes a directory's run what the directory now holds. Returns its new files."""
        news.structure = True
        known = self._homes.get(directory.path)
        run = known[0] if known else None
        if run is None:
            if not directory.is_run:
                return []
            run = Run(self._free_name(directory.name), self._claims, self._index)
            self._runs[run.name] = run
        self._homes[directory.path] = run, directory
        run.error = (
            Damage(os.path.basename(directory.path), 0, 0, f"io: {directory.error}")
            if directory.error
            else None
        )
        for file in [file for file in run.files if file.name not in directory.event_files]:
            run.remove_file(file, news)
            self._files.remove(file)
        self._sync_assets(run, directory, news)
        if not directory.is_run:
            del self._homes[directory.path], self._runs[run.name]
            return []
        names = directory.event_files - {file.name for file in run.files}
        fresh = [EventFile(directory.path, name) for name in names]
        for file in fresh:
            run.add_file(file)
            self._files.add(file)
        return fresh

    def _sync_assets(self, run: Run, directory: Directory, news: News) -> None:
        keys = {SeriesKey(run.name, self._claims.assets[name], name) for name in directory.assets}
        for name, plugin in self._claims.assets.items():
            key = SeriesKey(run.name, plugin, name)
            if key in keys and key not in self._assets:
                asset = self._assets[key] = FollowedAsset(key, os.path.join(directory.path, name))
                self._asset_turns.add(asset)
                self._index.add_key(key)
            elif key not in keys and key in self._assets:
                self._asset_turns.remove(self._assets.pop(key))
                self._index.remove_key(key)
                news.series.add(key)

    def _free_name(self, name: str) -> str:
        """Two directories may look alike once their bytes are shown as text."""
        free, number = name, 2
        while free in self._runs:
            free, number = f"{name} ({number})", number + 1
        return free

    def _work(self, file: EventFile) -> bool:
        """Scans a piece of a file and takes in what it found; true if there is more."""
        generation, news, more = file.generation, News(), False
        try:
            chunk = file.scan()
        except FileNotFoundError:
            file.mtime_ns = -1  # the next look decides whether it is gone
        except Exception as error:
            with self._lock:
                news.structure = file.fail(error, time.monotonic())
        else:
            with self._lock:
                if file.alive:
                    # A file that was sent back to its beginning meanwhile is not done; this chunk is void.
                    more = file.generation != generation or self._take_in(file, chunk, news)
        self._publish(news)
        self._crew.put(news.reread, first=False)
        return more

    def _take_in(self, file: EventFile, chunk: Chunk, news: News) -> bool:
        run = self._homes[file.directory][0]
        try:
            run.commit(file, chunk, news)
        except Exception as error:  # a fault of ours costs this file, never the thread
            log.exception("%s could not be taken in", file.path)
            run.void(file, news)
            file.forget()
            file.fail(error, time.monotonic() + FAULT_RETRY_S)
            news.structure = True
            return False
        news.structure |= file.recover() | file.note_tail()
        if chunk.at_end and not file.settled:
            file.settled = news.structure = True
        return not chunk.at_end

    def _settle(self) -> None:
        if self._looked and self.loading:
            self.loading = False
            self._publish(News(structure=True))

    def _publish(self, news: News) -> None:
        if not news:
            return
        with self._lock:
            self._version += news.structure
            self._journal.note(news)
            wakes = list(self._wakes)
        for wake in wakes:
            try:
                wake()
            except Exception:
                log.exception("a subscriber failed")

    # Answers

    def runs(self) -> list[RunInfo]:
        """All runs in natural order."""
        with self._lock:
            infos = [run.info() for run in self._runs.values()]
        return sorted(infos, key=lambda info: natural_key(info.name))

    def series(
        self, plugin: str | None = None, *, tag: str | None = None, runs: Collection[str] | None = None
    ) -> list[SeriesInfo]:
        """Time series of a plugin, a tag, some runs, or all."""
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

    def _keys_of_tag(self, plugin: str | None, tag: str, runs: Collection[str] | None) -> list[SeriesKey]:
        with self._lock:
            keys = self._index.find(plugin, tag, runs)
            version, (known, places) = self._version, self._run_ranks
            names = [] if known == version else list(self._runs)
        if known != version:
            places = ranks(names)
            self._run_ranks = version, places
        return sorted(keys, key=lambda key: (places.get(key.run, len(places)), key.plugin))

    def _ordered_keys(self) -> list[SeriesKey]:
        with self._lock:
            version, (known, order) = self._version, self._order
            keys = [] if known == version else list(self._index)
        if known != version:
            tags, places = ranks(key.tag for key in keys), ranks(key.run for key in keys)
            order = sorted(keys, key=lambda key: (tags[key.tag], places[key.run], key.plugin))
            self._order = version, order
        return order

    def _infos(self, keys: list[SeriesKey]) -> list[SeriesInfo]:
        infos = []
        for start in range(0, len(keys), BATCH):
            with self._lock:
                for key in keys[start : start + BATCH]:
                    infos += self._info(key)
        return infos

    def scalars(self, key: SeriesKey, steps: tuple[int, int] | None = None) -> ScalarColumns:
        """The points of a scalar series, or those in a range of steps."""
        with self._lock:
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
        with self._lock:
            part = self._find(key, DataClass.BLOB).joined()
            steps, wall_times, _, lengths, _ = part.view()
            return BlobColumns(steps, wall_times, lengths, BlobKeys(series_id(key), part))

    def read(self, key: str) -> bytes:
        """The bytes of a blob."""
        address = parse(key)
        with self._lock:
            series = self._index.blob_series(address.series) if address else None
            found = series.find(address.file, address.offset) if series and address else None
        if address is None or found is None or found[2] != address.crc:
            raise UnknownBlob(
                f"no value has the key {shorten(key)} (any more); ask for the series' points anew"
            )
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
        with self._lock:
            found = next((directory for home, directory in self._homes.values() if home.name == run), None)
        if found is None:
            raise UnknownSeries(f"no run {shorten(run)}")
        return find_asset(found.path, path)

    def changes(self, since: int) -> Changes:
        """What changed after cursor `since`."""
        known = self._journal.since(since)
        if known is not None:
            return Changes(known[0], known[1], frozenset(known[2]))
        cursor = self._journal.cursor
        with self._lock:
            return Changes(cursor, True, frozenset(self._index))

    def subscribe(self, wake: Callable[[], None]) -> Callable[[], None]:
        """Calls `wake` after each change until the returned function is called."""
        with self._lock:
            self._wakes.append(wake)

        def unsubscribe() -> None:
            with self._lock:
                if wake in self._wakes:
                    self._wakes.remove(wake)

        return unsubscribe

    def _find(self, key: SeriesKey, data_class: DataClass) -> Series:
        run = self._runs.get(key.run)
        series = run.series.get(key) if run else None
        if series is None or series.data_class is not data_class:
            what = f"no {data_class.value} series of {shorten(key.plugin)}"
            raise UnknownSeries(f"{what} under the tag {shorten(key.tag)} in the run {shorten(key.run)}")
        return series

    def _info(self, key: SeriesKey) -> list[SeriesInfo]:
        """What is known of a series; nothing if it went away meanwhile."""
        asset = self._assets.get(key)
        if asset is not None:
            return [SeriesInfo(key, DataClass.ASSET, 1, 0, 0, max(asset.mtime_ns, 0) / 1e9, b"")]
        run = self._runs.get(key.run)
        series = run.series.get(key) if run else None
        return [series.info()] if series else []


def _newest_first(files: list[EventFile]) -> list[EventFile]:
    """Files in the order of their names, those of runs that were written last before the others."""
    runs: dict[str, list[EventFile]] = {}
    for file in files:
        runs.setdefault(file.directory, []).append(file)
    groups = sorted(runs.values(), key=lambda group: max(file.mtime_ns for file in group), reverse=True)
    return [file for group in groups for file in sorted(group, key=lambda file: file.name)]
