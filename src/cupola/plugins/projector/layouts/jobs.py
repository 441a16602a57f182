"""Layouts being computed, each in a process of its own, and those that are done, within a bound of memory."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cupola.plugins.projector.layouts.job import FINAL, Job
from cupola.plugins.projector.layouts.parameters import Parameters

MOST_RUNNING: Final = 2
MOST_WAITING: Final = 16
GRACE_S: Final = 30.0
"""A job that no page asks about for so long is cancelled."""
CACHE_BYTES: Final = 256 << 20
"""Of finished layouts; the newest is kept whatever its size."""

_TICK_S: Final = 0.2

Input = Callable[[], "tuple[NDArray[np.float32], NDArray[np.int32] | None]"]


class TooManyJobs(Exception):
    """So many layouts wait already that another would not begin soon."""


class Jobs:
    """Starts jobs in the order in which they are asked for. May be called from any thread."""

    def __init__(self, grace_s: float = GRACE_S) -> None:
        self._grace_s = grace_s
        self._lock = threading.Lock()
        self._jobs: dict[str, Job] = {}  # by id, the one used last at the end
        self._watching: threading.Thread | None = None

    def find(self, job_id: str) -> Job | None:
        """The job of that id, which counts as asked about; None if there is none (any more)."""
        with self._lock:
            job = self._jobs.get(job_id)
            if job is not None:
                job.asked_s = time.monotonic()
                self._jobs[job_id] = self._jobs.pop(job_id)
            return job

    def start(self, job_id: str, parameters: Parameters, read: Input) -> Job:
        """The layout of that id, a new one if there is none or it was cancelled or failed.

        Args:
            job_id: names the content and the parameters.
            parameters: of the layout.
            read: gives the matrix and the labels when it is the job's turn.

        Raises:
            TooManyJobs: see there.
        """
        return self.enter(job_id, lambda: Job(job_id, parameters, read))

    def enter(self, job_id: str, make: Callable[[], Job]) -> Job:
        """The job of that id, made if there is none that runs or is done. Raises what `start` does."""
        found = self.find(job_id)
        if found is not None and found.state not in ("failed", "cancelled"):
            return found
        with self._lock:
            if sum(job.state not in FINAL for job in self._jobs.values()) >= MOST_RUNNING + MOST_WAITING:
                raise TooManyJobs
            job = self._jobs[job_id] = make()
            if self._watching is None:
                self._watching = threading.Thread(target=self._watch, name="layouts", daemon=True)
                self._watching.start()
        return job

    def _watch(self) -> None:
        """Starts what waits, cancels what nobody asks about, forgets what is too much; ends when all have."""
        while True:
            with self._lock:
                jobs = list(self._jobs.values())
                open_ = [job for job in jobs if job.state not in FINAL]
                self._forget(jobs)
                if not open_:
                    self._watching = None
                    return
            for job in open_:
                if time.monotonic() - job.asked_s > self._grace_s:
                    job.cancel()
            running = sum(job.state in ("reading", "running") for job in open_)
            for job in open_:
                if job.state == "queued" and running < MOST_RUNNING:
                    job.begin()
                    running += 1
            time.sleep(_TICK_S)

    def _forget(self, jobs: list[Job]) -> None:
        """Drops finished jobs, those used longest ago first."""
        total = sum(job.nbytes for job in jobs)
        finished = [job for job in jobs if job.state in FINAL]
        for job in finished[:-1]:
            if total > CACHE_BYTES or len(finished) > 256:
                total -= job.nbytes
                del self._jobs[job.id]
