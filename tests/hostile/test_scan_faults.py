"""The operating system refuses to open, stat or read: the scanner says so and goes on from its place."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.support.scans import record, scalar, version

STRACE = shutil.which("strace")

READER = """
import json, sys
from cupola._codec import Scanner
scanner, steps, refusals, resets = Scanner(sys.argv[1]), [], [], 0
for _ in range(10_000):
    try:
        chunk = scanner.scan(700)
    except OSError as error:
        refusals.append([error.errno, error.filename])
        continue
    resets += chunk.reset
    for series in chunk.series:
        steps += series.step.tolist()
    if chunk.at_end:
        break
print(json.dumps({"steps": steps, "refusals": refusals, "resets": resets, "damage": chunk.damage}))
"""


@pytest.mark.skipif(STRACE is None, reason="strace is not installed")
@pytest.mark.parametrize("call", ["openat", "pread64", "%fstat"])
@pytest.mark.parametrize(("error", "number"), [("EIO", 5), ("ESTALE", 116), ("EACCES", 13), ("EINTR", 4)])
def test_every_third_call_fails(tmp_path: Path, call: str, error: str, number: int) -> None:
    path = tmp_path / "events.out.tfevents.1"
    path.write_bytes(version() + b"".join(record(scalar("x", step, step)) for step in range(100)))
    assert STRACE is not None
    command = [STRACE, "-qq", "-o", "/dev/null", "-P", str(path), "-e", f"trace={call}"]
    command += ["-e", f"inject={call}:error={error}:when=1+3", sys.executable, "-c", READER, str(path)]
    process = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    if "unshare" in process.stderr or "PTRACE" in process.stderr:
        pytest.skip(f"strace may not trace here: {process.stderr.strip()}")
    assert process.returncode == 0, process.stderr
    found = json.loads(process.stdout)
    assert found["steps"] == list(range(100)) and found["resets"] == 0 and found["damage"] == []
    retried_at_once = error == "EINTR" and call != "%fstat"
    assert bool(found["refusals"]) is not retried_at_once
    assert all(refusal == [number, str(path)] for refusal in found["refusals"])
