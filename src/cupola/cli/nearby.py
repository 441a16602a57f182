"""What there is to show where somebody stands: `cupola` without a word."""

from __future__ import annotations

import os
import time
from collections import deque
from pathlib import Path
from typing import Final

from cupola.cli import count, printable, warn
from cupola.index.directory import is_event_file

MAX_DIRECTORIES: Final = 3000
MAX_DEPTH: Final = 5
PATIENCE_S: Final = 0.5
MAX_TOLD: Final = 8
SKIPPED: Final = frozenset({"node_modules", "site-packages", "__pycache__", "venv"})


def tell_log_directories(top: str = ".") -> None:
    """Names the directories that `cupola` could show, to standard error."""
    found = log_directories(top)
    if found:
        warn(f"there {'are logs' if len(found) > 1 else 'is a log'} here:")
    for path, runs in list(found.items())[:MAX_TOLD]:
        warn(f"  cupola {printable(path)}    ({count(runs, 'run')})")


def log_directories(top: str) -> dict[str, int]:
    """Directories below `top` that hold runs, by how many were seen: of each part of the tree the lowest one
    that holds all of its runs. It looks a little around and never for long.
    """
    runs: dict[str, list[str]] = {}
    left = deque([(top, 0)])
    end_s = time.monotonic() + PATIENCE_S
    for _ in range(MAX_DIRECTORIES):
        if not left or time.monotonic() > end_s:
            break
        path, depth = left.popleft()
        try:
            with os.scandir(path) as entries:
                listed = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries]
        except OSError:
            continue
        if any(is_event_file(name) for name, is_directory in listed if not is_directory):
            runs.setdefault(_first_part(path, top), []).append(path)
        if depth < MAX_DEPTH:
            left += [
                (str(Path(path, name)), depth + 1)
                for name, is_directory in sorted(listed)
                if is_directory and not name.startswith(".") and name not in SKIPPED
            ]
    return {_common(paths): len(paths) for paths in runs.values()}


def _first_part(path: str, top: str) -> str:
    return Path(path).relative_to(top).parts[0] if path != top else "."


def _common(paths: list[str]) -> str:
    """The lowest directory that holds all; of a single run the one above, which later runs will share."""
    common = Path(os.path.commonpath(paths))
    return str(common.parent if len(paths) == 1 and len(common.parts) > 1 else common)
