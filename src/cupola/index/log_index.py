"""All that is known of a log directory: its runs, their series and assets, and what changed. The follower
writes it, the provider answers from it, both under its lock.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from typing import TypeAlias

from cupola._codec import Chunk
from cupola.index.change_log import ChangeLog, ChangeSet
from cupola.index.directory import Directory
from cupola.index.event_file import FAULT_RETRY_S, EventFile
from cupola.index.ownership import PluginRegistry
from cupola.index.run import Run
from cupola.index.series_index import SeriesIndex
from cupola.index.watched_asset import WatchedAsset
from cupola.types import Damage, SeriesKey

log = logging.getLogger(__name__)


WatchedFile: TypeAlias = "EventFile | WatchedAsset"


class LogIndex:
    """See the module's docstring. Methods take the lock themselves unless they say that they want it held."""

    def __init__(self, registry: PluginRegistry) -> None:
        self.lock = threading.RLock()
        self.registry = registry
        self.runs: dict[str, Run] = {}
        """By name."""
        self.series = SeriesIndex()
        self.files: dict[str, WatchedFile] = {}
        """By path."""
        self.directories: dict[str, Directory] = {}
        """By the name of the run."""
        self.changes = ChangeLog()
        self.version = 0
        """Grows with every change of structure."""
        self._runs_by_path: dict[str, Run] = {}
        self._subscribers: list[Callable[[], None]] = []

    @property
    def has_subscribers(self) -> bool:
        """Whether somebody wants to be told of changes."""
        return bool(self._subscribers)

    def subscribe(self, wake: Callable[[], None]) -> Callable[[], None]:
        """Calls `wake` after each change until the returned function is called."""
        with self.lock:
            self._subscribers.append(wake)

        def unsubscribe() -> None:
            with self.lock:
                if wake in self._subscribers:
                    self._subscribers.remove(wake)

        return unsubscribe

    def publish(self, changes: ChangeSet) -> None:
        """Writes changes into the log and tells the subscribers; nothing if there are none."""
        if not changes:
            return
        with self.lock:
            self.version += changes.structure
            self.changes.append(changes)
            subscribers = list(self._subscribers)
        for wake in subscribers:
            try:
                wake()
            except Exception:
                log.exception("a subscriber failed")

    def sync(self, directory: Directory, changes: ChangeSet) -> tuple[list[WatchedFile], list[WatchedFile]]:
        """Makes a directory's run what the directory now holds.

        Returns:
            Files that are new, and files that are gone.
        """
        with self.lock:
            changes.structure = True
            run = self._runs_by_path.get(directory.path)
            if run is None:
                if not directory.is_run:
                    return [], []
                run = Run(self._free_name(directory.name), self.registry, self.series)
                self.runs[run.name] = self._runs_by_path[directory.path] = run
            self.directories[run.name] = directory
            run.trouble = _trouble(directory)
            new, gone = _sync_files(run, directory, changes)
            for file in gone:
                self.files.pop(file.path, None)
            self.files.update((file.path, file) for file in new)
            if not directory.is_run:
                del self.runs[run.name], self._runs_by_path[directory.path], self.directories[run.name]
            return new, gone

    def directory_of(self, file: EventFile) -> Directory:
        """The directory of a file of a run."""
        with self.lock:
            return self.directories[self._runs_by_path[file.directory].name]

    def ingest(self, file: EventFile, chunk: Chunk, generation: int, changes: ChangeSet) -> bool:
        """Adds what a scan of a file found; true if there is more to scan.

        Args:
            generation: the file's, before the scan. If it has been reset since, the chunk is worth nothing.
        """
        with self.lock:
            if not file.alive:
                return False
            if file.generation == generation:
                try:
                    self._runs_by_path[file.directory].commit(file, chunk, changes)
                except Exception as error:  # a fault of ours costs this file, never the thread
                    log.exception("%s could not be taken in", file.path)
                    self._runs_by_path[file.directory].drop_points(file, changes)
                    file.reset()
                    file.fail(error, time.monotonic() + FAULT_RETRY_S)
                    changes.structure = True
                    return False
                changes.structure |= file.recover() | file.update_tail()
            if file.generation != generation:  # sent back to its beginning, by another file or by itself
                return True
            if chunk.at_end and not file.caught_up:
                file.caught_up = changes.structure = True
            return not chunk.at_end

    def _free_name(self, name: str) -> str:
        """Two directories may look alike once their bytes are shown as text."""
        free, number = name, 2
        while free in self.runs:
            free, number = f"{name} ({number})", number + 1
        return free


def _sync_files(
    run: Run, directory: Directory, changes: ChangeSet
) -> tuple[list[WatchedFile], list[WatchedFile]]:
    new: list[WatchedFile] = []
    gone: list[WatchedFile] = []
    for file in [file for file in run.files if file.name not in directory.event_files]:
        run.remove_file(file, changes)
        gone.append(file)
    for name in directory.event_files - {file.name for file in run.files}:
        file = EventFile(directory.path, name)
        run.add_file(file)
        new.append(file)
    wanted = {SeriesKey(run.name, plugin, path): place for path, (plugin, place) in directory.assets.items()}
    for key in run.assets.keys() - wanted.keys():
        gone.append(run.remove_asset(key))
        changes.series.add(key)
    for key in wanted.keys() - run.assets.keys():
        new.append(run.add_asset(key, wanted[key]))
    return new, gone


def _trouble(directory: Directory) -> tuple[Damage, ...]:
    name = os.path.basename(directory.path)
    error = (Damage(name, 0, 0, f"io: {directory.error}"),) if directory.error else ()
    notice = (Damage(name, 0, 0, f"link: {directory.notice}"),) if directory.notice else ()
    return error + notice
