"""A process that ends in whatever way leaves what it logged; a killed one at least what it flushed."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from tensorboard.backend.event_processing.event_file_loader import EventFileLoader
from tests.support.event_files import files, read_file, scalars, steps

# Forks children that log and kills each at a random moment; prints what each had accepted and flushed.
KILLER = """
import mmap, os, random, signal, struct, sys, time
from cupola import SummaryWriter
directory, kills, longest_s, pause_s = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4])
shared = mmap.mmap(-1, 24)
for kill in range(kills):
    shared[:] = struct.pack("<qqd", 0, 0, 0)
    pid = os.fork()
    if pid == 0:
        writer = SummaryWriter(os.path.join(directory, str(kill)))
        for step in range(1 << 40):
            writer.add_scalar("x", step, step)
            shared[0:8] = struct.pack("<q", step + 1)
            if random.random() < 0.005:
                writer.flush()
                shared[8:16] = struct.pack("<q", step + 1)
            if pause_s:
                time.sleep(pause_s)
    time.sleep(random.uniform(0.05, 1) * longest_s)
    os.kill(pid, signal.SIGKILL)
    killed = time.time()
    os.waitpid(pid, 0)
    print(*struct.unpack("<qq", shared[:16]), killed)
"""


def kill(directory: Path, kills: int, longest_s: float, pause_s: float) -> list[tuple[int, int, float]]:
    arguments = [sys.executable, "-c", KILLER, str(directory), str(kills), str(longest_s), str(pause_s)]
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    lines = [line.split() for line in done.stdout.splitlines()]
    return [(int(accepted), int(flushed), float(killed)) for accepted, flushed, killed in lines]


def check_killed(directory: Path, accepted: int, flushed: int, killed: float) -> None:
    if not accepted and not any(read_file(path).events for path in files(directory)):
        return  # killed before its first file began
    points = steps(directory, "x")
    assert points == list(range(len(points)))  # a prefix, no hole
    assert flushed <= len(points) <= accepted + 1
    contents = [read_file(path) for path in files(directory)]
    assert all(content.torn == 0 for content in contents[:-1])
    assert sum(1 for path in files(directory) for _ in EventFileLoader(str(path)).Load()) == len(points) + 1
    if len(points) < accepted:
        assert killed - contents[-1].events[-1].wall_time < 1.0


@pytest.mark.parametrize(("kills", "longest_s", "pause_s"), [(46, 0.1, 0.0002), (4, 2.0, 0.002)])
def test_sigkill(tmp_path: Path, kills: int, longest_s: float, pause_s: float) -> None:
    killed = kill(tmp_path, kills, longest_s, pause_s)
    assert len(killed) == kills
    for index, facts in enumerate(killed):
        check_killed(tmp_path / str(index), *facts)
    assert sum(accepted for accepted, _, _ in killed) > 100 and sum(flushed for _, flushed, _ in killed) > 10


LOG = """
import os, sys, threading, time
import numpy as np
from cupola import SummaryWriter
w = SummaryWriter({directory!r})
def log(n=1000, start=0):
    for i in range(start, start + n):
        w.add_scalar("x", i, i)
        if i % 50 == 0:
            w.add_histogram("h", np.arange(100.0), i)
            w.add_text("t", "x" * i, i)
    w.add_scalars("g", {{"a": 1.0, "b": 2.0}}, start)
"""

ENDINGS = {
    "plainly": "log()",
    "by an exception": "log(); raise RuntimeError('training broke')",
    "by sys.exit": "log(); sys.exit(3)",
    "by an interrupt": "import signal; log(); os.kill(os.getpid(), signal.SIGINT); time.sleep(5)",
    "by a handled SIGTERM": "import signal; signal.signal(signal.SIGTERM, lambda *a: sys.exit(0)); log(); "
    "os.kill(os.getpid(), signal.SIGTERM); time.sleep(5)",
    "collected": "log(); del w",
    "in a cycle": "log(); cycle = [w]; cycle.append(cycle); del w, cycle",
    "held by a daemon thread": "log(); threading.Thread(target=time.sleep, args=(60,), daemon=True).start()",
    "from a thread": "t = threading.Thread(target=log); t.start()",
    "in atexit before us": "import atexit; atexit.register(log)",
    "with os._exit after flush": "log(); w.flush(); os._exit(1)",
    "with os.execv after flush": "log(); w.flush(); os.execv(sys.executable, [sys.executable, '-c', ''])",
    "in __exit__": "w.__enter__(); log(); w.__exit__(None, None, None)",
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_ends(tmp_path: Path, ending: str) -> None:
    script = LOG.format(directory=str(tmp_path)) + ENDINGS[ending]
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert "cupola" not in done.stderr, done.stderr
    assert_logged(tmp_path)


def assert_logged(directory: Path) -> None:
    assert steps(directory, "x") == list(range(1000))
    events = [event for path in files(directory) for event in read_file(path).events]
    for tag in ("h", "t/text_summary"):
        found = [event.step for event in events for value in event.summary.value if value.tag == tag]
        assert found == list(range(0, 1000, 50)), tag
    assert scalars(directory / "g_a") == {"g": [(0, 1.0)]} and scalars(directory / "g_b") == {"g": [(0, 2.0)]}


def test_ends_in_atexit_after_us(tmp_path: Path) -> None:
    """Handlers registered before cupola was imported run after its own: what they log is still written."""
    script = "import atexit; atexit.register(lambda: log())\n" + LOG.format(directory=str(tmp_path))
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
    assert_logged(tmp_path)


def test_os_exit_without_flush_loses_at_most_a_moment(tmp_path: Path) -> None:
    script = (
        LOG.format(directory=str(tmp_path))
        + "\nfor i in range(20): log(50, i * 50); time.sleep(0.05)\nos._exit(0)"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
    points = steps(tmp_path, "x")
    assert points == list(range(len(points))) and len(points) >= 500


@pytest.mark.parametrize("end", ["os._exit(0)", "os.kill(os.getpid(), 15)"])
def test_a_first_burst_is_handed_over_before_the_process_can_end(tmp_path: Path, end: str) -> None:
    """The thread that writes may not have run yet when all 1000 calls are done."""
    kept = []
    for number in range(5):
        script = (
            "import os\nfrom cupola import SummaryWriter\n"
            f"w = SummaryWriter({str(tmp_path / str(number))!r})\n"
            f"for i in range(1000): w.add_scalar('x', i, i)\n{end}"
        )
        subprocess.run([sys.executable, "-c", script], timeout=60)
        points = steps(tmp_path / str(number), "x")
        assert points == list(range(len(points)))
        kept.append(len(points))
    assert sorted(kept)[2] >= 500, kept  # a machine with no core to spare may take one of them


def test_end_with_full_disk_is_quick_and_says_so(tmp_path: Path) -> None:
    script = (
        "import errno\nfrom cupola._codec import _inject_write_fault\n"
        + LOG.format(directory=str(tmp_path))
        + "w.flush(); _inject_write_fault(1, errno.ENOSPC, 1 << 60); log(10)"
    )
    began = time.monotonic()
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and "No space left" in done.stderr and "the process ends" in done.stderr
    assert time.monotonic() - began < 5
