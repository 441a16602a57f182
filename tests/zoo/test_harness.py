"""The harness sees what a recording leaves behind: each way of leaving a trace is caught."""

from __future__ import annotations

import random
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tests.zoo import harness
from tests.zoo.oddities.caches import Codebook
from tests.zoo.registry import Entry, Sample
from torch import Tensor, nn

KEPT: list[Any] = []


def _leaves_a_fake(model: Any, x: Tensor) -> None:
    from torch._subclasses.fake_tensor import FakeTensorMode

    with FakeTensorMode() as mode:
        KEPT.append(mode.from_tensor(x))


def _adds_a_gradient(model: Any, x: Tensor) -> None:
    model.layer.weight.grad = torch.zeros(6, 6)


def _writes_a_version(model: Any, x: Tensor) -> None:
    with torch.no_grad():
        model.layer.weight.mul_(1)


def _replaces_memory(model: Any, x: Tensor) -> None:
    model.layer.weight.data = model.layer.weight.data.clone()


def _leaves_a_hook(model: Any, x: Tensor) -> None:
    model.layer.register_forward_hook(lambda *_: None)


TRACES: list[Callable[[Any, Tensor], Any]] = [
    _leaves_a_fake,
    _adds_a_gradient,
    _writes_a_version,
    _replaces_memory,
    _leaves_a_hook,
    lambda model, x: model(x),
    lambda model, x: model.history.append(1),
    lambda model, x: model.layer.eval(),
    lambda model, x: setattr(model, "late", 1),
    lambda model, x: torch.rand(1),
    lambda model, x: random.random(),
    lambda model, x: np.random.rand(),
    lambda model, x: x.add_(0),
    lambda model, x: x.requires_grad_(),
    lambda model, x: warnings.simplefilter("ignore"),
]


@pytest.mark.parametrize("index", range(len(TRACES)))
def test_a_trace_is_seen(index: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Writer:
        def __init__(self, logdir: str) -> None:
            self.logdir = logdir

        def __enter__(self) -> Any:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def add_graph(self, model: Any, given: Any) -> None:
            TRACES[index](model, given)

    monkeypatch.setattr(harness, "SummaryWriter", Writer)
    monkeypatch.setattr(harness, "assert_is_a_graph", lambda logdir: None)
    entry = Entry("codebook", lambda: Sample(Codebook(always=True), torch.rand(5, 6)), True, None)
    with warnings.catch_warnings(), pytest.raises(AssertionError, match=r"changed|alive|process"):
        harness.assert_harmless(entry, tmp_path)
    KEPT.clear()


def test_who_leaves_none_passes(tmp_path: Path) -> None:
    entry = Entry("linear", lambda: Sample(nn.Linear(4, 4), torch.rand(3, 4)), True, None)
    harness.assert_harmless(entry, tmp_path)
