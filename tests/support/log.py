"""A log directory read step by step, and what a test wants to see of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from cupola.index.local import LocalProvider
from cupola.plugins import plugins
from cupola.types import SeriesKey


def read(logdir: Path) -> LocalProvider:
    """A provider after one poll, without threads."""
    provider = LocalProvider(logdir, plugins().values())
    provider.poll()
    return provider


def steps(provider: LocalProvider, run: str, tag: str) -> list[int]:
    """Steps of a scalar series as they stand; none if there is no such series."""
    key = SeriesKey(run, "scalars", tag)
    if all(info.key != key for info in provider.series("scalars")):
        return []
    return provider.scalars(key).step.tolist()


def wait(condition: Callable[[], bool], timeout_s: float = 5.0) -> None:
    """Waits for what threads do."""
    end_s = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < end_s, f"not so within {timeout_s} s"
        time.sleep(0.002)
