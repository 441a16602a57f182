"""What a person waits for on the server's side, in turn with TensorBoard: start, loading, a chart, a new
point.

Servers are processes of their own and are timed from outside over HTTP; rounds go A B A B, figures are
medians. TensorBoard runs with its fast reader (its default) and keeps all points, as cupola does.
"""

from __future__ import annotations

import compileall
import json
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np

import cupola

ROUNDS = 5
RUNS, TAGS, STEPS = 20, 20, 25_000
"""10 million points."""
WIDTH_PX = 800
PATIENCE_S = 60.0

CUPOLA = [sys.executable, "-m", "cupola"]
TENSORBOARD = [sys.executable, "-m", "tensorboard.main"]
KEEP_ALL = ["--samples_per_plugin", "scalars=10000000"]
"""TensorBoard's own word for it is 0, with which its API answers nothing (2.21.0)."""


def run() -> list[dict[str, Any]]:
    """Rows {name, cupola, peer, ratio, unit, goal, reached}."""
    compile_package()
    return [*start_rows(), *load_rows(), *chart_rows(), latency_row(), tick_row()]


def compile_package() -> None:
    """Writes cupola's bytecode, as an installer does (TensorBoard's lies there): a checkout whose environment
    says PYTHONDONTWRITEBYTECODE would be compiled anew by every start.
    """
    compileall.compile_dir(str(Path(cupola.__file__).parent), quiet=1)


def row(name: str, cupola: float, peer: float | None, unit: str, goal: str, reached: bool) -> dict[str, Any]:
    ratio = None if peer is None else round(peer / cupola, 2)
    peer = None if peer is None else round(peer, 4)
    return {
        "name": name,
        "cupola": round(cupola, 4),
        "peer": peer,
        "ratio": ratio,
        "unit": unit,
        "goal": goal,
        "reached": bool(reached),
    }


def start_rows() -> list[dict[str, Any]]:
    """From the command to the first answer, and to the list of runs, over an empty log directory."""
    questions = {"first answer": ("/", "/"), "list of runs": ("/api/catalog", "/data/runs")}
    rows = []
    with tempfile.TemporaryDirectory() as logdir:
        for name, paths in questions.items():
            times: list[list[float]] = [[], []]
            for _ in range(ROUNDS):
                for command, path, spent_s in zip((CUPOLA, TENSORBOARD), paths, times, strict=True):
                    with serving(command, logdir) as server:
                        server.ask(path)
                        spent_s.append(server.age_s())
            ours, theirs = map(statistics.median, times)
            goal = "≥ 8×" if name == "first answer" else ""
            title = f"start on an empty logdir to the {name}"
            rows.append(row(title, ours, theirs, "s", goal, not goal or theirs / ours >= 8))
    return rows


def load_rows() -> list[dict[str, Any]]:
    """From the command to the last step of the last run over HTTP; and what the points take in memory, beside
    the same server on an empty directory.
    """
    times: dict[str, list[float]] = {"cupola": [], "tensorboard": []}
    memory: dict[str, list[float]] = {"cupola": [], "tensorboard": []}
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as nothing:
        logdir = Path(folder)
        write_logs(logdir)
        question = {"tag": "tag19", "runs": ["run19"], "width": 10}
        for _ in range(3):
            with serving(CUPOLA, folder) as server:
                while json.loads(server.ask("/api/catalog"))["loading"] is not False:
                    time.sleep(0.005)
                assert f'"last_step":{STEPS - 1}'.encode() in server.ask("/api/scalars/data", question)
                times["cupola"].append(server.age_s())
                memory["cupola"].append(server.memory_bytes())
            with serving(CUPOLA, nothing) as server:
                server.ask("/api/catalog")
                memory["cupola"][-1] -= server.memory_bytes()
            with serving([*TENSORBOARD, *KEEP_ALL], folder) as server:
                while last_step(server) != STEPS - 1:
                    time.sleep(0.02)
                times["tensorboard"].append(server.age_s())
                memory["tensorboard"].append(server.memory_bytes())
            with serving(TENSORBOARD, nothing) as server:
                server.ask("/data/runs")
                memory["tensorboard"][-1] -= server.memory_bytes()
    ours, theirs = (statistics.median(times[name]) for name in ("cupola", "tensorboard"))
    points = RUNS * TAGS * STEPS
    mine, peer = (statistics.median(memory[name]) / points for name in ("cupola", "tensorboard"))
    name = f"start to the last step over HTTP, {RUNS * TAGS * STEPS // 10**6} M points"
    return [
        row(name, ours, theirs, "s", "≥ 15×", theirs / ours >= 15),
        row("memory of the points, all kept", mine, peer, "B/point", "≤ 24", mine <= 24),
    ]


