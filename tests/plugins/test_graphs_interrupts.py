"""Errors and Ctrl-C within a recorded pass: what holds its tensors then, and when the handler is called."""

from __future__ import annotations

import itertools
import os
import signal
import threading
import warnings
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from cupola.plugins.graphs.recorder import record

ITERATORS: dict[str, Callable[[tuple[Tensor, ...]], Iterator[Any]]] = {
    "iter": iter,
    "list": lambda found: iter(list(found)),
    "enumerate": enumerate,
    "zip": lambda found: zip(found, found, strict=True),
    "map": lambda found: map(abs, found),
    "generator": lambda found: (item for item in found),
    "chain": lambda found: itertools.chain(enumerate(found)),
    "items": lambda found: iter({"a": found[0], "b": found[1]}.items()),
    "reversed": reversed,
}
AWAY = SimpleNamespace(kept=None)


def refuse(item: object) -> object:
    raise ValueError("the model's own")


class Within(nn.Module):
    """Raises while it goes through its results."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.layer, self.name = nn.Linear(2, 2), name

    def forward(self, x: Tensor) -> Any:
        y = self.layer(x)
        return [refuse(item) for item in ITERATORS[self.name]((y, y * 2))]


class Keeps(Within):
    """Keeps an iterator over its results."""

    def forward(self, x: Tensor) -> Tensor:
        y = self.layer(x)
        AWAY.kept = self.kept = ITERATORS[self.name]((y, y * 2))
        next(AWAY.kept)
        return y


@pytest.mark.parametrize("name", ITERATORS)
def test_iterators_that_an_error_holds_are_nothing_to_tell(name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ValueError, match="the model's own"):
            record(Within(name), torch.ones(1, 2))


@pytest.mark.parametrize("name", ITERATORS)
def test_iterators_that_the_program_keeps_are_put_back(name: str) -> None:
    model = Keeps(name)
    record(model, torch.ones(1, 2))
    assert AWAY.kept is None and not hasattr(model, "kept")


class Interrupted(nn.Module):
    """Sends itself signals in the pass without data."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.layer, self.times = nn.Linear(2, 2), times

    def forward(self, x: Tensor) -> Tensor:
        for _ in range(self.times):
            os.kill(os.getpid(), signal.SIGINT)
        return self.layer(x)


@pytest.fixture
def handled() -> Iterator[list[bool]]:
    """Whether fake tensors were about, for each call of the handler, which raises."""
    calls: list[bool] = []

    def handler(number: int, frame: object) -> None:
        calls.append(torch._C._get_dispatch_mode(torch._C._TorchDispatchModeKey.FAKE) is not None)
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, handler)
    yield calls
    assert signal.getsignal(signal.SIGINT) is handler
    signal.signal(signal.SIGINT, before)


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("times", [0, 1, 2])
def test_ctrl_c_waits_for_the_end_of_a_pass_without_data_unless_it_comes_again(
    handled: list[bool], times: int
) -> None:
    model = Interrupted(times)
    if times:
        with pytest.raises(KeyboardInterrupt):
            record(model, torch.ones(1, 2))
    else:
        record(model, torch.ones(1, 2))
    assert handled == {0: [], 1: [False], 2: [True]}[times]
    model.times = 0
    assert record(model, torch.ones(1, 2))


def test_other_threads_record_as_well(handled: list[bool]) -> None:
    found: list[Any] = []
    thread = threading.Thread(target=lambda: found.append(record(nn.Linear(2, 2), torch.ones(1, 2))))
    thread.start()
    thread.join()
    assert found and found[0] and not handled
