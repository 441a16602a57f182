"""Forwards under transforms: `torch.func`, modes, inference."""

from __future__ import annotations

import threading
from typing import Any

import torch
from tests.zoo.oddities.values import Calls
from tests.zoo.registry import zoo
from torch import Tensor, nn


@zoo(quick=True)
def vmapped() -> Any:
    return Calls(lambda layer, x: torch.vmap(lambda row: layer(row) * 2)(x).sum(0)), torch.rand(3, 4)


@zoo()
def vmapped_with_randomness() -> Any:
    def run(layer: Any, x: Tensor) -> Tensor:
        return torch.vmap(lambda row: layer(row) + torch.rand(4), randomness="different")(x)

    return Calls(run), torch.rand(3, 4)


@zoo()
def gradients_by_func() -> Any:
    return Calls(lambda layer, x: torch.func.grad(lambda v: layer(v).square().sum())(x)), torch.rand(3, 4)


@zoo()
def jacobian_vector_product() -> Any:
    def run(layer: Any, x: Tensor) -> Any:
        return torch.func.jvp(lambda v: layer(v).sin(), (x,), (torch.ones_like(x),))

    return Calls(run), torch.rand(3, 4)


@zoo()
def inference_mode_inside() -> Any:
    def run(layer: Any, x: Tensor) -> Tensor:
        with torch.inference_mode():
            return layer(x).add_(1)

    return Calls(run), torch.rand(3, 4)


@zoo()
def no_grad_inside() -> Any:
    def run(layer: Any, x: Tensor) -> Tensor:
        with torch.no_grad():
            target = layer(x)
        return layer(x) - target / 2

    return Calls(run), torch.rand(3, 4)


@zoo()
def settings_changed_inside() -> Any:
    """Sets what holds for the whole process, and sets it back."""

    def run(layer: Any, x: Tensor) -> Tensor:
        before = torch.get_default_dtype()
        torch.set_default_dtype(torch.float64)
        made = layer(x) * torch.ones(4).float()
        torch.set_default_dtype(before)
        return made

    return Calls(run), torch.rand(3, 4)


@zoo()
def worker_thread_inside() -> Any:
    def run(layer: Any, x: Tensor) -> Tensor:
        made: list[Tensor] = []
        thread = threading.Thread(target=lambda: made.append(x * 2))
        thread.start()
        thread.join()
        return layer(made[0])

    return Calls(run), torch.rand(3, 4)


@zoo()
def seeds_inside() -> Any:
    def run(layer: Any, x: Tensor) -> Tensor:
        torch.manual_seed(1)
        return layer(x) + torch.rand(4)

    return Calls(run), torch.rand(3, 4)


@zoo()
def dropout_in_evaluation() -> Any:
    """Monte Carlo dropout, and modules whose modes differ."""
    model = nn.Sequential(nn.Linear(4, 4), nn.Dropout(0.5), nn.BatchNorm1d(4), nn.AlphaDropout(0.3))
    model[2].eval()
    return model, torch.rand(3, 4)


@zoo()
def training_flag_set_inside() -> Any:
    class Flips(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer, self.drop = nn.Linear(4, 4), nn.Dropout()

        def forward(self, x: Tensor) -> Tensor:
            self.drop.train()
            return self.drop(self.layer(x))

    return Flips(), torch.rand(3, 4)
