"""The process in which one layout is computed: `python -m cupola.plugins.projector.layouts.worker`.

Its standard input is a line of JSON, what to do, and then a line for each of `pause`, `resume`, `perturb`.
The input ends when the server does, whatever ended it, and the process with it. Its standard output is
messages: their length as a little-endian u64, then columns (`cupola.columns`).
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import queue
import threading
from collections.abc import Callable
from io import RawIOBase
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
from numpy.typing import NDArray

from cupola.columns import encode_columns
from cupola.plugins.projector.layouts.fit import Fit
from cupola.plugins.projector.layouts.parameters import Parameters
from cupola.plugins.projector.layouts.quality import as_document

_NICENESS: Final = 10
"""Training and the server come first."""


class Channel:
    """The server, as a process that computes for it sees it.

    Args:
        commands: lines; the first is the task, others are words or JSON objects.
        answers: takes messages.
    """

    def __init__(self, commands: RawIOBase, answers: IO[bytes]) -> None:
        self.task: dict[str, Any] = json.loads(commands.readline())
        self.perturb: Callable[[], Any] = lambda: None
        self._commands = commands
        self._answers = answers
        self._sent: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._going = threading.Event()
        self._going.set()
        threading.Thread(target=self._obey, daemon=True).start()

    def tell(self, **message: Any) -> None:
        """Sends a message, in which arrays may stand."""
        data = encode_columns(message)
        self._answers.write(len(data).to_bytes(8, "little") + data)
        self._answers.flush()

    def ask(self, **message: Any) -> dict[str, Any]:
        """Sends a question, and waits for the object that answers it."""
        self.tell(**message)
        return self._sent.get()

    def wait(self) -> None:
        """Returns when the work may go on."""
        self._going.wait()

    def _obey(self) -> None:
        for line in self._commands:
            word = line.strip()
            if word == b"perturb":
                self.perturb()
            elif word in (b"pause", b"resume"):
                (self._going.set if word == b"resume" else self._going.clear)()
            else:
                self._sent.put(json.loads(word))
        os._exit(0)  # the server is gone, or wants no more


def mapped(path: str | None, shape: tuple[int, ...], dtype: str) -> NDArray[Any] | None:
    """The array in a file that the server wrote for this process; None: it wrote none. What is open stays
    readable, so the file is removed at once and nothing is left behind if this process is killed.
    """
    if path is None:
        return None
    found: NDArray[Any] = (
        np.memmap(path, dtype, "r", shape=shape) if math.prod(shape) else np.zeros(shape, dtype)
    )
    if os.name == "posix":
        Path(path).unlink(missing_ok=True)
    return found


def run(channel: Channel) -> None:
    """Computes the layout that the task asks for."""
    task, tell = channel.task, channel.tell
    shape = tuple(task["shape"])
    matrix = mapped(task["matrix"], shape, "f4")
    assert matrix is not None
    labels = mapped(task["labels"], shape[:1], "i4")
    parameters = Parameters(task["method"], task["parameters"])
    try:
        fit = Fit(matrix, parameters, labels, lambda stage, share: tell(stage=stage, share=share))
    except ValueError as error:
        tell(error=str(error))
        return
    channel.perturb = fit.perturb
    prepared = fit.prepared
    tell(
        rows=None if len(prepared.rows) == len(matrix) else prepared.rows.astype(np.int32),
        finite=prepared.finite,
        variance=prepared.variance,
    )
    for frame in fit.frames(channel.wait):
        tell(
            iteration=frame.iteration,
            of=frame.of,
            loss=frame.loss if math.isfinite(frame.loss) else None,
            per_s=frame.per_s,
            coordinates=[np.ascontiguousarray(column) for column in frame.y.T],
        )
    tell(stage="quality")
    found = fit.quality(frame.y)
    tell(quality=as_document(found))


def serve(work: Callable[[Channel], Any]) -> None:
    """Does the task of standard input. What libraries print goes to standard error."""
    with contextlib.suppress(OSError, AttributeError):
        os.nice(_NICENESS)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    # Unbuffered, since a thread still reads when the interpreter ends.
    work(Channel(os.fdopen(os.dup(0), "rb", buffering=0), answers))


if __name__ == "__main__":
    serve(run)
