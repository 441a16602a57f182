"""What a server costs while nothing happens, in turn with TensorBoard, and how late a new point is then.

CPU time is the scheduler's count (nanoseconds) over all threads and children of the server's process. Before
it is taken, servers have loaded and nobody has asked for long enough that they may rest.
"""

from __future__ import annotations

import statistics
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.bench_serve import CUPOLA, TENSORBOARD, Server, point, row, serving, write_logs

SETTLE_S = 20.0
MEASURE_S = 30.0
FILES = 1000
POINTS = 20


def run() -> list[dict[str, Any]]:
    """Rows {name, cupola, peer, ratio, unit, goal, reached}."""
    quiet = f"{FILES} quiet files"
    with tempfile.TemporaryDirectory() as large, tempfile.TemporaryDirectory() as small:
        write_logs(Path(large), runs=FILES, tags=2, steps=2)
        write_logs(Path(small), runs=2, tags=8, steps=1000)
        alone, theirs = idle_percent(CUPOLA, large), idle_percent(TENSORBOARD, large)
        few, theirs_few = idle_percent(CUPOLA, small), idle_percent(TENSORBOARD, small)
        page = idle_percent(CUPOLA, large, is_page_open=True)
        growing, first = latencies_ms(large)
    return [
        row(f"idle, {quiet}, nobody looks, CPU", alone, theirs, "% of a core", "≤ 0.1", alone <= 0.1),
        row("idle, 2 quiet files, nobody looks, CPU", few, theirs_few, "% of a core", "≤ 0.1", few <= 0.1),
        row(f"idle, {quiet}, a page open, CPU", page, None, "% of a core", "≤ 0.5", page <= 0.5),
        row(f"a new point beside {quiet} to the page", growing, None, "ms", "≤ 300", growing <= 300),
        row("the first one after a minute of silence", first, None, "ms", "", True),
    ]


def idle_percent(command: list[str], logdir: str, is_page_open: bool = False) -> float:
    """Percent of a core."""
    with serving(command, logdir) as server:
        server.ask("/api/catalog" if command is CUPOLA else "/data/runs")
        if is_page_open:
            with live_events(server):
                return measured(server)
        return measured(server)


def measured(server: Server) -> float:
    time.sleep(SETTLE_S)
    before_s, began_s = cpu_s(server.process.pid), time.monotonic()
    time.sleep(MEASURE_S)
    return 100 * (cpu_s(server.process.pid) - before_s) / (time.monotonic() - began_s)


def cpu_s(process: int) -> float:
    """CPU time of a process and its children so far, in seconds."""
    spent = 0.0
    for task in Path(f"/proc/{process}/task").iterdir():
        spent += int((task / "schedstat").read_text().split()[0]) / 1e9
        spent += sum(cpu_s(int(child)) for child in (task / "children").read_text().split())
    return spent


@contextmanager
def live_events(server: Server) -> Iterator[list[float]]:
    """The times at which changes arrive on a page's stream."""
    arrived: list[float] = []
    stream = urllib.request.urlopen(f"http://localhost:{server.port}/api/live?cursor=0", timeout=300)

    def read() -> None:
        while line := stream.readline():
            if line.startswith(b"data:"):
                arrived.append(time.monotonic())

    threading.Thread(target=read, daemon=True).start()
    try:
        yield arrived
    finally:
        stream.fp.raw._sock.shutdown(2)  # ends the thread's read


def latencies_ms(logdir: str) -> tuple[float, float]:
    """Median from a point in the file to the page's stream while the file grows; and of the first point after
    silence.
    """
    path = next((Path(logdir) / "run19").iterdir())
    with serving(CUPOLA, logdir) as server:
        server.ask("/api/catalog")
        with live_events(server) as arrived:
            time.sleep(65.0)
            waits = []
            for step in range(POINTS):
                seen = len(arrived)
                with path.open("ab") as file:
                    file.write(point("tag1", 2 + step))
                began = time.monotonic()
                while len(arrived) == seen:
                    time.sleep(0.001)
                waits.append((arrived[seen] - began) * 1000)
                time.sleep(0.237)
    return statistics.median(waits[1:]), waits[0]


if __name__ == "__main__":
    for line in run():
        print(line)
