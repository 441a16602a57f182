"""Kinds of traces that a recorded pass could leave, one model each; the zoo has whole architectures.

Each is run beside a twin that never logs (`tests/zoo/harness.py`): blind to its data, which a pass without
data records, and looking at it, which takes the real pass.
"""

from __future__ import annotations

import collections
import contextvars
import functools
import gc
import importlib
import itertools
import os
import random
import sys
import types
import warnings
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
import torch
from tests.zoo.harness import assert_harmless
from tests.zoo.registry import Entry, Sample
from torch import Tensor, nn
from torch.nn import functional as F

from cupola.plugins.graphs.recorder import record

COUNTER = 0
NEWEST: list[Tensor] = []
CONTEXT: contextvars.ContextVar[Any] = contextvars.ContextVar("CONTEXT", default=None)
HELPERS = types.SimpleNamespace(calls=0, newest=None)


def fakes() -> list[int]:
    """The fake tensors that live. torch.export itself keeps those of the last graph that it made."""
    from torch._subclasses.fake_tensor import FakeTensor

    gc.collect()
    return sorted(id(item) for item in gc.get_objects() if issubclass(type(item), FakeTensor))


class Slotted:
    __slots__ = ("late", "newest")
    late: Any

    def __init__(self) -> None:
        self.newest: Any = None


class Holder:
    newest: ClassVar[Any] = None
    seen: ClassVar[dict[Any, Any]] = {}


@functools.lru_cache(maxsize=8)
def noise(length: int) -> Tensor:
    return torch.randn(length)


class Net(nn.Module):
    """One layer, and whatever `act` does with the model and the layer's result."""

    def __init__(self, act: Callable[[Net, Tensor], Any], looks: bool) -> None:
        super().__init__()
        self.layer, self.looks, self.act = nn.Linear(4, 4), looks, act
        self.register_buffer("buffer", torch.zeros(4))
        self.plain, self.calls = torch.zeros(4), 0
        self.history: list[Tensor] = []
        self.members: dict[str, Any] = {"deque": collections.deque(maxlen=3), "set": set(), "in": {"in": []}}
        self.slotted = Slotted()
        self.weak: weakref.WeakValueDictionary[str, Tensor] = weakref.WeakValueDictionary()
        self.array, self.numbers = np.zeros(4), itertools.count()
        self.generator, self.np_generator = torch.Generator().manual_seed(1), np.random.default_rng(1)
        self.dice = random.Random(1)

    def forward(self, x: Tensor) -> Tensor:
        self.calls += 1
        made = self.layer(x)
        given = self.act(self, made)
        made = made if given is None else given
        return made * 2 if self.looks and bool(made.detach().abs().sum() > 1e9) else made


def kind(function: Callable[[Net, Tensor], Any]) -> Callable[[Net, Tensor], Any]:
    KINDS[function.__name__] = function
    return function


KINDS: dict[str, Callable[[Net, Tensor], Any]] = {}


@kind
def containers(net: Net, x: Tensor) -> None:
    net.history.append(x)
    net.members["deque"].append(x)
    net.members["set"].add(x)
    net.members["in"]["in"].append(x)
    net.members["new"] = x
    net.slotted.newest = net.slotted.late = x
    net.weak["x"] = x
    net.late = nn.Linear(2, 2)
    net.register_buffer("late_buffer", x.detach())


@kind
def far_away(net: Net, x: Tensor) -> None:
    global COUNTER
    COUNTER += 1
    NEWEST.append(x)
    Holder.newest = x
    Holder.seen[COUNTER] = x
    Net.extra = x
    HELPERS.calls += 1
    HELPERS.newest = x
    CONTEXT.set(x)
    net.act.__dict__["newest"] = x
    remember(x)


KEPT: list[Tensor] = []


def remember(x: Tensor, seen: list[Tensor] = KEPT) -> None:
    seen.append(x)


@kind
def writes(net: Net, x: Tensor) -> None:
    with torch.no_grad():
        net.buffer += 1
        net.buffer[1:3].mul_(x.mean())
        net.plain.copy_(x.mean(0))
        net.layer.weight.data.clamp_(-0.1, 0.1)
        net.layer.bias.mul_(0.5)
        torch.add(net.plain, 1, out=net.plain)
        F.batch_norm(x, net.buffer, net.buffer.clone().abs() + 1, training=True)


