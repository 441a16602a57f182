"""The threads that scan event files. Scanning releases the GIL, so one thread a core reads as fast as the
machine can.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterable

from cupola.index.event_file import EventFile


class ScanPool:
    """Threads and the queue they work off. Files that grew go before files that were never read.

    Args:
        scan: scans a piece of a file and takes in what it found; returns whether there is more. It may not
            raise.
        on_empty: called whenever the queue has run empty.
    """

    def __init__(self, scan: Callable[[EventFile], bool], on_empty: Callable[[], None]) -> None:
        self._scan = scan
        self._on_empty = on_empty
        self._grown: deque[EventFile] = deque()
        self._backlog: deque[EventFile] = deque()
        self._active = 0
        self._stopping = False
        self._changed = threading.Condition()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Starts a thread for each core that this process may use."""
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        with self._changed:  # `stop` joins threads that have begun
            self._stopping = False
            for index in range(cores):
                thread = threading.Thread(target=self._serve, name=f"cupola-scan-{index}", daemon=True)
                thread.start()
                self._threads.append(thread)

    def stop(self, timeout_s: float = 5.0) -> None:
        """Lets each thread finish its piece and end."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
            threads, self._threads = self._threads, []
        for thread in threads:
            thread.join(timeout_s)

    def submit(self, files: Iterable[EventFile], first: bool) -> None:
        """Queues files; `first` if they were read before and have grown. One that is being scanned is scanned
        once more after that.
        """
        with self._changed:
            for file in files:
                if file.busy:
                    file.rescan = True
                else:
                    file.busy = True
                    (self._grown if first else self._backlog).append(file)
                    self._changed.notify()

    def is_idle(self) -> bool:
        """Whether nothing is queued nor being scanned."""
        with self._changed:
            return self._is_empty()

    def _is_empty(self) -> bool:
        return not (self._active or self._grown or self._backlog)

    def drain(self) -> None:
        """Works in this thread until nothing is queued, then waits for the others."""
        while True:
            with self._changed:
                file = self._take()
                if file is None:
                    if not self._active:
                        break
                    self._changed.wait()
                    continue
            self._do(file)
        self._on_empty()

    def _serve(self) -> None:
        while True:
            with self._changed:
                while (file := self._take()) is None:
                    if self._stopping:
                        return
                    self._changed.wait()
                if self._stopping:
                    self._backlog.appendleft(file)
                    self._active -= 1
                    return
            self._do(file)

    def _take(self) -> EventFile | None:
        queue = self._grown or self._backlog
        if not queue:
            return None
        self._active += 1
        return queue.popleft()

    def _do(self, file: EventFile) -> None:
        file.rescan = False
        more = self._scan(file)
        with self._changed:
            self._active -= 1
            more |= file.rescan
            if more:
                # A long file that is read for the first time is finished before the next; one that grew takes
                # turns.
                if file.caught_up:
                    self._grown.append(file)
                else:
                    self._backlog.appendleft(file)
            else:
                file.busy = False
            empty = self._is_empty()
            if empty or more:
                self._changed.notify_all()
        if empty:
            self._on_empty()
