"""The encoding thread: images, histograms and the rest become bytes here, in the order of the calls, while
training goes on.
"""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from _thread import start_new_thread
from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

from cupola import _codec
from cupola.writer import notices, process_hooks
from cupola.writer.patience import PATIENCE_S, SLICE_S, Patience

IDLE_S: Final = 1.0
"""The thread ends after that long without work; the next job starts another."""

MAX_WARNINGS: Final = 100
"""So many names of values that failed are warned of; all are counted."""


class LossCounter(Protocol):
    """What an `EventWriter` does for the queue."""

    def count_failed(self, name: str, reason: str, kind: str) -> None:
        """Counts a job that raised."""

    def count_dropped(self, name: str, reason: str, kind: str) -> None:
        """Counts a job that there was no room for."""


@dataclass(slots=True)  # not frozen: see `Deferred`
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
    """What comes after it in this series has to queue too: see `is_waiting`."""


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

    A call may come from anywhere: from a signal handler or a finalizer that Python runs within another call,
    on the encoding thread too. So no caller holds a lock, whatever is counted is counted by one call of the
    codec's `JobQueue`, and who waits is woken by a bell of its own, a `SimpleQueue`, which is made for that.
    """

    def __init__(self, max_bytes: int, patience_s: float = PATIENCE_S) -> None:
        self.max_bytes = max_bytes
        self.patience_s = patience_s
        self._warned_of: set[str] = set()
        self.inline = process_hooks.is_ending()
        """Whether jobs are done within `submit`."""
        self._reset()
        process_hooks.register_queue(self)

    def _reset(self) -> None:
        self._jobs = _codec.JobQueue(self.max_bytes)
        self._new_job: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._bells: deque[queue.SimpleQueue[None]] = deque()
        """Of those who wait for a job to be done."""
        self._last_of: dict[Hashable, int] = {}
        """How many jobs have to be done until nothing of a series waits."""
        self._last_of_any = 0
        self._stuck_at = -1
        """How many jobs were done when patience ended; as long as it is that many, nobody waits any more."""
        self._clock: int | None = None
        """Of the thread's CPU time, where the system has one."""

    def submit(self, job: Job, now: bool = False) -> bool:
        """Queues a job; False if it was dropped. `now` does it within the call, behind those that wait."""
        if now:
            self.drain()
            self._do(job)
            return True
        jobs, inline = self._jobs, self.inline
        start = None if inline else self._start
        must = inline or jobs.is_worker  # the thread itself cannot wait for itself
        taken = jobs.put(job, job.nbytes, self._new_job.put, start, must)
        if taken is None:
            taken = self._put_when_there_is_room(job)
        if taken is None:
            stuck = f"encoding was stuck for {self.patience_s:g} s with {self.max_bytes >> 20} MiB waiting"
            self._drop(job, stuck)
            return False
        if job.series is not None:
            self._last_of[job.series] = self._last_of_any = jobs.submitted
        if inline or not taken:
            self._work()
            if jobs.waiting and (self._stuck_at == jobs.done or not self.drain()) and self.inline:
                self._give_up()
        return True

    @property
    def idle(self) -> bool:
        """Whether every job is done."""
        return self._jobs.done == self._jobs.submitted

    @property
    def has_waiting(self) -> bool:
        """Whether a job of any series is not done yet."""
        return self._last_of_any > self._jobs.done

    def is_waiting(self, series: Hashable) -> bool:
        """Whether a job of the series is not done yet."""
        return self._last_of.get(series, 0) > self._jobs.done

    def drain(self, patience: Patience | None = None) -> bool:
        """Waits until every job queued before the call is done; False if patience ends before that. Time in
        which the thread works costs none.

        Within a job, of a finalizer that Python runs there, the job itself is not waited for.
        """
        jobs, patience = self._jobs, patience or Patience(self.patience_s)
        target, progress = jobs.submitted, self._progress()
        if jobs.is_worker:
            self._work()
            return not jobs.waiting
        while True:
            if jobs.waiting and not jobs.running:
                self._work()
            bell = self._hang_bell()
            if jobs.done >= target or patience.is_over:
                break
            self._wait(bell, patience.slice_s)
            now = self._progress()
            patience.credit_work(now.gets_on(progress))
            progress = now
        if not self.has_waiting:
            self._last_of = {}
        self._count_interrupted()
        notices.show()
        return jobs.done >= target

    def after_fork(self) -> None:
        """In the child the parent's jobs are the parent's, and there is no thread."""
        _left_to_parent.append(self._jobs)
        self._reset()
        self.inline = True

    def at_exit(self, patience: Patience) -> None:
        """Does what waits; what comes from now on is done at once."""
        drained = self.drain(patience)
        self.inline = True
        if not drained:
            self._give_up()

    def hold(self, seconds: float) -> None:
        """Begins no job until `go_on`, or for `seconds` if that is never called."""
        self._jobs.pause(seconds)

    def go_on(self) -> None:
        """Ends a `hold`."""
        self._jobs.resume()

    @property
    def busy(self) -> bool:
        """Whether another thread than this one is within a job."""
        return self._jobs.busy

    # Waiting

    def _put_when_there_is_room(self, job: Job) -> bool | None:
        """None if patience ends before there is room."""
        patience, progress = Patience(self.patience_s), self._progress()
        while True:
            bell = self._hang_bell()
            taken = self._jobs.put(job, job.nbytes, self._new_job.put, self._start)
            if taken is not None:
                return taken
            if self._stuck_at == self._jobs.done or patience.is_over:
                self._stuck_at = self._jobs.done
                return None
            self._wait(bell, patience.slice_s)
            now = self._progress()
            if now.gets_on(progress):
                patience = Patience(self.patience_s)
            progress = now

    def _hang_bell(self) -> queue.SimpleQueue[None]:
        """Rings when the next job is done: hang it up, see whether that is still wanted, and wait."""
        bell: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._bells.append(bell)
        return bell

    def _wait(self, bell: queue.SimpleQueue[None], seconds: float) -> None:
        with contextlib.suppress(queue.Empty):
            bell.get(timeout=seconds)

    def _ring(self) -> None:
        with contextlib.suppress(IndexError):
            while True:
                self._bells.popleft().put(None)

    def _progress(self) -> _Progress:
        with contextlib.suppress(OSError):  # that thread has ended
            if self._clock is not None:
                return _Progress(self._jobs.done, time.clock_gettime(self._clock))
        return _Progress(self._jobs.done, 0.0)

    # Working

    def _start(self) -> None:
        start_new_thread(self._run, ())

    def _run(self) -> None:
        """The thread."""
        notices.in_background()
        jobs, new_job = self._jobs, self._new_job
        if hasattr(time, "pthread_getcpuclockid"):
            self._clock = time.pthread_getcpuclockid(threading.get_ident())
        while True:
            try:
                new_job.get(timeout=IDLE_S)
            except queue.Empty:
                if jobs.retire():
                    return
            while jobs.waiting:
                with contextlib.suppress(BaseException):  # of a job that exits or is interrupted: counted
                    self._work()
                if jobs.waiting:  # the process is about to fork, or the job that waits is another thread's
                    time.sleep(0.001)

    def _work(self) -> None:
        """Does what waits, unless another thread is at it, which then goes on with that."""
        while self._jobs.waiting:
            with self._jobs.turn() as job:
                if job is None:
                    return
                self._do(job)
            del job  # its arrays are free before the next is waited for
            self._ring()

    def _do(self, job: Job) -> None:
        try:
            job.run()
        except Exception as error:
            self._count_failed(job, error)

    # Losses

    def _give_up(self) -> None:
        """No thread will come to what waits."""
        self._stuck_at = self._jobs.done
        for job in self._jobs.abandon():
            self._drop(job, "the process ends")

    def _drop(self, job: Job, reason: str) -> None:
        job.file.count_dropped(job.name, reason, job.kind)
        if self._is_news("drops"):
            notices.warn("%s was dropped: %s. Further drops are counted", job.name, reason)

    def _count_failed(self, job: Job, error: BaseException) -> None:
        job.file.count_failed(job.name, f"{type(error).__name__}: {error}", job.kind)
        if self._is_news(f"failed {job.name}"):
            notices.warn("%s could not be logged; later failures of it are counted", job.name, error=error)

    def _count_interrupted(self) -> None:
        for job in self._jobs.interrupted():
            self._count_failed(job, InterruptedError("an interrupt ended it"))

    def _is_news(self, what: str) -> bool:
        is_news = what not in self._warned_of and len(self._warned_of) < MAX_WARNINGS
        self._warned_of.add(what)
        return is_news


_left_to_parent: list[_codec.JobQueue] = []
"""In a forked child: what those jobs hold (memory of devices, threads' locks) is not for it to let go."""
