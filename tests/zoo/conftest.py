"""What every model of the zoo is tried under."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
import torch


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Sums of two runs are bitwise equal only in one order."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(autouse=True)
def a_small_heap() -> Iterator[None]:
    """The collector looks only at what a test makes, so that looking for fake tensors is quick."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()
