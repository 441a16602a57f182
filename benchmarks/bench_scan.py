"""What reading event files costs: cupola, rustboard (TensorBoard's fast reader) and plain reading, in turn.

CPU time of whole processes or of this one, since the machine may be busy. Every point is kept by both sides,
and cupola checks every CRC, rustboard none. Each figure is the median of rounds in which all take turns.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from cupola._codec import EventWriter, Scanner

ROUNDS = 5
SHAPES = {"1 run × 1 tag": (1, 1, 1_000_000), "20 runs × 20 tags": (20, 20, 5000)}
"""Runs, tags of each, steps of each tag."""

INDEX = """
import sys, time
import numpy
from cupola.index.local import LocalProvider
from cupola.plugins import plugins
claims = plugins().values()
time.sleep(0.3)  # the threads of NumPy's BLAS spin for a moment after its import
began = time.process_time()
provider = LocalProvider(sys.argv[1], claims)
provider.load()
print(time.process_time() - began, sum(info.count for info in provider.series()))
"""


class Cost(NamedTuple):
    """Of reading a log directory once."""

    cpu_s: float
    peak_bytes: float = 0


def write(logdir: Path, runs: int, tags: int, steps: int) -> int:
    """Logs scalars and returns how many."""
    for run in range(runs):
        writer = EventWriter(os.fsencode(logdir / f"run{run:02}"))
        names = [f"train/metric_{tag:02}" for tag in range(tags)]
        for step in range(steps):
            for name in names:
                if not writer.scalar(name, step * 0.001, step, 1.7e9 + step):
                    raise RuntimeError("the writer refused a point")
        writer.close()
    return runs * tags * steps


def by_scanner(logdir: Path) -> Cost:
    """The codec alone: columns of every file, dropped at once."""
    began = time.process_time()
    points = 0
    for path in logdir.rglob("*tfevents*"):
        scanner = Scanner(str(path))
        while True:
            chunk = scanner.scan(1 << 20)  # its columns stay in the allocator's hands from chunk to chunk
            points += sum(len(series.step) for series in chunk.series)
            if chunk.at_end:
                break
    cost = Cost(time.process_time() - began)
    _expect(points, logdir)
    return cost


def by_index(logdir: Path) -> Cost:
    """All of cupola's reading, all threads, in a process of its own; without starting Python and NumPy."""
    command = [sys.executable, "-c", INDEX, str(logdir)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        cpu_s, points = process.stdout.read().split()
        _, process.returncode, usage = os.wait4(process.pid, 0)
    _expect(int(points), logdir)
    return Cost(float(cpu_s), usage.ru_maxrss * 1024)


def by_rustboard(logdir: Path) -> Cost:
    """TensorBoard's data server from its start until it has loaded everything once."""
    import tensorboard_data_server

    options = ["--reload", "once", "--samples-per-plugin", "scalars=all", "--port", "0", "-v"]
    command = [tensorboard_data_server.server_binary(), "--logdir", str(logdir), *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "Finished load cycle" in line:
                break
        else:
            raise RuntimeError("rustboard ended before it had loaded anything")
        fields = Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        status = Path(f"/proc/{process.pid}/status").read_text()
        process.kill()
    peak_kib = int(status.split("VmHWM:")[1].split()[0])
    return Cost((int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), peak_kib * 1024)


def by_reading(logdir: Path) -> Cost:
    """The bytes of every file through one small buffer: what no reader can be faster than."""
    began = time.process_time()
    block = bytearray(256 << 10)
    for path in logdir.rglob("*tfevents*"):
        with open(path, "rb", buffering=0) as file:
            while file.readinto(block):
                pass
    return Cost(time.process_time() - began)


def _expect(points: int, logdir: Path) -> None:
    wanted = int(logdir.name)
    if points != wanted:
        raise RuntimeError(f"{points} points were read; {wanted} were written")


def compare(logdir: Path, ways: list[Callable[[Path], Cost]]) -> list[Cost]:
    """Medians of each way's cost."""
    costs: dict[Callable[[Path], Cost], list[Cost]] = {way: [] for way in ways}
    for way in ways:
        way(logdir)  # the page cache, imports
    for _ in range(ROUNDS):
        for way in ways:
            costs[way].append(way(logdir))
    return [Cost(*(statistics.median(part) for part in zip(*all_, strict=True))) for all_ in costs.values()]


def row(name: str, ours: float, peer: float | None, unit: str, goal: str, reached: bool) -> dict[str, Any]:
    """One measured line."""
    times = None if peer is None else peer / ours
    return {
        "name": name,
        "cupola": ours,
        "peer": peer,
        "ratio": times,
        "unit": unit,
        "goal": goal,
        "reached": reached,
    }


def rows_of(shape: str, logdir: Path, points: int) -> list[dict[str, Any]]:
    """All lines of one log directory, per point."""
    scan, rustboard, index, plain = compare(logdir, [by_scanner, by_rustboard, by_index, by_reading])
    ns, mib = 1e9 / points, 1 << 20
    bytes_per_point = (index.peak_bytes - 80 * mib) / points

    def against(what: str, ours: float, peer: float, goal: str, ratio: float) -> dict[str, Any]:
        return row(f"{what}, {shape}", ours * ns, peer * ns, "ns CPU/point", goal, peer >= ratio * ours)

    return [
        against("scan to columns, rustboard", scan.cpu_s, rustboard.cpu_s, "≥ 25×", 25),
        against("load the index, rustboard", index.cpu_s, rustboard.cpu_s, "", 0),
        against("scan to columns, plain reading", scan.cpu_s, plain.cpu_s, "≤ 4 times as much", 0.25),
        row(
            f"memory of the index, rustboard, {shape}",
            index.peak_bytes / mib,
            rustboard.peak_bytes / mib,
            "MiB",
            "≤ 24 B/point + 80 MiB",
            bytes_per_point <= 24,
        ),
    ]


def run() -> list[dict[str, Any]]:
    """All rows."""
    rows = []
    for shape, (runs, tags, steps) in SHAPES.items():
        with tempfile.TemporaryDirectory() as directory:
            points = runs * tags * steps
            logdir = Path(directory, str(points))
            logdir.mkdir()
            write(logdir, runs, tags, steps)
            rows += rows_of(shape, logdir, points)
    return rows


def main() -> None:
    """Prints the rows."""
    for line in run():
        figures = f"{line['cupola']:9.1f} {line['peer']:9.1f} {line['unit']:13} {line['ratio']:7.2f}×"
        print(f"{line['name']:60} {figures}  {line['goal']:22} {'reached' if line['reached'] else 'missed'}")


if __name__ == "__main__":
    main()
