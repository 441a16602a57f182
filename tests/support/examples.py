"""What the programs of examples/ print and log: each runs once in a session, whatever number of workers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

EXAMPLES = Path(__file__).parents[2] / "examples"


def run(name: str | Path, folder: Path, *arguments: str) -> str:
    """Runs an example (or a program of one's own) in a folder; returns what it printed."""
    result = subprocess.run(
        [sys.executable, str(EXAMPLES / name), *arguments], cwd=folder, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def logged_by(factory: pytest.TempPathFactory, name: str, *arguments: str) -> Path:
    """The log directory of an example, which nobody changes: all tests look at one."""
    base = factory.getbasetemp()
    # A worker's folder lies in the session's.
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder = shared / "examples" / name
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{folder}.lock"):
        done = folder / "done"
        if not done.exists():
            run(name, folder, *arguments)
            done.touch()
    return folder / "logs"