@kind
def writes_with_history(net: Net, x: Tensor) -> None:
    net.buffer.copy_(x.mean(0))
    net.plain[:2].mul_(x.mean())


@kind
def replaces_memory(net: Net, x: Tensor) -> None:
    net.layer.weight.data = net.layer.weight.data.clone() + 1
    net.plain.resize_(8)
    net.buffer.set_(torch.ones(2))


@kind
def writes_through_numpy(net: Net, x: Tensor) -> None:
    net.plain.numpy()[:] += 1
    net.array += 1
    np.asarray(net.buffer)[0] = 5


@kind
def chance(net: Net, x: Tensor) -> Tensor:
    net.array[0] = net.np_generator.random() + net.dice.random() + random.random() + np.random.rand()
    net.calls += next(net.numbers)
    return x + torch.randn(4) + torch.randn(4, generator=net.generator) + noise(4)


@kind
def gradients(net: Net, x: Tensor) -> Tensor:
    with torch.enable_grad():
        inner = x.detach().requires_grad_()
        net.layer(inner).sum().backward()
        (slope,) = torch.autograd.grad(net.layer(inner).square().sum(), inner)
    net.layer.weight.register_hook(lambda gradient: gradient * 2)
    net.layer.weight.marked = slope
    return x + slope


@kind
def settings(net: Net, x: Tensor) -> None:
    net.layer.train()
    net.eval()
    torch.set_default_dtype(torch.float64)
    torch.set_grad_enabled(not torch.is_grad_enabled())
    torch.backends.cudnn.benchmark = not torch.backends.cudnn.benchmark
    torch.use_deterministic_algorithms(True)
    warnings.simplefilter("error", ResourceWarning)
    os.environ["CUPOLA_TEST_OF_A_TRACE"] = "1"
    sys.setrecursionlimit(sys.getrecursionlimit() + 1)


@kind
def modules_and_hooks(net: Net, x: Tensor) -> None:
    net.layer.register_forward_hook(lambda module, given, made: made)
    net.add_module("added", nn.Linear(4, 4))
    net.layer.extra = nn.Parameter(x.detach())
    net.layer.forward = types.MethodType(nn.Linear.forward, net.layer)


@pytest.fixture(autouse=True)
def put_back() -> Iterator[None]:
    """What a training step of these models does to the process, this test does not leave to others."""
    limit, filters = sys.getrecursionlimit(), list(warnings.filters)
    threads, benchmark = torch.get_num_threads(), torch.backends.cudnn.benchmark
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
    torch.set_default_dtype(torch.float32)
    torch.set_grad_enabled(True)
    torch.use_deterministic_algorithms(False)
    torch.backends.cudnn.benchmark = benchmark
    warnings.filters[:] = filters  # type: ignore[index]
    os.environ.pop("CUPOLA_TEST_OF_A_TRACE", None)
    sys.setrecursionlimit(limit)
    NEWEST.clear()
    Holder.newest, HELPERS.newest = None, None
    Holder.seen.clear()
    noise.cache_clear()
    KEPT.clear()
    if "extra" in vars(Net):
        del Net.extra


