"""Keeps the index what the log directory is: one thread polls for changes, a pool scans what has changed."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable, Sequence
from queue import Empty, SimpleQueue
from typing import Final

from cupola.index.change_log import ChangeSet
from cupola.index.event_file import EventFile
from cupola.index.log_index import LogIndex, WatchedFile
from cupola.index.logdir import Logdir
from cupola.index.pace import Pace
from cupola.index.poll_schedule import PollSchedule
from cupola.index.roots import Root
from cupola.index.scan_pool import ScanPool
from cupola.index.watcher import Notified, PollingWatcher, make_watcher
from cupola.types import Source

FILES_PER_S: Final = 3000
WALK: Final = 100
"""Unknown directories that are listed between two polls of the known files."""

log = logging.getLogger(__name__)


class Follower:
    """Writes into a `LogIndex`.

    Args:
        roots: the log directories.
        index: what is written; its registry says which files are assets.
        poll_s: shortest time between two polls, in seconds.
    """

    def __init__(self, roots: Sequence[Root], index: LogIndex, poll_s: float) -> None:
        self.loading = True
        """Until all that was there at the first poll has been read, or was found unreadable."""
        self._index = index
        self._pace = Pace(poll_s)
        self._logdir = Logdir(roots, index.registry.assets, poll_s)
        self._files: PollSchedule[WatchedFile] = PollSchedule(int(FILES_PER_S * max(poll_s, 0.1)))
        self._pool = ScanPool(self._scan, self._pool_is_empty)
        self._again: SimpleQueue[EventFile] = SimpleQueue()
        """Files that a scan could not finish with: the next poll looks at them."""
        self._walked = False
        self._watcher = PollingWatcher()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Follows the directory from now on, in daemon threads."""
        self._stopping.clear()
        self._watcher = make_watcher()
        self._logdir.watch(self._watcher)
        self._pool.start()
        self._thread = threading.Thread(target=self._follow, name="cupola-poll", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends the threads."""
        self._stopping.set()
        self._watcher.wake()
        if self._thread is not None:
            self._thread.join(5.0)
            self._thread = None
        self._pool.stop()
        self._watcher.close()

    def poll(self) -> None:
        """Polls everything and reads all that is new. Not while the threads run."""
        self._poll(Notified(overflow=True), turn=True, walk=None)
        self._pool.drain()

    def load(self) -> None:
        """`poll`, with a thread for each core."""
        self._pool.start()
        try:
            self.poll()
        finally:
            self._pool.stop()

    def sources(self) -> list[Source]:
        """What is known of the log directories."""
        return self._logdir.sources()

    def attend(self) -> None:
        """Notes that somebody looks; if nobody did lately, everything is polled at once."""
        if self._pace.asked():
            self._watcher.wake()

    def _follow(self) -> None:
        was_attended, failed, next_turn_s = True, False, 0.0
        while not self._stopping.is_set():
            began_s = time.thread_time()
            attended = self._is_attended()
            notified = self._watcher.take()
            notified.overflow |= failed or (attended and not was_attended)
            was_attended = attended
            turn = notified.overflow or time.monotonic() >= next_turn_s
            try:
                self._poll(notified, turn, WALK)
                failed = False
            except Exception:
                failed = True
                log.exception("polling failed; the next poll follows")
            if turn:
                interval_s = self._pace.turn_s(attended, self._is_hot(), self._watcher.covers_all)
                next_turn_s = time.monotonic() + interval_s
            cost_s = time.thread_time() - began_s
            if self._logdir.is_walking and not failed:
                # Walking for the first time does not count as polling, but leaves time for scans and answers.
                self._watcher.wait(cost_s / 2, for_changes=False)
            else:
                gap_s = self._pace.gap_s(attended, cost_s)
                self._wait(gap_s, 0.0 if failed else next_turn_s, attended)

    def _wait(self, gap_s: float, until_s: float, attended: bool) -> None:
        """Waits for the gap whatever happens, then for a change, a retry or the next turn."""
        self._watcher.wait(gap_s, for_changes=False)
        if self._stopping.is_set() or not self._again.empty() or (self._is_attended() and not attended):
            return
        until_s = min(until_s, self._files.next_retry_s(), self._logdir.next_retry_s)
        left_s = until_s - time.monotonic()
        if left_s > 0:
            self._watcher.wait(left_s, for_changes=True)

    def _is_attended(self) -> bool:
        return self._pace.is_attended(self._index.has_subscribers)

    def _is_hot(self) -> bool:
        return self._files.is_hot() or self._logdir.is_hot

    def _poll(self, notified: Notified, turn: bool, walk: int | None) -> None:
        """One poll: of everything after an overflow, else of what was notified, in a `turn` of some more."""
        changes = ChangeSet()
        everything = notified.overflow
        for directory in notified.directories:
            self._logdir.invalidate(directory)
        now_s, now_ns = time.monotonic(), time.time_ns()
        new = self._sync(everything, turn, walk, changes)
        due: list[WatchedFile] = [*new, *self._taken_back(now_s), *self._files.retries(now_s)]
        due += [self._index.files[path] for path in notified.files if path in self._index.files]
        if turn or everything:
            due += self._files.due(now_s, everything)
        grown: list[EventFile] = []
        for file in dict.fromkeys(due):
            if isinstance(file, EventFile):
                if self._has_changed(file, notified, now_s, now_ns, changes):
                    grown.append(file)
            elif file.has_changed():
                changes.series.add(file.key)
                self._files.heat(file, now_s)
        self._index.publish(changes)
        self._pool.submit([file for file in grown if file.caught_up], first=True)
        self._pool.submit(_newest_first(file for file in grown if not file.caught_up), first=False)
        self._walked |= not self._logdir.is_walking
        self._pool_is_empty()

    def _sync(self, everything: bool, turn: bool, walk: int | None, changes: ChangeSet) -> list[WatchedFile]:
        new: list[WatchedFile] = []
        for directory in self._logdir.poll(everything, turn, walk):
            try:
                found, gone = self._index.sync(directory, changes)
            except Exception:  # a fault of ours costs one run
                log.exception("the run %s could not be followed", directory.path)
                continue
            for file in gone:
                self._files.remove(file)
            for file in found:
                self._files.add(file)
            new += found
        changes.structure |= self._logdir.take_roots_changed()
        return new

    def _taken_back(self, now_s: float) -> list[EventFile]:
        """What scans put back and is to be looked at now; what failed has to wait for its time."""
        due: list[EventFile] = []
        while True:
            try:
                file = self._again.get_nowait()
            except Empty:
                return due
            if file.retry_at_s > now_s:
                self._files.retry(file, file.retry_at_s)
            else:
                due.append(file)

    def _has_changed(
        self, file: EventFile, notified: Notified, now_s: float, now_ns: int, changes: ChangeSet
    ) -> bool:
        """Whether a file is to be scanned."""
        if file.busy:
            return file.path in notified.files  # the scan may have passed the place already
        if not file.alive or file.retry_at_s > now_s:
            return False
        try:
            changed = file.changed(now_ns)
        except FileNotFoundError:
            self._logdir.invalidate(self._index.directory_of(file))
            return False
        except OSError as error:
            changes.structure |= file.fail(error, now_s)
            self._files.retry(file, file.retry_at_s)
            return False
        if changed and file.caught_up:
            self._files.heat(file, now_s)
        return changed

    def _scan(self, file: EventFile) -> bool:
        """Scans a piece of a file and takes in what it found; true if there is more."""
        generation, changes, more = file.generation, ChangeSet(), False
        try:
            chunk = file.scan()
        except FileNotFoundError:
            file.mtime_ns = -1  # the next poll decides whether it is gone
            self._put_back(file)
        except Exception as error:
            with self._index.lock:
                changes.structure = file.fail(error, time.monotonic())
        else:
            more = self._index.ingest(file, chunk, generation, changes)
        if file.error is not None:
            self._put_back(file)
        self._index.publish(changes)
        self._pool.submit(changes.reread, first=False)
        return more

    def _put_back(self, file: EventFile) -> None:
        self._again.put(file)
        self._watcher.wake()

    def _pool_is_empty(self) -> None:
        if self._walked and self.loading and self._pool.is_idle():
            self.loading = False
            self._index.publish(ChangeSet(structure=True))


def _newest_first(files: Iterable[EventFile]) -> list[EventFile]:
    """Files in the order of their names, those of runs that were written last before the others."""
    runs: dict[str, list[EventFile]] = {}
    for file in files:
        runs.setdefault(file.directory, []).append(file)
    groups = sorted(runs.values(), key=lambda group: max(file.mtime_ns for file in group), reverse=True)
    return [file for group in groups for file in sorted(group, key=lambda file: file.name)]
