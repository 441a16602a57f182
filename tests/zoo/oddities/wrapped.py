"""What is no module, and has modules inside: bound methods, partials, lambdas, callables."""

from __future__ import annotations

import functools
from typing import Any

import torch
from tests.zoo.registry import zoo
from torch import Tensor, nn


class TwoWays(nn.Module):
    """Several ways in, and a counter of calls."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(6, 4), nn.BatchNorm1d(4), nn.Dropout())
        self.decoder = nn.Linear(4, 6)
        self.register_buffer("calls", torch.zeros(()))

    def encode(self, x: Tensor, flag: bool = False) -> Tensor:
        self.calls += 1
        made = self.encoder(x)
        return made * 2 if flag and made.sum() > -1e9 else made

    def forward(self, x: Tensor, *, flag: bool = False) -> Tensor:
        return self.decoder(self.encode(x, flag))


@zoo(quick=True)
def bound_method() -> Any:
    model: Any = TwoWays()
    return model.encode, torch.rand(3, 6), None, model


@zoo(quick=True)
def partial() -> Any:
    model: Any = TwoWays()
    return functools.partial(model, flag=True), torch.rand(3, 6), None, model


@zoo()
def partial_of_a_method() -> Any:
    model: Any = TwoWays()
    return functools.partial(model.encode, flag=True), torch.rand(3, 6), None, model


@zoo()
def lambda_of_a_model() -> Any:
    model: Any = TwoWays()
    return lambda x: model(x, flag=True), torch.rand(3, 6), None, model


@zoo()
def callable_object() -> Any:
    class Pipeline:
        def __init__(self) -> None:
            self.stages: dict[str, Any] = {"first": TwoWays(), "second": [nn.Linear(6, 2)]}

        def __call__(self, x: Tensor) -> Tensor:
            return self.stages["second"][0](self.stages["first"](x))

    return Pipeline(), torch.rand(3, 6)


@zoo()
def plain_function() -> Any:
    return (lambda x: x.sin() + torch.rand(6)), torch.rand(3, 6)


@zoo()
def keyword_only_arguments() -> Any:
    class Keywords(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = nn.Linear(6, 6)

        def forward(self, x: Tensor, *, scale: float, mask: Tensor | None = None) -> Tensor:
            return self.layer(x) * scale if mask is None else self.layer(x) * scale * mask

    return Keywords(), {"x": torch.rand(3, 6), "scale": 2.0, "mask": torch.ones(6)}
