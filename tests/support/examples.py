"""What the programs of examples/ print and log: each runs once, whatever number of workers."""

from __future__ import annotations

import functools
import hashlib
import subprocess
import sys
from pathlib import Path

from filelock import FileLock

ROOT = Path(__file__).parents[2]
EXAMPLES, SOURCE = ROOT / "examples", ROOT / "src" / "cupola"


def run(name: str | Path, folder: Path, *arguments: str) -> str:
    """Runs an example (or a program of one's own) in a folder; returns what it printed."""
    result = subprocess.run(
        [sys.executable, str(EXAMPLES / name), *arguments], cwd=folder, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def logged_by(name: str, *arguments: str) -> Path:
    """The log directory of an example, which nobody changes: all tests look at one, those of the next session
    too as long as no source of cupola or of the examples changes.
    """
    folder = ROOT / "build" / "examples" / _fingerprint() / " ".join([name, *arguments])
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{folder}.lock"):
        done = folder / "done"
        if not done.exists():
            run(name, folder, *arguments)
            done.touch()
    return folder / "logs"


@functools.cache
def _fingerprint() -> str:
    found = hashlib.sha256()
    for source in sorted([*EXAMPLES.glob("*.py"), *SOURCE.rglob("*.py"), *SOURCE.glob("_codec.*")]):
        found.update(source.read_bytes())
    return found.hexdigest()[:16]
