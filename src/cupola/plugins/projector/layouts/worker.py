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
import threading
from io import RawIOBase
from pathlib import Path
from typing import IO, Any, Final

import numpy as np

from cupola.columns import encode_columns
from cupola.plugins.projector.layouts.fit import Fit
from cupola.plugins.projector.layouts.parameters import Parameters
from cupola.plugins.projector.layouts.quality import as_document

_NICENESS: Final = 10
"""Training and the server come first."""


def run(commands: RawIOBase, answers: IO[bytes]) -> None:
    """Computes the layout that the first line of `commands` asks for."""
    task = json.loads(commands.readline())
    going = threading.Event()
    going.set()
    fit: Fit | None = None

    def obey() -> None:
        for line in commands:
            word = line.strip()
            if word == b"perturb" and fit is not None:
                fit.perturb()
            elif word in (b"pause", b"resume"):
                (going.set if word == b"resume" else going.clear)()
        os._exit(0)  # the server is gone, or wants no more

    threading.Thread(target=obey, daemon=True).start()

    def tell(**message: Any) -> None:
        data = encode_columns(message)
        answers.write(len(data).to_bytes(8, "little") + data)
        answers.flush()

    shape = tuple(task["shape"])
    matrix = (
        np.memmap(task["matrix"], np.float32, "r", shape=shape) if math.prod(shape) else np.zeros(shape, "f4")
    )
    labels = np.fromfile(task["labels"], np.int32) if task["labels"] else None
    if os.name == "posix":  # what is open stays readable, so nothing is left behind if this is killed
        for path in (task["matrix"], task["labels"]):
            if path:
                Path(path).unlink(missing_ok=True)
    parameters = Parameters(task["method"], task["parameters"])
    try:
        fit = Fit(matrix, parameters, labels, lambda stage, share: tell(stage=stage, share=share))
    except ValueError as error:
        tell(error=str(error))
        return
    prepared = fit.prepared
    tell(
        rows=None if len(prepared.rows) == len(matrix) else prepared.rows.astype(np.int32),
        finite=prepared.finite,
        variance=prepared.variance,
    )
    for frame in fit.frames(going.wait):
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


def main() -> None:
    """Runs the task of standard input. What libraries print goes to standard error."""
    with contextlib.suppress(OSError, AttributeError):
        os.nice(_NICENESS)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    # Unbuffered, since a thread still reads when the interpreter ends.
    run(os.fdopen(os.dup(0), "rb", buffering=0), answers)


if __name__ == "__main__":
    main()
