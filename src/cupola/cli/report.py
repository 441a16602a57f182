"""What a person at the terminal is told while directories are read and followed: how far a long scan is, that
nothing was found, what cannot be read. Each once.
"""

from __future__ import annotations

import math
import sys
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from cupola.cli import count, printable, warn

if TYPE_CHECKING:
    from cupola.index.local import LocalProvider
    from cupola.types import Damage, Progress

LONG_S: Final = 1.0
"""A scan that takes less is not spoken of."""
DRAW_S: Final = 0.25
LOOK_S: Final = 2.0
"""Between two looks for new damage, when everything was read."""
MAX_DAMAGE: Final = 20
"""Places of damage that are told one by one."""


class Report:
    """Tells it from a thread of its own, until `stop`.

    Args:
        provider: gives what is read from, None as long as nothing is.
        is_terminal: whether a line can be written over.
    """

    def __init__(self, provider: Callable[[], LocalProvider | None], is_terminal: bool) -> None:
        self._provider = provider
        self._line = _Line() if is_terminal else None
        self._told: set[tuple[str, Damage]] = set()
        self._version = -1
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="cupola-report", daemon=True)

    def start(self) -> None:
        """Begins to tell."""
        self._thread.start()

    def stop(self) -> None:
        """Ends, with a clean line."""
        self._stopping.set()
        self._thread.join(1.0)
        if self._line is not None:
            self._line.clear()

    def _run(self) -> None:
        began_s = time.monotonic()
        while (provider := self._provider()) is None or provider.loading:
            if self._stopping.wait(DRAW_S):
                return
            if provider is not None and self._line is not None and time.monotonic() - began_s > LONG_S:
                self._line.draw(f"reading … {progress_text(provider.progress())}")
        self._tell_result(provider, time.monotonic() - began_s)
        while True:
            self._tell_damage(provider)
            if self._stopping.wait(LOOK_S):
                return

    def _tell_result(self, provider: LocalProvider, took_s: float) -> None:
        was_long = self._line is not None and self._line.clear()
        found = provider.progress()
        if not found.files:
            for source in provider.sources():
                if not source.problem:
                    warn(f"{printable(source.location)} holds no event files yet; waiting for them")
        elif was_long:
            warn(f"read {progress_text(found)} in {took_s:.0f} s")

    def _tell_damage(self, provider: LocalProvider) -> None:
        if provider.version == self._version:
            return
        self._version = provider.version
        new = [each for each in provider.damage() if each not in self._told]
        room = max(0, MAX_DAMAGE - len(self._told))
        for run, damage in new[:room]:
            warn(damage_text(run, damage))
        if new[room:] and len(self._told) <= MAX_DAMAGE:
            warn(f"{count(len(new[room:]), 'more place')} cannot be read; `cupola inspect` lists them all")
            self._told.update(new)
        self._told.update(new[:room])


class _Line:
    """The terminal's last line, written over and over."""

    def __init__(self) -> None:
        self._is_drawn = False

    def draw(self, text: str) -> None:
        self._write(f"\r\x1b[Kcupola: {text}")
        self._is_drawn = True

    def clear(self) -> bool:
        """Whether there was something."""
        was_drawn, self._is_drawn = self._is_drawn, False
        if was_drawn:
            self._write("\r\x1b[K")
        return was_drawn

    def _write(self, text: str) -> None:
        try:
            sys.stderr.write(text)
            sys.stderr.flush()
        except (OSError, ValueError):
            self._is_drawn = False


def progress_text(progress: Progress) -> str:
    """`12 of 20 files, 1.2 GB of 3.1 GB, 1,234 points, 210 MB/s, 9 s left`, or what was read in all."""
    files, points = count(progress.files, "file"), count(progress.points, "point")
    if progress.files_read == progress.files:
        return f"{files}, {_size(progress.bytes)}, {points}"
    parts = [
        f"{progress.files_read:,} of {files}",
        f"{_size(progress.bytes_read)} of {_size(progress.bytes)}",
        points,
    ]
    if progress.elapsed_s > 0 and progress.bytes_read:
        rate = progress.bytes_read / progress.elapsed_s
        parts.append(f"{_size(rate)}/s")
        parts.append(f"{_duration((progress.bytes - progress.bytes_read) / rate)} left")
    return ", ".join(parts)


def _duration(seconds: float) -> str:
    if seconds < 100:
        return f"{math.ceil(seconds)} s"
    return f"{math.ceil(seconds / 60)} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"


def damage_text(run: str, damage: Damage) -> str:
    """One place that cannot be read, in a line."""
    place = f" at byte {damage.offset}, {count(damage.length, 'byte')} skipped" if damage.length else ""
    return f"{printable(run)}: {printable(damage.file)}{place}: {printable(damage.reason)}"


def _size(number: float) -> str:
    for unit in ("B", "kB", "MB"):
        if number < 1000:
            return f"{number:.0f} {unit}"
        number /= 1000
    return f"{number:.1f} GB"
