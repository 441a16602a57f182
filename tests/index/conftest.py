from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cupola.index.local import LocalProvider
from cupola.plugins import plugins


@pytest.fixture
def follow() -> Iterator[Callable[[Path], LocalProvider]]:
    """A provider whose threads run, stopped at the end."""
    started = []

    def make(logdir: Path) -> LocalProvider:
        provider = LocalProvider(logdir, plugins().values(), poll_s=0.02)
        provider.start()
        started.append(provider)
        return provider

    yield make
    for provider in started:
        provider.stop()
