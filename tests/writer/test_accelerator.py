"""Scalars on an accelerator are not waited for, and stay in order with those that are at hand. A stand-in."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tests.support.event_files import scalars, steps

from cupola import SummaryWriter
from cupola.values import device


class Remote(torch.Tensor):
    """A CPU tensor that says it is on `cuda:0` and does not let itself be waited for."""

    @property
    def device(self) -> torch.device:
        return torch.device("cuda:0")

    @property
    def is_cpu(self) -> bool:
        return False

    def item(self) -> Any:
        raise AssertionError("the caller waits for the accelerator")

    cpu = numpy = tolist = __float__ = __array__ = item


def remote(data: Any) -> Remote:
    return torch.as_tensor(data).clone().as_subclass(Remote)


class Slow:
    """Stands in for the copy: its values arrive when `open` is set."""

    def __init__(self) -> None:
        self.open = threading.Event()

    def start_copy(self, tensor: torch.Tensor) -> Callable[[], np.ndarray[Any, Any]]:
        taken = tensor.as_subclass(torch.Tensor).clone().numpy()

        def wait() -> np.ndarray[Any, Any]:
            assert self.open.wait(10)
            return taken

        return wait


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Slow:
    slow = Slow()

    def start_copy_of_number(tensor: torch.Tensor) -> Callable[[], float]:
        arrived = slow.start_copy(tensor)
        return lambda: float(arrived().reshape(()))

    monkeypatch.setattr(device, "start_copy", slow.start_copy)
    monkeypatch.setattr(device, "start_copy_of_number", start_copy_of_number)
    return slow


def test_the_caller_does_not_wait(tmp_path: Path, slow: Slow) -> None:
    writer, tensor = SummaryWriter(tmp_path), remote(0.0)
    began = time.perf_counter()
    for step in range(100):
        tensor.fill_(step)
        writer.add_scalar("x", tensor, step)
        tensor.fill_(-1)
    assert time.perf_counter() - began < 1
    assert steps(tmp_path, "x") == []
    slow.open.set()
    writer.flush()
    assert scalars(tmp_path)["x"] == [(step, float(step)) for step in range(100)]
    writer.close()


def test_order_within_a_tag(tmp_path: Path, slow: Slow) -> None:
    """Numbers at hand queue behind those of their tag that are still on their way, and behind no others."""
    writer = SummaryWriter(tmp_path)
    for step in range(0, 30, 3):
        writer.add_scalar("x", remote(float(step)), step)
        writer.add_scalar("x", step + 1.0, step + 1)
        writer.add_scalar("x", np.float32(step + 2), step + 2)
        writer.add_scalar("other", float(step), step)
        writer.add_scalars("group", {"a": remote(float(step)), "b": float(step)}, step)
        writer.add_scalars("group", {"a": step + 1}, step + 1)
    for file in writer.all_writers.values():  # type: ignore[union-attr]
        file.flush()
    assert steps(tmp_path, "x") == [] and steps(tmp_path, "other") == list(range(0, 30, 3))
    assert steps(tmp_path / "group_b", "group") == list(range(0, 30, 3))
    slow.open.set()
    writer.flush()
    assert scalars(tmp_path)["x"] == [(step, float(step)) for step in range(30)]
    assert steps(tmp_path / "group_a", "group") == sorted([*range(0, 30, 3), *range(1, 30, 3)])
    assert [row[1:] for row in writer.scalar_dict[f"{tmp_path}/group_b"]] == [
        [s, float(s)] for s in range(0, 30, 3)
    ]
    assert len(writer.scalar_dict[f"{tmp_path}/group_a"]) == 20
    writer.add_scalar("x", 30.0, 30)
    assert not writer._detour
    writer.close()
    assert steps(tmp_path, "x") == list(range(31))


def test_forms_and_dtypes(tmp_path: Path, slow: Slow) -> None:
    slow.open.set()
    with SummaryWriter(tmp_path) as writer:
        writer.add_scalar("half", remote(torch.tensor(1e38, dtype=torch.bfloat16)), 1)
        writer.add_scalar("whole", remote(torch.tensor([[3]])), 1)
        writer.add_scalar("double", remote(torch.tensor(0.1, dtype=torch.float64)), 1, double_precision=True)
    assert scalars(tmp_path)["whole"] == [(1, 3.0)]
    assert scalars(tmp_path)["half"][0][1] == pytest.approx(1e38, rel=0.01)


def test_wrong_tensors_raise_at_once(tmp_path: Path, slow: Slow) -> None:
    with SummaryWriter(tmp_path) as writer:
        with pytest.raises(ValueError, match=r"scalar_value has shape \(2,\)"):
            writer.add_scalar("x", remote([1.0, 2.0]))
        with pytest.raises(TypeError, match="scalar_value is complex"):
            writer.add_scalar("x", remote(1 + 2j))