def chart_rows() -> list[dict[str, Any]]:
    """The answer for a chart of a series of 1 M points with 20 one-step spikes, in this process."""
    from cupola.columns import decode_columns
    from cupola.plugins.scalars import api
    from cupola.types import RunInfo, ScalarColumns

    value = np.random.default_rng(1).normal(size=1_000_000).astype(np.float32).cumsum()
    spikes = np.random.default_rng(2).choice(len(value), 20, replace=False)
    value[spikes] = 1e6
    steps = np.arange(len(value))
    columns = ScalarColumns(steps, 1.7e9 + steps / 10, value)

    class Provider:
        def runs(self, names: object) -> list[RunInfo]:
            return []

        def scalars(self, key: object) -> ScalarColumns:
            return columns

    question = {"tag": "loss", "runs": ["run"], "width": WIDTH_PX, "smoothing": 0.6}
    times, body = [], b""
    for _ in range(15):
        began = time.thread_time()
        body = bytes(api.data(Provider(), question).body)  # type: ignore[arg-type]
        times.append((time.thread_time() - began) * 1000)
    (series,) = decode_columns(body)["series"]
    shown = len(set(spikes) & set(series["step"].tolist()))
    cost_ms = statistics.median(times)
    return [
        row("chart of 1 M points, smoothed, server", cost_ms, None, "ms", "≤ 10", cost_ms <= 10),
        row(
            "chart of 1 M points, smoothed, answer", len(body) / 1000, None, "kB", "≤ 50", len(body) <= 50_000
        ),
        row("one-step spikes shown, of 20", shown, None, "", "20", shown == 20),
    ]


def latency_row() -> dict[str, Any]:
    """From a point in the file to the first answer that has it. cupola is asked every 2 ms, TensorBoard every
    20.
    """
    ours = new_points(CUPOLA, cupola_last_step, 20)
    theirs = new_points([*TENSORBOARD, *KEEP_ALL], last_step, 3)
    return row("a new point in the file to the API", ours, theirs, "ms", "≤ 150", ours <= 150)


def new_points(command: list[str], ask: Any, count: int) -> float:
    """Median milliseconds."""
    with tempfile.TemporaryDirectory() as folder:
        logdir = Path(folder)
        write_logs(logdir, runs=20, tags=20, steps=2)
        path = next((logdir / "run19").iterdir())
        latencies = []
        with serving(command, folder) as server:
            while ask(server) != 1:
                time.sleep(0.05)
            time.sleep(1)
            for step in range(2, 2 + count):
                time.sleep(0.137)  # not in step with anybody's clock
                with path.open("ab") as file:
                    file.write(point("tag19", step))
                began = time.monotonic()
                while ask(server) != step:
                    time.sleep(0.002 if command is CUPOLA else 0.02)
                latencies.append((time.monotonic() - began) * 1000)
    return statistics.median(latencies)


