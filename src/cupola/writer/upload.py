"""Remote directories: `s3://bucket/run`, `gs://`, `az://` and whatever else fsspec knows.

Object stores cannot append. So events go to a local spool, by the same native writer as ever, and a thread
of this module copies what has grown: whole objects, small ones, since an event file ends and another begins
when it is large enough. While the connection is lost the spool grows and nothing is lost.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import shutil
import tempfile
import threading
import time
import weakref
from collections.abc import Iterable, Iterator
from pathlib import Path

from cupola.writer import process_hooks
from cupola.writer.event_writer import EventWriter
from cupola.writer.patience import Patience

logger = logging.getLogger("cupola")

INTERVAL_S = 5.0
"""How often grown files are copied. Each copy is a request that costs money."""

LONGEST_PAUSE_S = 15.0
"""Between attempts while the connection is lost."""

LARGE_BYTES = 8 << 20
"""An event file of this size is followed by another."""


class Uploader:
    """Copies a spool directory to a URL, from a thread of its own.

    Forked children write into the same spool, and the parent copies their files too.
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
            raise ImportError(f"{url} needs fsspec: pip install 'cupola[remote]'") from error
        self.url = url.rstrip("/")
        self._system, self._root = fsspec.core.url_to_fs(self.url)
        self.spool = Path(tempfile.mkdtemp(prefix="cupola-spool-"))
        self._interval_s = interval_s
        self._files: weakref.WeakSet[EventWriter] = weakref.WeakSet()
        self._sent: dict[Path, tuple[int, int]] = {}
        self._warned = False
        self._process = os.getpid()
        self._reset()
        weakref.finalize(self, _remove, self.spool, self._process).atexit = False
        process_hooks.register_uploader(self)

    def _reset(self) -> None:
        self._condition = threading.Condition()
        self._copying = threading.Lock()
        self._running = False
        self._asked = 0
        self._answered = 0
        self._copied = 0
        self._complete = True

    def spooled(self, url: str) -> Path:
        """Where a directory below the URL lies in the spool."""
        return self.spool / str(url).removeprefix(self.url).lstrip("/")

    def add(self, file: EventWriter) -> None:
        """Copies what this writes from now on."""
        self._files.add(file)
        with self._condition:
            self._start()

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
        patience = patience or Patience()
        with self._condition:
            self._asked += 1
            asked, copied = self._asked, self._copied
            if not self._start():
                return self.copy()
            self._condition.notify_all()
            while self._answered < asked and not patience.is_over:
                self._condition.wait(patience.slice_s)
                if self._copied != copied:
                    copied = self._copied
                    patience.credit_work(True)
            return self._answered >= asked and self._complete

    def after_fork(self) -> None:
        """In the child, which copies nothing."""
        self._reset()

    def at_exit(self, patience: Patience) -> None:
        """Copies everything, waiting for a lost connection; what remains stays in the spool."""
        if self._process != os.getpid():
            return
        while not self.flush(patience):
            if patience.is_over:
                logger.warning("not everything reached %s; the rest stays in %s", self.url, self.spool)
                return
            time.sleep(min(0.5, patience.left_s))
        shutil.rmtree(self.spool, ignore_errors=True)

    def copy(self) -> bool:
        """Copies what has grown or changed; False if something could not be."""
        complete = True
        with self._copying:
            current = {Path(file.path): file for file in list(self._files)}
            for path in sorted(self._spooled_files()):
                try:
                    self._copy_file(path, current.get(path))
                except FileNotFoundError:
                    continue
                except Exception as error:  # whatever a library raises when the net is gone
                    complete = False
                    if not self._warned:
                        self._warned = True
                        logger.warning(
                            "cannot copy to %s: %s. Training goes on; events wait in %s (warned once)",
                            self.url,
                            error,
                            self.spool,
                        )
        return complete

    def _spooled_files(self) -> Iterator[Path]:
        return (path for path in self.spool.rglob("*") if path.is_file() and not path.name.startswith("."))

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

    def _start(self) -> bool:
        if self._running or self._process != os.getpid():
            return self._running
        try:
            threading.Thread(target=self._run, name="cupola-upload", daemon=True).start()
        except RuntimeError:  # the interpreter ends
            return False
        self._running = True
        return True

    def _run(self) -> None:
        condition, pause_s = self._condition, self._interval_s
        while True:
            with condition:
                condition.wait_for(lambda: self._asked > self._answered, pause_s)
                asked = self._asked
            last = not self._files
            complete = self.copy()
            pause_s = self._interval_s if complete else min(2 * pause_s, LONGEST_PAUSE_S)
            with condition:
                self._answered, self._complete = asked, complete
                condition.notify_all()
                if complete and last and self._asked == asked:
                    self._running = False
                    return


def _remove(spool: Path, process: int) -> None:
    if os.getpid() == process:
        shutil.rmtree(spool, ignore_errors=True)
