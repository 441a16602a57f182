"""torch's tensors that are not what they seem: wrapped, distributed, fake, masked. The numbers that they
stand for, or an error that says how to get them; never other numbers, and never a collective.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

import numpy as np
import pytest
import torch
import torch.distributed as dist
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.autograd import forward_ad
from torch.utils._python_dispatch import TorchDispatchMode

from cupola.errors import WrongType
from cupola.plugins.histograms import encode as histograms
from cupola.plugins.hparams.plain import plain
from cupola.plugins.scalars import encode as scalars
from cupola.values.arguments import as_step
from cupola.values.arrays import make_np, snapshot

NUMBERS = [1.5, -2.0, 3.0]


@pytest.fixture
def one_rank() -> Iterator[None]:
    os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")
    dist.init_process_group("gloo", store=dist.HashStore(), rank=0, world_size=1)
    yield
    dist.destroy_process_group()


def _distributed(placement: Any, ranks: int = 1) -> Any:
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.tensor import DTensor

    mesh = init_device_mesh("cpu", (1,))
    made = DTensor.from_local(torch.tensor(NUMBERS), mesh, [placement], run_check=False)
    if ranks > 1:  # what it looks like to one of several ranks
        mock.patch.object(type(mesh), "size", lambda self, axis=None: ranks).start()
    return made


@pytest.mark.parametrize("ranks", [1, 4])
def test_distributed_tensors(one_rank: None, ranks: int) -> None:
    from torch.distributed.tensor import Partial, Replicate, Shard

    refuse = mock.Mock(side_effect=AssertionError("a collective on one rank"))
    try:
        for placement in (Replicate(), Shard(0), Partial()):
            made = _distributed(placement, ranks)
            with (
                mock.patch.object(dist, "all_gather_into_tensor", refuse),
                mock.patch.object(type(made), "full_tensor", refuse),
                mock.patch.object(type(made), "redistribute", refuse),
            ):
                if ranks == 1 or placement.is_replicate():
                    assert make_np(made).tolist() == NUMBERS
                    assert snapshot(made).array().tolist() == NUMBERS
                    continue
                for call in (make_np, snapshot, scalars.as_float, as_step):
                    with pytest.raises(WrongType, match=r"full_tensor\(\).*to_local\(\)"):
                        call(made)
                assert isinstance(plain(made), str)  # as a hyperparameter it does not end the run
    finally:
        mock.patch.stopall()


def within(transform: Callable[..., Any], *inputs: Any) -> list[Any]:
    """What a call sees of its tensor inside of a function transform."""
    seen: list[Any] = []

    def called(tensor: torch.Tensor) -> torch.Tensor:
        changed = tensor.clone()
        changed[0] = 1.5
        seen.extend((make_np(changed).tolist(), snapshot(changed).array().tolist()))
        seen.append(scalars.as_float(changed[0]))
        return changed.sum()

    transform(called, *inputs)
    return seen


@pytest.mark.parametrize(
    "transform",
    [
        lambda f: torch.func.grad(f)(torch.tensor(NUMBERS)),
        lambda f: torch.func.grad(lambda x: torch.func.grad(f)(x).sum())(torch.tensor(NUMBERS)),
        lambda f: torch.func.jvp(f, (torch.tensor(NUMBERS),), (torch.ones(3),)),
        lambda f: torch.func.functionalize(f)(torch.tensor(NUMBERS)),
        lambda f: torch.func.vjp(f, torch.tensor(NUMBERS)),
    ],
    ids=["grad", "grad of grad", "jvp", "functionalize", "vjp"],
)
def test_function_transforms_see_the_numbers(transform: Any) -> None:
    assert within(transform) == [NUMBERS, NUMBERS, 1.5]


@pytest.mark.parametrize(
    "transform",
    [
        lambda f: torch.vmap(f)(torch.tensor([NUMBERS, NUMBERS])),
        lambda f: torch.vmap(torch.func.grad(f))(torch.tensor([NUMBERS, NUMBERS])),
        lambda f: torch.func.jacrev(lambda x: torch.vmap(f)(x))(torch.tensor([NUMBERS, NUMBERS])),
    ],
    ids=["vmap", "grad in vmap", "vmap in jacrev"],
)
def test_one_of_a_batch_has_no_numbers(transform: Any) -> None:
    def called(tensor: torch.Tensor) -> torch.Tensor:
        for call in (make_np, snapshot, scalars.as_float):
            with pytest.raises(WrongType, match=r"thing.*torch\.vmap.*log it outside"):
                call(tensor.sum(), "thing")
        return tensor.sum()

    transform(called)


def test_dual_inference_and_views() -> None:
    with forward_ad.dual_level():
        assert make_np(forward_ad.make_dual(torch.tensor(NUMBERS), torch.ones(3))).tolist() == NUMBERS
    with torch.inference_mode():
        tensor = torch.tensor(NUMBERS)
    assert make_np(tensor).tolist() == NUMBERS
    assert make_np(torch.tensor([1 + 2j]).conj()).tolist() == [1 - 2j]
    assert make_np(torch.tensor([1 + 2j]).conj().imag).tolist() == [-2]


def test_what_has_no_values_is_refused() -> None:
    fake = FakeTensorMode().from_tensor(torch.ones(3))
    for call in (make_np, snapshot, scalars.as_float):
        with pytest.raises(WrongType, match="thing is a fake tensor"):
            call(fake, "thing")
        with pytest.raises(WrongType, match=r"thing is a parameter of a lazy module.*run the module"):
            call(torch.nn.LazyLinear(3).weight, "thing")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        jagged = torch.nested.nested_tensor([torch.ones(2), torch.ones(3)], layout=torch.jagged)
    with pytest.raises(WrongType, match="nested"):
        make_np(jagged)


class Counting(TorchDispatchMode):
    """A program's own mode, as profilers and counters of operations are."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.seen.append(str(func))
        return func(*args, **(kwargs or {}))


def test_the_programs_own_modes_see_nothing_of_it() -> None:
    tensor, half = torch.tensor(NUMBERS), torch.tensor(NUMBERS, dtype=torch.bfloat16)
    with Counting() as mode:
        assert make_np(tensor).tolist() == make_np(half).tolist() == NUMBERS
        histograms.histogram("t", tensor).encode()
    assert mode.seen == []
    with FakeTensorMode():
        assert make_np(tensor).tolist() == NUMBERS
        assert snapshot(half).array().tolist() == NUMBERS


def test_masked_tensors() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        masked = torch.masked.masked_tensor(torch.tensor(NUMBERS), torch.tensor([True, False, True]))
        nothing = torch.masked.masked_tensor(torch.tensor(NUMBERS), torch.tensor([False] * 3)).sum()
    np.testing.assert_array_equal(make_np(masked), [1.5, np.nan, 3.0])
    assert snapshot(masked, masked=None).array().tolist() == [1.5, 3.0]
    assert np.isnan(scalars.as_float(nothing))