def tick_row() -> dict[str, Any]:
    """CPU of one look at 1000 quiet files, and of the rest of an idle server, from its process's clock."""
    from cupola.index.local import LocalProvider
    from cupola.index.watcher import Notified
    from cupola.plugins import plugins

    with tempfile.TemporaryDirectory() as folder:
        write_logs(Path(folder), runs=1000, tags=2, steps=2)
        provider = LocalProvider(folder, plugins().values())
        provider.load()
        ticks = []
        for _ in range(50):
            began = time.process_time()
            provider._follower._poll(Notified(), turn=True, walk=None)
            ticks.append((time.process_time() - began) * 1000)
    cost_ms = statistics.median(ticks)
    return row("a look at 1000 files, CPU", cost_ms, None, "ms", "≤ 3", cost_ms <= 3)


class Server:
    """A process that answers over HTTP."""

    def __init__(self, command: list[str], logdir: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as sock:
            self.port = sock.getsockname()[1]
        silent = subprocess.DEVNULL
        self.began = time.monotonic()
        options = ["--logdir", logdir, "--port", str(self.port)]
        self.process = subprocess.Popen([*command, *options], stdout=silent, stderr=silent)

    def age_s(self) -> float:
        return time.monotonic() - self.began

    def ask(self, path: str, body: object = None) -> bytes:
        """An answer, as soon as there is one."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"http://localhost:{self.port}{path}", data, headers)
        while True:
            try:
                with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
                    return bytes(answer.read())
            except urllib.error.HTTPError:
                raise
            except (urllib.error.URLError, ConnectionError):
                if self.age_s() > PATIENCE_S or self.process.poll() is not None:
                    raise
                time.sleep(0.005)

    def memory_bytes(self) -> int:
        """Resident memory of the process and its children (TensorBoard's reader is one)."""
        return resident_bytes(self.process.pid)


def resident_bytes(process: int) -> int:
    """Resident memory of a process and its children."""
    status = Path(f"/proc/{process}/status").read_text()
    children: list[str] = []
    for task in Path(f"/proc/{process}/task").iterdir():
        with suppress(FileNotFoundError):  # a thread that ended meanwhile
            children += (task / "children").read_text().split()
    own = int(status.split("VmRSS:")[1].split()[0]) * 1024
    return own + sum(resident_bytes(int(child)) for child in children)


@contextmanager
def serving(command: list[str], logdir: str) -> Iterator[Server]:
    server = Server(command, logdir)
    try:
        yield server
    finally:
        server.process.terminate()
        server.process.wait(10)


def last_step(server: Server) -> int | None:
    """Of the last tag of the last run, as TensorBoard answers."""
    try:
        body = server.ask("/data/plugin/scalars/scalars?run=run19&tag=tag19")
    except urllib.error.HTTPError:  # it does not know the run yet
        return None
    points = json.loads(body)
    return int(points[-1][1]) if points else None


def cupola_last_step(server: Server) -> int | None:
    catalog = json.loads(server.ask("/api/catalog"))
    entry = next((entry for entry in catalog["series"].get("scalars", ()) if entry["tag"] == "tag19"), None)
    return entry["last_steps"][-1] if entry else None


def write_logs(logdir: Path, runs: int = RUNS, tags: int = TAGS, steps: int = STEPS) -> None:
    """Runs of equal contents: one is made, the others are copies."""
    first = logdir / "run0" / "events.out.tfevents.1700000000.host.1.0"
    first.parent.mkdir()
    with first.open("wb") as file:
        for step in range(steps):
            file.write(b"".join(point(f"tag{tag}", step) for tag in range(tags)))
    for number in range(1, runs):
        (logdir / f"run{number}").mkdir()
        shutil.copy(first, logdir / f"run{number}" / first.name)


def point(tag: str, step: int) -> bytes:
    from cupola import _codec
    from cupola.events.event import SIMPLE_VALUE, encode_event, encode_summary, encode_value

    summary = encode_summary(encode_value(tag, SIMPLE_VALUE, float(step % 97)))
    return _codec.frame(encode_event(1.7e9 + step, step, summary=summary))


if __name__ == "__main__":
    for line in run():
        print(line)
