"""State that forward writes: caches wherever a program can keep them, counters, running statistics."""

from __future__ import annotations

import functools
import random
from collections import defaultdict, deque
from types import SimpleNamespace
from typing import Any, ClassVar

import numpy as np
import torch
from tests.zoo.registry import zoo
from torch import Tensor, nn
from torch.nn import functional as F


class Masked(nn.Module):
    """Attention under a mask that `mask` gives."""

    def __init__(self, mask: Any) -> None:
        super().__init__()
        self.scores, self.mask = nn.Linear(6, 6), mask

    def forward(self, x: Tensor) -> Tensor:
        return (self.scores(x) @ x.mT + self.mask(x.shape[1])).softmax(-1) @ x


def causal(length: int) -> Tensor:
    return torch.full((length, length), -1e9).triu(1)


@zoo(quick=True)
def cached_mask() -> Any:
    return Masked(functools.lru_cache(maxsize=None)(causal)), torch.rand(2, 5, 6)


@zoo()
def mask_in_a_closure() -> Any:
    known: dict[int, Tensor] = {}

    def mask(length: int) -> Tensor:
        if length not in known:
            known[length] = causal(length)
        return known[length]

    return Masked(mask), torch.rand(2, 5, 6)


@zoo()
def mask_in_a_default() -> Any:
    def mask(length: int, known: dict[int, Tensor] = {}) -> Tensor:  # noqa: B006  it is the point
        return known.setdefault(length, causal(length))

    return Masked(mask), torch.rand(2, 5, 6)


@zoo(quick=True)
def mask_in_a_class() -> Any:
    class Keeper:
        known: ClassVar[dict[int, Tensor]] = {}

        def __call__(self, length: int) -> Tensor:
            self.known[length] = self.known.get(length, causal(length))
            return self.known[length]

    Keeper.__module__ = __name__
    return Masked(Keeper()), torch.rand(2, 5, 6), None, Keeper.known


