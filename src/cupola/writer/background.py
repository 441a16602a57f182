"""The encoding thread: pictures, histograms and the rest become bytes here, in the order of the calls,
while training goes on.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Hashable
from typing import TypeAlias

from cupola.writer import life

logger = logging.getLogger("cupola")

Job: TypeAlias = Callable[[], None]

IDLE_S = 1.0
"""The thread ends after that long without work; the next job starts another."""


class Background:
    """A queue of jobs, bounded in bytes, and the thread that does them.

    When the queue is full the caller waits, as long as jobs get done. If none gets done for `patience_s`,
    what comes is dropped and counted until one does, so that training never waits for ever.
    """

    def __init__(self, max_bytes: int, patience_s: float = life.PATIENCE_S) -> None:
        self.max_bytes = max_bytes
        self.patience_s = patience_s
        self.dropped = 0
        self.failed = 0
        self._complained: set[str] = set()
        self.inline = False
        self._begin()
        life.register_encoder(self)

    def _begin(self) -> None:
        self.busy = threading.RLock()
        self._condition = threading.Condition(threading.Lock())
        self._jobs: deque[tuple[str, Job, int, Hashable]] = deque()
        self.waiting: Counter[Hashable] = Counter()
        """How many jobs of each series are not done yet: what comes behind them has to queue too."""
        self._bytes = 0
        self._taken = 0
        self._done = 0
        self._running = False
        self._stuck = False

    def submit(self, name: str, job: Job, nbytes: int, series: Hashable = None) -> bool:
        """Queues a job; False if it was dropped.

        Args:
            name: of what is lost if the job fails, for the message.
            job: called once, on the background thread (in this one where there can be no thread).
            nbytes: what the job holds in memory.
            series: counted in `waiting` until the job is done.
        """
        if self.inline:
            self.drain()
            self._do(name, job)
            return True
        with self._condition:
            if self._bytes and self._bytes + nbytes > self.max_bytes and not self._wait_for_room(nbytes):
                self.dropped += 1
                if self.dropped == 1:
                    logger.warning(
                        "%s was dropped: encoding has been stuck for %g s with %d MiB waiting (told once)",
                        name,
                        self.patience_s,
                        self.max_bytes >> 20,
                    )
                return False
            self._jobs.append((name, job, nbytes, series))
            self._bytes += nbytes
            if series is not None:
                self.waiting[series] += 1
            self._taken += 1
            if not self._running:
                self._start()
            elif len(self._jobs) == 1:
                self._condition.notify_all()
        return True

    @property
    def idle(self) -> bool:
        """Whether every job is done."""
        return self._done == self._taken

    def drain(self, timeout_s: float | None = None) -> bool:
        """Waits until every job queued before the call is done; False if none gets done for `timeout_s`."""
        timeout_s = self.patience_s if timeout_s is None else timeout_s
        with self._condition:
            target, done = self._taken, self._done
            deadline = time.monotonic() + timeout_s
            while self._done < target:
                if not self._running:
                    self._start()
                    continue
                self._condition.wait(max(deadline - time.monotonic(), 0.0))
                if self._done != done:
                    done, deadline = self._done, time.monotonic() + timeout_s
                elif time.monotonic() >= deadline:
                    return False
        return True

    def after_fork(self) -> None:
        """In the child the parent's jobs are the parent's, and there is no thread."""
        self._begin()
        self.inline = True

    def before_end(self, timeout_s: float) -> None:
        """Does what waits; what comes from now on is done at once."""
        self.drain(timeout_s)
        self.inline = True

    def _wait_for_room(self, nbytes: int) -> bool:
        done, deadline = self._done, time.monotonic() + self.patience_s
        while self._bytes and self._bytes + nbytes > self.max_bytes:
            if self._stuck or time.monotonic() >= deadline:
                self._stuck = True
                return False
            self._condition.wait(deadline - time.monotonic())
            if self._done != done:
                done, deadline = self._done, time.monotonic() + self.patience_s
        return True

    def _start(self) -> None:
        self._running = True
        try:
            threading.Thread(target=self._run, name="cupola-encoder", daemon=True).start()
        except RuntimeError:  # no more threads, or the interpreter ends
            self._running = False
            while self._jobs:
                name, job, nbytes, series = self._jobs.popleft()
                self._do(name, job)
                self._finish(nbytes, series)

    def _run(self) -> None:
        condition = self._condition
        while True:
            with condition:
                if not self._jobs and not condition.wait_for(lambda: self._jobs, IDLE_S):
                    self._running = False
                    return
                name, job, nbytes, series = self._jobs.popleft()
            self._do(name, job)
            del job  # its arrays are free before the next is waited for
            with condition:
                self._finish(nbytes, series)

    def _finish(self, nbytes: int, series: Hashable) -> None:
        self._bytes -= nbytes
        if series is not None:
            self.waiting[series] -= 1
            if not self.waiting[series]:
                del self.waiting[series]
        self._done += 1
        self._stuck = False
        self._condition.notify_all()

    def _do(self, name: str, job: Job) -> None:
        try:
            with self.busy:
                job()
        except Exception:
            self.failed += 1
            if name not in self._complained and len(self._complained) < 100:
                self._complained.add(name)
                logger.warning(
                    "%s could not be logged; later failures of it are counted only", name, exc_info=True
                )
