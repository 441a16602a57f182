"""What logging costs the training loop, and all threads together: cupola, tensorboardX and torch's writer
in turn.

CPU time, since the machine may be busy: of the calling thread (`caller`), and of the whole process from
opening
the writer until it is closed (`all`). Each figure is the median of rounds in which the writers take turns.
"""

from __future__ import annotations

import gc
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

ROUNDS = 5


class Cost(NamedTuple):
    """Seconds of CPU per call."""

    caller: float
    all: float


def cupola(directory: str) -> Any:
    from cupola import SummaryWriter

    return SummaryWriter(directory)


def tensorboardx(directory: str) -> Any:
    from tensorboardX import SummaryWriter

    return SummaryWriter(directory)


def torch_writer(directory: str) -> Any:
    from torch.utils.tensorboard import SummaryWriter

    return SummaryWriter(directory)


def cost(make: Callable[[str], Any], call: Callable[[Any, int], None], count: int) -> Cost:
    """CPU time of one round: `count` times `call(writer, step)`, without the empty loop."""
    gc.collect()
    with tempfile.TemporaryDirectory() as directory:
        steps = range(count)
        began = time.thread_time()
        for step in steps:
            _nothing(None, step)
        loop = time.thread_time() - began
        everyone = time.process_time()
        writer = make(directory)
        began = time.thread_time()
        for step in steps:
            call(writer, step)
        caller = time.thread_time() - began
        writer.close()
        everyone = time.process_time() - everyone
    return Cost((caller - loop) / count, (everyone - loop) / count)


def _nothing(writer: Any, step: int) -> None:
    pass


def compare(call: Callable[[Any, int], None], writers: dict[Callable[[str], Any], int]) -> list[Cost]:
    """Medians of each writer's cost; `writers` says how many calls each makes in a round."""
    costs: dict[Callable[[str], Any], list[Cost]] = {make: [] for make in writers}
    for make in writers:
        cost(make, call, 3)  # imports, first buffers
    for _ in range(ROUNDS):
        for make, count in writers.items():
            costs[make].append(cost(make, call, count))
    return [
        Cost(statistics.median(c.caller for c in all_), statistics.median(c.all for c in all_))
        for all_ in costs.values()
    ]


def row(
    name: str, ours: float, peer: float | None, unit: str, goal: str, most: float = 0.0, ratio: float = 0.0
) -> dict[str, Any]:
    """One measured line: reached if `ours` is at most `most` (if given) and the peer's at least `ratio` as
    much.
    """
    times = None if peer is None else peer / ours
    reached = (not most or ours <= most) and (not ratio or (times is not None and times >= ratio))
    return {
        "name": name,
        "cupola": ours,
        "peer": peer,
        "ratio": times,
        "unit": unit,
        "goal": goal,
        "reached": reached,
    }


def run() -> list[dict[str, Any]]:
    """All rows."""
    return [*scalar_rows(), *picture_rows(), import_row()]


def scalar_rows() -> list[dict[str, Any]]:
    """Numbers, in microseconds."""
    import torch

    tensor, group = torch.tensor(0.5), {"a": 0.1, "b": 0.2, "c": 0.3}
    us = 1e6
    plain, x, t = compare(
        lambda writer, step: writer.add_scalar("loss", 0.5, step),
        {cupola: 200_000, tensorboardx: 2000, torch_writer: 2000},
    )
    zero_d, zero_d_x = compare(
        lambda writer, step: writer.add_scalar("loss", tensor, step), {cupola: 50_000, tensorboardx: 2000}
    )
    three, three_x = compare(
        lambda writer, step: writer.add_scalars("g", group, step), {cupola: 50_000, tensorboardx: 1000}
    )
    return [
        row(
            "add_scalar, caller, tensorboardX",
            plain.caller * us,
            x.caller * us,
            "µs",
            "≤ 0.25, ≥ 20×",
            0.25,
            20,
        ),
        row("add_scalar, all threads, tensorboardX", plain.all * us, x.all * us, "µs", "≥ 100×", 0, 100),
        row("add_scalar, all threads, torch", plain.all * us, t.all * us, "µs", ""),
        row("add_scalar of a 0-d tensor, caller", zero_d.caller * us, zero_d_x.caller * us, "µs", "≤ 1", 1.0),
        row("add_scalars of 3, caller", three.caller * us, three_x.caller * us, "µs", "≤ 2", 2.0),
    ]


def picture_rows() -> list[dict[str, Any]]:
    """Large things, in milliseconds."""
    import torch

    rng = np.random.default_rng(0)
    values = rng.normal(size=1_000_000).astype(np.float32)
    image = rng.random((3, 224, 224), np.float32)
    points, pictures = (
        rng.normal(size=(1000, 128)).astype(np.float32),
        rng.random((1000, 1, 28, 28), np.float32),
    )
    label_img = torch.from_numpy(pictures)
    ms = 1e3
    peers: dict[Callable[[str], Any], int] = {cupola: 10, tensorboardx: 4, torch_writer: 4}
    histogram, histogram_x, _ = compare(lambda w, step: w.add_histogram("h", values, step), peers)
    picture, _, picture_t = compare(lambda w, step: w.add_image("i", image, step), peers)
    embedding, embedding_x = compare(
        lambda w, step: w.add_embedding(points, list(range(1000)), label_img, step),
        {cupola: 2, tensorboardx: 1},
    )
    return [
        row("add_histogram of 1e6, caller", histogram.caller * ms, histogram_x.caller * ms, "ms", "≤ 5", 5.0),
        row("add_histogram of 1e6, all threads", histogram.all * ms, histogram_x.all * ms, "ms", ""),
        row("add_image 3×224×224, caller", picture.caller * ms, picture_t.caller * ms, "ms", "≤ 0.5", 0.5),
        row(
            "add_image 3×224×224, all threads, torch",
            picture.all * ms,
            picture_t.all * ms,
            "ms",
            "≥ 4×",
            0,
            4,
        ),
        row(
            "add_embedding 1000×128, caller",
            embedding.caller * ms,
            embedding_x.caller * ms,
            "ms",
            "≤ 20",
            20.0,
        ),
    ]


def import_row() -> dict[str, Any]:
    """`from … import SummaryWriter`, NumPy included, in seconds of CPU beyond a bare interpreter."""

    def seconds(statement: str) -> float:
        code = f"import time; began = time.process_time(); {statement}; print(time.process_time() - began)"
        done = [
            subprocess.run([sys.executable, "-c", code], capture_output=True, check=True) for _ in range(3)
        ]
        return statistics.median(float(one.stdout) for one in done)

    ours = seconds("from cupola import SummaryWriter")
    peer = seconds("from tensorboardX import SummaryWriter")
    return row("import of SummaryWriter", ours, peer, "s", "≤ 0.2", 0.2)


if __name__ == "__main__":
    for line in run():
        peer = "" if line["peer"] is None else f"{line['peer']:10.3f} {line['ratio']:8.1f}×"
        mark = "" if not line["goal"] else "reached" if line["reached"] else "MISSED"
        print(f"{line['name']:40} {line['cupola']:9.3f} {peer} {line['unit']:3} {line['goal']:15} {mark}")
