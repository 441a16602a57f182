"""What comes to the file and when: scalars beside pictures of 50 MB, the first point after a pause, and what
a program leaves that ends at once.
"""

from __future__ import annotations

import gc
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.bench_write import row

STEPS, EVERY = 2000, 500
POINTS = 20
ENDS = 10


def run() -> list[dict[str, Any]]:
    """All rows."""
    return [*grid_rows(), *first_point_rows(), *end_rows()]


def loaded(directory: str) -> tuple[int, int]:
    """How many scalars and pictures TensorBoard finds."""
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    log = EventAccumulator(directory, size_guidance={"scalars": 0, "images": 0}).Reload()
    tags = log.Tags()
    return (
        len(log.Scalars("loss")) if "loss" in tags["scalars"] else 0,
        len(log.Images("samples")) if "samples" in tags["images"] else 0,
    )


def grid_rows() -> list[dict[str, Any]]:
    """A scalar each step and, every 500 steps, a grid of 64 pictures whose PNG has 50 MB."""
    from cupola import SummaryWriter

    pictures = np.random.default_rng(0).integers(0, 256, (64, 3, 512, 512), dtype=np.uint8)
    with tempfile.TemporaryDirectory() as directory:
        gc.collect()
        writer, scalars_s = SummaryWriter(directory), 0.0
        for start in range(0, STEPS, EVERY):
            writer.add_images("samples", pictures, start)
            began = time.thread_time()
            for step in range(start, start + EVERY):
                writer.add_scalar("loss", 1.0, step)
            scalars_s += time.thread_time() - began
        writer.close()
        scalars, images = loaded(directory)
    lost_pictures, us = STEPS // EVERY - images, scalars_s / STEPS * 1e6
    return [
        _exact("scalars lost beside a 50 MB picture every 500 steps", STEPS - scalars, "of 2000"),
        _exact("pictures of 50 MB lost", lost_pictures, "of 4"),
        row("add_scalar beside them, caller", us, None, "µs", "≤ 0.25", 0.25),
    ]


def _exact(name: str, lost: int, unit: str) -> dict[str, Any]:
    made = row(name, lost, None, unit, "0")
    return {**made, "reached": lost == 0}


def first_point_rows() -> list[dict[str, Any]]:
    """From the call to the file, after a pause of a second, in milliseconds."""
    from cupola import SummaryWriter

    with tempfile.TemporaryDirectory() as directory, SummaryWriter(directory) as writer:
        writer.flush()
        (path,) = Path(directory).iterdir()
        waits = []
        for step in range(POINTS):
            time.sleep(1.0)
            size, began = path.stat().st_size, time.perf_counter()
            writer.add_scalar("x", 1.0, step)
            while path.stat().st_size == size:
                time.sleep(0.0001)
            waits.append((time.perf_counter() - began) * 1000)
    return [
        row("the first point after a pause, to the file", statistics.median(waits), None, "ms", "≤ 10", 10)
    ]


PROGRAM = """
import os, sys, time
from {module} import SummaryWriter
writer = SummaryWriter(sys.argv[1])
for step in range({count}):
    writer.add_scalar("loss", 0.5, step)
    {pause}
os._exit(0)
"""


def end_rows() -> list[dict[str, Any]]:
    """Of 1000 points logged in a row and of 200, one per 10 ms: what is in the file after `os._exit`."""
    rows = []
    for name, count, pause in (
        ("1000 points in a row", 1000, "pass"),
        ("200 points, one per 10 ms", 200, "time.sleep(0.01)"),
    ):
        left: dict[str, list[int]] = {"cupola": [], "torch.utils.tensorboard": []}
        for _ in range(ENDS if count == 1000 else 3):
            for module, found in left.items():
                with tempfile.TemporaryDirectory() as directory:
                    script = PROGRAM.format(module=module, count=count, pause=pause)
                    subprocess.run([sys.executable, "-c", script, directory], check=True)
                    found.append(loaded(directory)[0])
        ours, theirs = (statistics.median(found) for found in left.values())
        rows.append({**row(f"{name}, then os._exit: left", ours, None, "points", ""), "peer": theirs})
    return rows


if __name__ == "__main__":
    for line in run():
        print(line)