@zoo()
def cached_property() -> Any:
    class Positions(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.linear = nn.Linear(6, 6)

        @functools.cached_property
        def table(self) -> Tensor:
            return torch.arange(30.0).view(5, 6).sin()

        def forward(self, x: Tensor) -> Tensor:
            return self.linear(x + self.table)

    return Positions(), torch.rand(2, 5, 6)


@zoo(quick=True)
def cache_and_a_look_at_the_data() -> Any:
    window = functools.lru_cache(maxsize=None)(torch.hann_window)

    def gate(model: Any, x: Tensor) -> Tensor:
        x = model.layer(x) * window(6)
        return x * 2 if x.sum().item() > 0 else x

    return Stateful(gate), torch.rand(3, 6)


class Stateful(nn.Module):
    """A layer, and whatever a function does with the module."""

    def __init__(self, function: Any, **members: Any) -> None:
        super().__init__()
        self.layer = nn.Linear(6, 6)
        self.function = function
        for name, member in members.items():
            setattr(self, name, member)

    def forward(self, x: Tensor) -> Any:
        return self.function(self, x)


def _keeps_everywhere(model: Any, x: Tensor) -> Tensor:
    made = model.layer(x)
    model.memory["keys"].setdefault("newest", made)
    model.queue.append(made)
    model.feature.newest = made
    model.by_name["made"].append(made)
    model.calls += 1
    model.last = made
    return made


@zoo(quick=True)
def objects_of_its_own() -> Any:
    model = Stateful(
        _keeps_everywhere,
        memory={"keys": {}},
        queue=deque(maxlen=3),
        feature=SimpleNamespace(newest=None),
        by_name=defaultdict(list),
        calls=0,
        last=None,
    )
    return model, torch.rand(3, 6)


@zoo(quick=True)
def lists_of_hooks() -> Any:
    model = nn.Sequential(nn.Linear(6, 6), nn.ReLU(), nn.Linear(6, 2))
    seen: list[Any] = []
    model[0].register_forward_hook(lambda module, given, made: seen.append(made))
    model[2].register_forward_pre_hook(lambda module, given: seen.extend(given))
    model[2].register_full_backward_hook(lambda module, given, made: seen.extend(made))
    return model, torch.rand(3, 6), None, seen


@zoo()
def hooks_that_replace() -> Any:
    model = nn.Sequential(nn.Linear(6, 6), nn.ReLU(), nn.Linear(6, 2))
    model[0].register_forward_hook(lambda module, given, made: made * 2)
    model[2].register_forward_pre_hook(lambda module, given: (given[0] + 1,))
    return model, torch.rand(3, 6)


@zoo()
def hooks_on_tensors() -> Any:
    norms: list[float] = []

    def watched(model: Any, x: Tensor) -> Tensor:
        made = model.layer(x)
        if made.requires_grad:
            made.register_hook(lambda gradient: norms.append(float(gradient.norm())))
        return made

    return Stateful(watched), torch.rand(3, 6), None, norms


class Codebook(nn.Module):
    """VQ-VAE: a codebook that follows the data by a moving mean, in training only or always."""

    def __init__(self, *, always: bool) -> None:
        super().__init__()
        self.layer, self.always = nn.Linear(6, 6), always
        self.register_buffer("codes", torch.randn(4, 6))
        self.register_buffer("counts", torch.zeros(4))
        self.register_buffer("calls", torch.zeros((), dtype=torch.long))
        self.seen = 0
        self.history: list[int] = []

    def forward(self, x: Tensor) -> Tensor:
        made = self.layer(x)
        choice = torch.cdist(made, self.codes).argmin(-1)
        if self.training or self.always:
            with torch.no_grad():
                chosen = F.one_hot(choice, 4).float()
                self.counts.mul_(0.9).add_(chosen.sum(0), alpha=0.1)
                self.codes += 0.1 * (chosen.T @ made.detach()) / (self.counts[:, None] + 1)
                self.calls += 1
                self.seen += len(x)
                self.history.append(int(self.calls))
        return made + (self.codes[choice] - made).detach()


@zoo(quick=True)
def ema_codebook() -> Any:
    return Codebook(always=True), torch.rand(5, 6)


@zoo()
def ema_codebook_in_training() -> Any:
    return Codebook(always=False), torch.rand(5, 6)


@zoo(quick=True)
def batch_norm_always_in_training() -> Any:
    def normed(model: Any, x: Tensor) -> Tensor:
        made = F.batch_norm(model.layer(x), model.mean, model.variance, training=True)
        return made if made.isfinite().all() else x

    model = Stateful(normed)
    model.register_buffer("mean", torch.zeros(6))
    model.register_buffer("variance", torch.ones(6))
    return model, torch.rand(5, 6)


@zoo()
def warm_up_counter() -> Any:
    """A parameter that forward writes, and a flag that tells whether it has (actnorm's first batch)."""

    def actnorm(model: Any, x: Tensor) -> Tensor:
        if not model.ready:
            with torch.no_grad():
                model.scale.copy_(1 / (x.std(0) + 1e-6))
            model.ready = torch.tensor(True)
        return model.layer(x * model.scale)

    return Stateful(actnorm, scale=nn.Parameter(torch.ones(6)), ready=torch.tensor(False)), torch.rand(5, 6)


@zoo()
def buffer_replaced_each_call() -> Any:
    def replaced(model: Any, x: Tensor) -> Tensor:
        model.step = model.step + 1
        return model.layer(x) * model.step

    model = Stateful(replaced)
    model.register_buffer("step", torch.zeros(()))
    return model, torch.rand(5, 6)


@zoo(quick=True)
def generators_of_all_kinds() -> Any:
    own, numpy = torch.Generator().manual_seed(3), np.random.default_rng(3)

    def noisy(model: Any, x: Tensor) -> Tensor:
        x = x + torch.rand(x.shape) + torch.rand(x.shape, generator=own) * random.random()
        return model.layer(x * float(numpy.random()) * float(np.random.rand()))

    return Stateful(noisy), torch.rand(5, 6), None, lambda: (own.get_state(), numpy.bit_generator.state)


@zoo()
def data_in_place_of_the_input() -> Any:
    def scribbles(model: Any, x: Tensor) -> Tensor:
        x += 1
        return model.layer(x)

    return Stateful(scribbles), torch.rand(5, 6)


@zoo()
def iterator_in_the_model() -> Any:
    def next_scale(model: Any, x: Tensor) -> Tensor:
        model.position = (model.position + 1) % 3
        return model.layer(x) * next(model.scales)

    return Stateful(next_scale, position=0, scales=iter([1.0, 2.0, 3.0, 4.0, 5.0])), torch.rand(5, 6)


@zoo()
def file_of_numbers() -> Any:
    """Writes what it sees into a NumPy array that it holds."""

    def logs(model: Any, x: Tensor) -> Tensor:
        made = model.layer(x)
        model.log[: len(x)] += made.detach().numpy().mean(1)
        return made

    return Stateful(logs, log=np.zeros(8)), torch.rand(5, 6)


class Momentum(nn.Module):
    """MoCo: an encoder that follows another, and a queue in a ring."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key = nn.Linear(6, 4), nn.Linear(6, 4)
        self.key.requires_grad_(False)
        self.register_buffer("queue", F.normalize(torch.randn(4, 8), dim=0))
        self.register_buffer("pointer", torch.zeros(1, dtype=torch.long))

    def forward(self, x: Tensor) -> Tensor:
        with torch.no_grad():
            for follower, leader in zip(self.key.parameters(), self.query.parameters(), strict=True):
                follower.data = follower.data * 0.9 + leader.data * 0.1
            keys = F.normalize(self.key(x), dim=1)
            start = int(self.pointer)
            self.queue[:, start : start + len(x)] = keys.T
            self.pointer[0] = (start + len(x)) % 8
        return F.normalize(self.query(x), dim=1) @ self.queue.clone().detach()


@zoo(quick=True)
def momentum_contrast() -> Any:
    return Momentum(), torch.rand(4, 6)
