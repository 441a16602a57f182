"""The encoding thread: images, histograms and the rest become bytes here, in the order of the calls, while
training goes on.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from cupola.writer import process_hooks
from cupola.writer.patience import PATIENCE_S, SLICE_S, Patience

logger = logging.getLogger("cupola")

IDLE_S = 1.0
"""The thread ends after that long without work; the next job starts another."""


class LossCounter(Protocol):
    """What an `EventWriter` does for the queue."""

    def count_failed(self, name: str, reason: str, kind: str) -> None:
        """Counts a job that raised."""

    def count_dropped(self, name: str, reason: str, kind: str) -> None:
        """Counts a job that there was no room for."""


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work for the encoding thread."""

    name: str
    """Of what is lost if it fails, for messages."""
    run: Callable[[], None]
    """Called once, on the encoding thread (on the caller's where there can be no thread)."""
    nbytes: int
    """What it holds in memory."""
    file: LossCounter
    """Where it is counted if it fails or is dropped."""
    kind: str = "values"
    """The plugin it is for, for counts of what failed or was dropped."""
    series: Hashable = None
    """Counted in `waiting` until the job is done."""


class _Progress(NamedTuple):
    """Where the thread is."""

    done: int
    """Jobs."""
    cpu_s: float
    """CPU time; 0 where the system does not tell."""

    def gets_on(self, before: _Progress) -> bool:
        """Whether a job was done since a moment before, or the thread computed for a hundredth of it: one
        that waits (for a device, for storage) does not get on.
        """
        return self.done != before.done or self.cpu_s - before.cpu_s > SLICE_S / 100


class EncodeQueue:
    """A queue of jobs, bounded in bytes, and the thread that does them.

    When the queue is full the caller waits, as long as the thread gets on. If it neither gets a job done nor
    computes for `patience_s`, what comes is dropped and counted until it does, so that training never waits
    for ever.
    """

    def __init__(self, max_bytes: int, patience_s: float = PATIENCE_S) -> None:
        self.max_bytes = max_bytes
        self.patience_s = patience_s
        self._warned_of_drops = False
        self._warned_of: set[str] = set()
        self.inline = False
        """Whether jobs are done within `submit`."""
        self._reset()
        process_hooks.register_queue(self)

    def _reset(self) -> None:
        self.busy = threading.RLock()
        self._condition = threading.Condition(threading.Lock())
        self._jobs: deque[Job] = deque()
        self.waiting: Counter[Hashable] = Counter()
        """How many jobs of each series are not done yet: what comes after them has to queue too."""
        self._bytes = 0
        self._submitted = 0
        self._done = 0
        self._running = False
        self._stuck = False
        self._clock: int | None = None
        """Of the thread's CPU time, where the system has one."""

    def submit(self, job: Job, now: bool = False) -> bool:
        """Queues a job; False if it was dropped. `now` does it within the call, behind those that wait."""
        if self.inline or now:
            self.drain()
            self._do(job)
            return True
        with self._condition:
            if self._bytes and self._bytes + job.nbytes > self.max_bytes and not self._wait_for_room(job):
                self._drop(job)
                return False
            self._jobs.append(job)
            self._bytes += job.nbytes
            if job.series is not None:
                self.waiting[job.series] += 1
            self._submitted += 1
            if not self._running:
                self._start()
            elif len(self._jobs) == 1:
                self._condition.notify_all()
        return True

    @property
    def idle(self) -> bool:
        """Whether every job is done."""
        return self._done == self._submitted

    def drain(self, patience: Patience | None = None) -> bool:
        """Waits until every job queued before the call is done; False if patience ends before that. Time in
        which the thread works costs none.
        """
        patience = patience or Patience(self.patience_s)
        with self._condition:
            target, progress = self._submitted, self._progress()
            while self._done < target:
                if not self._running:
                    self._start()
                    continue
                if patience.is_over:
                    return False
                self._condition.wait(patience.slice_s)
                now = self._progress()
                patience.credit_work(now.gets_on(progress))
                progress = now
        return True

    def _progress(self) -> _Progress:
        with contextlib.suppress(OSError):  # that thread has ended
            if self._clock is not None:
                return _Progress(self._done, time.clock_gettime(self._clock))
        return _Progress(self._done, 0.0)

    def after_fork(self) -> None:
        """In the child the parent's jobs are the parent's, and there is no thread."""
        self._reset()
        self.inline = True

    def at_exit(self, patience: Patience) -> None:
        """Does what waits; what comes from now on is done at once."""
        if not self.drain(patience):
            with self._condition:
                for job in self._jobs:
                    job.file.count_dropped(job.name, "the process ends", job.kind)
        self.inline = True

    def _wait_for_room(self, job: Job) -> bool:
        patience, progress = Patience(self.patience_s), self._progress()
        while self._bytes and self._bytes + job.nbytes > self.max_bytes:
            if self._stuck or patience.is_over:
                self._stuck = True
                return False
            self._condition.wait(patience.slice_s)
            now = self._progress()
            if now.gets_on(progress):
                patience = Patience(self.patience_s)
            progress = now
        return True

    def _drop(self, job: Job) -> None:
        reason = f"encoding was stuck for {self.patience_s:g} s with {self.max_bytes >> 20} MiB waiting"
        job.file.count_dropped(job.name, reason, job.kind)
        if not self._warned_of_drops:
            self._warned_of_drops = True
            logger.warning("%s was dropped: %s. Further drops are counted", job.name, reason)

    def _start(self) -> None:
        self._running = True
        try:
            threading.Thread(target=self._run, name="cupola-encoder", daemon=True).start()
        except RuntimeError:  # no more threads, or the interpreter ends
            self._running = False
            while self._jobs:
                job = self._jobs.popleft()
                self._do(job)
                self._finish(job)

    def _run(self) -> None:
        condition = self._condition
        if hasattr(time, "pthread_getcpuclockid"):
            self._clock = time.pthread_getcpuclockid(threading.get_ident())
        while True:
            with condition:
                if not self._jobs and not condition.wait_for(lambda: self._jobs, IDLE_S):
                    self._running = False
                    return
                job = self._jobs.popleft()
            self._do(job)
            with condition:
                self._finish(job)
            del job  # its arrays are free before the next is waited for

    def _finish(self, job: Job) -> None:
        self._bytes -= job.nbytes
        if job.series is not None:
            self.waiting[job.series] -= 1
            if not self.waiting[job.series]:
                del self.waiting[job.series]
        self._done += 1
        self._stuck = False
        self._condition.notify_all()

    def _do(self, job: Job) -> None:
        try:
            with self.busy:
                job.run()
        except Exception as error:
            job.file.count_failed(job.name, f"{type(error).__name__}: {error}", job.kind)
            if job.name not in self._warned_of and len(self._warned_of) < 100:
                self._warned_of.add(job.name)
                logger.warning(
                    "%s could not be logged; later failures of it are counted", job.name, exc_info=True
                )