@pytest.mark.parametrize("looks", [False, True], ids=["blind", "looks"])
@pytest.mark.parametrize("name", sorted(KINDS.keys() - {"settings", "replaces_memory", "far_away"}))
def test_the_next_step_is_the_twins(name: str, looks: bool, tmp_path: Path) -> None:
    entry = Entry(name, lambda: Sample(Net(KINDS[name], looks), torch.rand(3, 4)), False, None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert_harmless(entry, tmp_path)


@pytest.mark.parametrize("looks", [False, True], ids=["blind", "looks"])
def test_what_is_far_from_the_model_is_put_back(looks: bool) -> None:
    before = fakes()
    net = Net(far_away, looks)
    record(net, torch.rand(3, 4))
    assert (COUNTER, NEWEST, Holder.newest, Holder.seen) == (0, [], None, {})
    assert (HELPERS.calls, HELPERS.newest, CONTEXT.get()) == (0, None, None)
    assert "extra" not in vars(Net)
    assert vars(far_away) == {}
    assert KEPT == []
    assert fakes() == before


@pytest.mark.parametrize("looks", [False, True], ids=["blind", "looks"])
def test_memory_is_put_back(looks: bool) -> None:
    net = Net(replaces_memory, looks)
    members = {name: getattr(net, name) for name in ("plain", "buffer")} | {"weight": net.layer.weight}
    before = {
        name: (item.data_ptr(), item.shape, item._version, item.clone()) for name, item in members.items()
    }
    record(net, torch.rand(3, 4))
    for name, item in members.items():
        address, shape, version, values = before[name]
        assert (item.data_ptr(), item.shape, item._version) == (address, shape, version), name
        assert torch.equal(item, values), name


@pytest.mark.parametrize("looks", [False, True], ids=["blind", "looks"])
def test_settings_are_put_back(looks: bool) -> None:
    net = Net(settings, looks)
    limit, filters = sys.getrecursionlimit(), list(warnings.filters)
    record(net, torch.rand(3, 4))
    assert [module.training for module in net.modules()] == [True, True]
    assert torch.get_default_dtype() is torch.float32
    assert torch.is_grad_enabled()
    assert not torch.are_deterministic_algorithms_enabled()
    assert not torch.backends.cudnn.benchmark
    assert warnings.filters == filters
    assert "CUPOLA_TEST_OF_A_TRACE" not in os.environ
    assert sys.getrecursionlimit() == limit


@pytest.mark.parametrize("name", KINDS)
def test_a_forward_that_raises_is_taken_back_too_and_ran_once(name: str) -> None:
    real = []

    def raises(net: Net, x: Tensor) -> None:
        KINDS[name](net, x)
        real.append(type(x) is Tensor)
        raise ArithmeticError("the model's own")

    net = Net(raises, True)
    before = {key: value for key, value in vars(net).items() if key != "_modules"}
    bytes_before = [item.clone() for item in (*net.parameters(), *net.buffers(), net.plain)]
    with pytest.raises(ArithmeticError, match="the model's own"):
        record(net, torch.rand(3, 4))
    assert vars(net).items() >= before.items()
    assert net.calls == 0
    assert net.history == []
    assert real == []  # the list is put back as well
    for item, expected in zip((*net.parameters(), *net.buffers(), net.plain), bytes_before, strict=True):
        assert torch.equal(item, expected)
        assert item.grad is None


def test_forward_runs_once_for_real() -> None:
    for looks in (True, False):
        count = open_counter()

        def counts(net: Net, x: Tensor, count: Callable[..., int] = count) -> None:
            if type(x) is Tensor:
                count()

        record(Net(counts, looks), torch.rand(3, 4))
        assert count(read=True) == int(looks)


def open_counter() -> Callable[..., int]:
    """Counts where no snapshot reaches: in a pipe."""
    reader, writer = os.pipe()
    os.set_blocking(reader, False)

    def count(read: bool = False) -> int:
        if not read:
            return os.write(writer, b".") and 0
        try:
            return len(os.read(reader, 100))
        except BlockingIOError:
            return 0

    return count


@pytest.mark.parametrize("looks", [False, True], ids=["blind", "looks"])
def test_what_the_walk_cannot_see_is_found_by_the_collector(
    looks: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    hidden: Any = types.ModuleType("hidden_from_the_walk")
    hidden.cache, hidden.listed, hidden.last, hidden.pairs = {}, [1], None, {}
    monkeypatch.setitem(sys.modules, "hidden_from_the_walk", hidden)

    def hides(net: Net, x: Tensor) -> None:
        module: Any = importlib.import_module("hidden_from_the_walk")
        module.cache["x"], module.last, module.pairs[1] = x, x, ((x, 2), 3)
        module.listed.append(x)
        module.cache["mask"] = torch.full((3, 3), 2.0).triu(1)

    before = fakes()
    net = Net(hides, looks)
    with pytest.warns(RuntimeWarning, match=r"kept results .* in hidden_from_the_walk\.last"):
        record(net, torch.rand(3, 4))
    assert list(hidden.cache) == ["mask"]
    assert torch.equal(hidden.cache["mask"], torch.full((3, 3), 2.0).triu(1))
    assert (hidden.listed, hidden.last, hidden.pairs) == ([1], None, {})
    assert fakes() == before
