"""One layout being computed in a process of its own, as the server sees it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, ClassVar, Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

import cupola
from cupola.columns import decode_columns
from cupola.plugins.projector.layouts.parameters import Parameters

State: TypeAlias = Literal["queued", "reading", "running", "paused", "done", "failed", "cancelled"]

FINAL: Final = frozenset({"done", "failed", "cancelled"})

_HOME: Final = str(Path(cupola.__file__).parent.parent)


class Job:
    """A layout's state and newest frame. Attributes may be read from any thread.

    What else is computed in such a process is a class of its own: it says which module works (`worker`),
    what it is told to do (`_task`) and what becomes of its messages (`_take`).

    Args:
        job_id: names content and parameters.
        parameters: of the layout.
        read: gives the N×D matrix and N codes of labels or None; called in the job's thread.
    """

    worker: ClassVar = "cupola.plugins.projector.layouts.worker"

    def __init__(
        self,
        job_id: str,
        parameters: Parameters,
        read: Callable[[], tuple[NDArray[np.float32], NDArray[np.int32] | None]],
    ) -> None:
        self.id = job_id
        self.parameters = parameters
        self.state: State = "queued"
        self.error = ""
        self.asked_s = time.monotonic()
        self.news = 0
        """Grows with every change, so that a page can ask for what comes after the one it has."""
        self.said: dict[str, Any] = {}
        """What the process said last, by name: stage, share, iteration, of, loss, per_s, finite, variance."""
        self.rows: NDArray[np.int32] | None = None
        """Indices of the points that are fitted; None: all."""
        self.coordinates: list[NDArray[np.float32]] = []
        """Of the fitted points, an array for each dimension."""
        self._read = read
        self._changing = threading.Lock()
        self._telling = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def nbytes(self) -> int:
        """Bytes of memory."""
        return sum(column.nbytes for column in self.coordinates) + (
            0 if self.rows is None else self.rows.nbytes
        )

    def begin(self) -> None:
        """Reads the matrix and starts the process, in a thread."""
        if self._change("reading", ("queued",)):
            threading.Thread(target=self._run, name=f"layout {self.id}", daemon=True).start()

    def pause(self) -> None:
        """Stops before the next iteration."""
        if self._change("paused", ("running",)):
            self._tell(b"pause")

    def resume(self) -> None:
        """Goes on after `pause`."""
        if self._change("running", ("paused",)):
            self._tell(b"resume")

    def perturb(self) -> None:
        """Moves every point a little at random."""
        self._tell(b"perturb")

    def cancel(self) -> None:
        """Ends the process."""
        if self._change("cancelled", ("queued", "reading", "running", "paused")) and self._process:
            self._process.kill()

    def _change(self, to: State, of: tuple[State, ...]) -> bool:
        with self._changing:
            if self.state not in of:
                return False
            self.state = to
            self.news += 1
            return True

    def _tell(self, word: bytes) -> None:
        process = self._process
        if process is not None and process.stdin is not None:
            with self._telling, contextlib.suppress(OSError, ValueError):  # it ended meanwhile
                process.stdin.write(word + b"\n")
                process.stdin.flush()

    def _run(self) -> None:
        with tempfile.TemporaryDirectory(prefix="cupola-layout-", ignore_cleanup_errors=True) as folder:
            try:
                task = self._task(Path(folder))
                with open(Path(folder) / "errors", "w+b") as errors:
                    self._watch(task, errors)
            except Exception as error:  # files that are gone or damaged, no room for a copy
                self._fail(f"{type(error).__name__}: {error}" if isinstance(error, OSError) else str(error))

    def _task(self, folder: Path) -> bytes:
        """Writes matrix and labels where the process maps them, and says what to do with them."""
        matrix, labels = self._read()
        path = folder / "matrix"
        np.ascontiguousarray(matrix, "<f4").tofile(path)
        if labels is not None:
            np.ascontiguousarray(labels, "<i4").tofile(folder / "labels")
        task = {
            "matrix": str(path),
            "shape": list(matrix.shape),
            "labels": None if labels is None else str(folder / "labels"),
            "method": self.parameters.method,
            "parameters": dict(self.parameters.values),
        }
        return json.dumps(task).encode() + b"\n"

    def _watch(self, task: bytes, errors: IO[bytes]) -> None:
        process = subprocess.Popen(
            [sys.executable, "-m", self.worker],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            cwd=_HOME,  # whose modules are found first, and not what lies where the server was started
            env=os.environ | {"PYTHONPATH": os.pathsep.join([_HOME, *filter(None, sys.path)])},
        )
        with process:
            self._process = process
            if not self._change("running", ("reading",)):  # cancelled meanwhile
                process.kill()
            assert process.stdin is not None and process.stdout is not None
            with contextlib.suppress(OSError):
                process.stdin.write(task)
                process.stdin.flush()
            while len(head := process.stdout.read(8)) == 8:
                size = int.from_bytes(head, "little")
                data = process.stdout.read(size)
                if len(data) == size:
                    self._take(decode_columns(data))
            code = process.wait()
        if self.state in FINAL:
            return
        if code == 0 and not self.error and self._is_complete():
            self._change("done", ("running", "paused"))
            return
        errors.seek(0)
        last = errors.read()[-2000:].decode("utf-8", "replace").strip().splitlines()
        self._fail(self.error or _reason(code, last[-1] if last else ""))

    def _is_complete(self) -> bool:
        """Whether a process that ended as it should has said all."""
        return bool(self.said.get("iteration") == self.said.get("of"))

    def _take(self, message: dict[str, Any]) -> None:
        with self._changing:
            self.error = message.pop("error", self.error)
            if "rows" in message:
                self.rows = message.pop("rows")
            if "coordinates" in message:
                self.coordinates = message.pop("coordinates")
                self.said = {name: self.said[name] for name in ("finite", "variance") if name in self.said}
            self.said = self.said | message
            self.news += 1

    def _fail(self, reason: str) -> None:
        self.error = reason
        self._change("failed", ("reading", "running", "paused"))


def _reason(code: int, last_words: str) -> str:
    """Why a process ended that should not have."""
    if code < 0:
        name = signal.Signals(-code).name if -code in set(signal.Signals) else str(-code)
        hint = "; memory may have run out: choose fewer points" if name == "SIGKILL" else ""
        return f"the layout's process was ended by {name}{hint}"
    return f"the layout's process ended with status {code}: {last_words}"
