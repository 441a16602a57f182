"""Remote directories: `s3://bucket/run`, `gs://`, `az://` and whatever else fsspec knows.

Object stores cannot append. So events go to a local spool, by the same native writer as ever, and a thread
of this module copies what has grown: whole objects, small ones, since an event file ends and another begins
when it is large enough. While the connection is lost the spool grows and nothing is lost.
"""

from __future__ import annotations

import contextlib
import os
import queue
import re
import shutil
import tempfile
import time
import weakref
from _thread import start_new_thread
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path

from cupola import _codec
from cupola.writer import notices, process_hooks
from cupola.writer.event_writer import EventWriter
from cupola.writer.patience import Patience

INTERVAL_S = 5.0
"""How often grown files are copied. Each copy is a request that costs money."""

LONGEST_PAUSE_S = 15.0
"""Between attempts while the connection is lost."""

LARGE_BYTES = 8 << 20
"""An event file of this size is followed by another."""


class Uploader:
    """Copies a spool directory to a URL, from a thread of its own.

    Forked children write into the same spool, and the parent copies their files too.

    A call may come from anywhere: from a signal handler or a finalizer that Python runs within another call,
    on the copying thread too. So no caller holds a lock, as with `EncodeQueue` and by the same means: what is
    asked of the thread is a job of the codec's `JobQueue`, and who waits is woken by a bell of its own.
    """

    def __init__(self, url: str, interval_s: float = INTERVAL_S) -> None:
        """Makes the spool; the connection comes with the first copy.

        Raises:
            ImportError: fsspec, or what it needs for this kind of URL, is not installed.
            ValueError: fsspec knows no such kind.
        """
        try:
            import fsspec
        except ImportError as error:
            raise ImportError(f"{url} needs fsspec: pip install fsspec") from error
        self.url = url.rstrip("/")
        self._system, self._root = fsspec.core.url_to_fs(self.url)
        self.spool = Path(tempfile.mkdtemp(prefix="cupola-spool-"))
        self._interval_s = self._pause_s = interval_s
        self._files: process_hooks.Living[EventWriter] = process_hooks.Living()
        self._sent: dict[Path, tuple[int, int]] = {}
        self._warned = False
        self._process = os.getpid()
        self._reset()
        weakref.finalize(self, _remove, self.spool, self._process).atexit = False
        process_hooks.register_uploader(self)

    def _reset(self) -> None:
        self._jobs = _codec.JobQueue(0)
        self._new_job: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._bells: deque[queue.SimpleQueue[None]] = deque()
        """Of those who wait for a job to be done."""
        self._answered = 0
        """So many jobs were there when the last copy began, which does for all of them."""
        self._copied = 0
        self._complete = True

    def spooled(self, url: str) -> Path:
        """Where a directory below the URL lies in the spool."""
        return self.spool / str(url).removeprefix(self.url).lstrip("/")

    def add(self, file: EventWriter) -> None:
        """Copies what this writes from now on."""
        self._files.add(file)
        if self._process == os.getpid():
            self._ask(_start)

    def download(self, names: Iterable[str]) -> None:
        """Brings remote files into the spool, those that there are and that the spool lacks."""
        for name in names:
            target = self.spool / name
            if not target.exists():
                with contextlib.suppress(Exception):
                    data = self._system.cat_file(f"{self._root}/{name}")
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(data)

    def flush(self, patience: Patience | None = None) -> bool:
        """True once everything that is in the spool is copied; False if that fails, or `patience` (ten
        seconds if none is given) ends. Time in which files arrive costs none.
        """
        if self._process != os.getpid():
            return True
        jobs, copied, patience = self._jobs, self._copied, patience or Patience()
        has_thread = self._ask(self._copy_once)
        asked = jobs.submitted
        if jobs.is_worker:
            return False  # a finalizer's call within a copy: another copy comes after that
        if not has_thread:
            self._work()
        while True:
            bell: queue.SimpleQueue[None] = queue.SimpleQueue()
            self._bells.append(bell)
            if jobs.done >= asked or patience.is_over:
                break
            with contextlib.suppress(queue.Empty):
                bell.get(timeout=patience.slice_s)
            if self._copied != copied:
                copied = self._copied
                patience.credit_work(True)
        notices.show()
        return jobs.done >= asked and self._complete

    def after_fork(self) -> None:
        """In the child, which copies nothing."""
        self._reset()

    def at_exit(self, patience: Patience) -> None:
        """Copies everything, waiting for a lost connection; what remains stays in the spool."""
        if self._process != os.getpid():
            return
        while not self.flush(patience):
            if patience.is_over:
                notices.warn("not everything reached %s; the rest stays in %s", self.url, self.spool)
                return
            time.sleep(min(0.5, patience.left_s))
        shutil.rmtree(self.spool, ignore_errors=True)

    # Copying: by one thread at a time

    def _copy_once(self) -> None:
        """Copies what has grown, unless a copy has begun since the call that asked for this one."""
        if self._jobs.done >= self._answered:
            self._answered = self._jobs.submitted
            self._copy()

    def _copy(self) -> None:
        self._complete = False  # also if an interrupt ends it
        current = {Path(file.path): file for file in self._files}
        failures = [error for path in self._spooled() if (error := self._try_copy(path, current.get(path)))]
        self._complete = not failures
        self._pause_s = min(2 * self._pause_s, LONGEST_PAUSE_S) if failures else self._interval_s
        if failures and not self._warned:
            self._warned = True
            notices.warn(
                "cannot copy to %s: %s. Training goes on; events wait in %s (warned once)",
                self.url,
                failures[0],
                self.spool,
            )

    def _spooled(self) -> list[Path]:
        walk = os.walk(self.spool)
        return sorted(Path(at, name) for at, _, names in walk for name in names if not name.startswith("."))

    def _try_copy(self, path: Path, writer: EventWriter | None) -> Exception | None:
        try:
            self._copy_file(path, writer)
        except FileNotFoundError:
            pass
        except Exception as error:  # whatever a library raises when the net is gone
            return error
        return None

    def _copy_file(self, path: Path, writer: EventWriter | None) -> None:
        status = path.stat()
        state = (status.st_size, status.st_mtime_ns)
        if self._sent.get(path) != state:
            with path.open("rb") as file:
                data = file.read(status.st_size)
            self._system.pipe_file(f"{self._root}/{path.relative_to(self.spool).as_posix()}", data)
            self._sent[path] = state
            self._copied += 1
        if writer is not None and status.st_size >= LARGE_BYTES:
            writer.close()  # the next event begins another file
        elif writer is None and self._is_ours(path) and path.stat().st_size == status.st_size:
            path.unlink()
            del self._sent[path]

    def _is_ours(self, path: Path) -> bool:
        """Whether this process wrote the event file; a child might still be at its own."""
        return re.search(rf"\.\d{{6}}\.{self._process}(?!\d)", path.name) is not None

    # The thread

    def _ask(self, job: Callable[[], None]) -> bool:
        """Whether there is a thread to do it."""
        return bool(self._jobs.put(job, 0, self._new_job.put, lambda: start_new_thread(self._run, ()), True))

    def _run(self) -> None:
        notices.in_background()
        jobs, new_job = self._jobs, self._new_job
        while True:
            last = not list(self._files)
            try:
                new_job.get(timeout=self._pause_s)
            except queue.Empty:
                jobs.put(self._copy_once, 0, new_job.put, None, True)
            with contextlib.suppress(BaseException):  # of a library: the next copy is tried all the same
                self._work()
            if last and self._complete and jobs.retire():
                return

    def _work(self) -> None:
        """Does what is asked, unless another thread is at it, which then goes on with that."""
        while self._jobs.waiting:
            with self._jobs.turn() as job:
                if job is None:
                    return
                job()
            self._jobs.interrupted()  # forgotten: `_complete` says so
            with contextlib.suppress(IndexError):
                while True:
                    self._bells.popleft().put(None)


def _start() -> None:
    """A job that only has the thread start, which copies after its first pause."""


def _remove(spool: Path, process: int) -> None:
    if os.getpid() == process:
        shutil.rmtree(spool, ignore_errors=True)
