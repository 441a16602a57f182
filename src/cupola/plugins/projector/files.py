"""Writing below a log directory that others read and write at the same moment."""

from __future__ import annotations

import contextlib
import os
import threading
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from cupola.errors import DecodeError
from cupola.plugins.projector.config import FILE, Embedding, merge

LOCK_WAIT_S: Final = 10.0
"""How long the background thread waits for another writer's lock before it goes on without."""


def write_whole(path: Path, data: bytes | memoryview) -> None:
    """Puts a file in place in one step: a reader sees the old bytes or the new ones, never a part."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        draft.write_bytes(data)
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def add_to_config(logdir: Path, embedding: Embedding) -> None:
    """Lists an embedding in the directory's config: other writers' entries stay, the same one is replaced.

    A config that cannot be parsed is set aside under a name of its own, with a warning, and a new one begun.

    Raises:
        OSError: the directory cannot be written.
    """
    path = logdir / FILE
    with locked(logdir):
        try:
            old = path.read_bytes().decode("utf-8", "surrogateescape")
        except FileNotFoundError:
            old = ""
        try:
            text = merge(old, embedding)
        except DecodeError as error:
            aside = path.with_name(f"{FILE}.unreadable-{time.time_ns()}")
            path.replace(aside)
            text = merge("", embedding)
            warnings.warn(
                f"{path} could not be parsed ({error}); it lies in {aside.name} now and a new one is begun. "
                "Repair it and copy its entries back if you need them.",
                RuntimeWarning,
                stacklevel=2,
            )
        write_whole(path, text.encode("utf-8", "surrogateescape"))


@contextlib.contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Holds a directory's lock against other threads and processes, waiting at most `LOCK_WAIT_S`.

    The lock lies on the directory itself where the system can do that, so no file is left behind and a killed
    process lets go of it. Where it cannot (Windows, some network file systems), a lock file stands in.
    """
    try:
        import fcntl

        descriptor = os.open(directory, os.O_RDONLY)
    except (ImportError, PermissionError):
        with _lock_file(directory):
            yield
        return
    try:
        deadline = time.monotonic() + LOCK_WAIT_S
        while time.monotonic() < deadline:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                time.sleep(0.005)
            except OSError:  # no locks on this file system
                with _lock_file(directory):
                    yield
                return
        try:
            yield
        finally:
            # A child forked meanwhile shares the lock: closing alone would leave it to the child.
            with contextlib.suppress(OSError):
                fcntl.flock(descriptor, fcntl.LOCK_UN)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _lock_file(directory: Path) -> Iterator[None]:
    path = directory / f".{FILE}.lock"
    deadline = time.monotonic() + LOCK_WAIT_S
    held = False
    while not held and time.monotonic() < deadline:
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            held = True
        except FileExistsError:
            with contextlib.suppress(OSError):
                if time.time() - path.stat().st_mtime > LOCK_WAIT_S:  # its holder was killed
                    path.unlink()
            time.sleep(0.005)
        except OSError:
            break
    try:
        yield
    finally:
        if held:
            path.unlink(missing_ok=True)
