"""Tensors that are not dense floats, and outputs that are not tensors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from tests.zoo.registry import zoo
from torch import Tensor, nn
from torch.nn import functional as F


class Calls(nn.Module):
    """A layer and a function of it."""

    def __init__(self, function: Any, layer: nn.Module | None = None) -> None:
        super().__init__()
        self.layer, self.function = layer or nn.Linear(4, 4), function

    def forward(self, x: Tensor) -> Any:
        return self.function(self.layer, x)


@zoo()
def sparse_multiplication() -> Any:
    return Calls(lambda layer, x: torch.sparse.mm(x.to_sparse(), layer.weight)), torch.eye(4)


@zoo()
def sparse_input() -> Any:
    adjacency = torch.eye(4).to_sparse_coo()
    return Calls(lambda layer, x: torch.sparse.mm(x, layer(torch.ones(4, 4)))), adjacency


@zoo()
def sparse_gradients() -> Any:
    return nn.Embedding(9, 4, sparse=True), torch.randint(0, 9, (2, 3))


@zoo()
def nested_tensors() -> Any:
    def run(layer: Any, x: Tensor) -> Tensor:
        nested = torch.nested.nested_tensor([x[:2], x[2:]], layout=torch.jagged)
        return torch.nested.to_padded_tensor(layer(nested), 0.0)

    return Calls(run), torch.rand(5, 4)


@zoo(quick=True)
def complex_spectrum() -> Any:
    def run(layer: Any, x: Tensor) -> Tensor:
        return torch.view_as_real(torch.fft.rfft(layer(x)) * torch.polar(torch.ones(3), torch.rand(3)))

    return Calls(run), torch.rand(3, 4)


@zoo()
def complex_parameters() -> Any:
    layer = nn.Linear(4, 4, dtype=torch.complex64)
    return Calls(lambda layer, x: layer(x.to(torch.complex64)), layer), torch.rand(3, 4)


@zoo()
def bfloat16() -> Any:
    return nn.Sequential(nn.Linear(4, 4), nn.LayerNorm(4)).to(torch.bfloat16), torch.rand(3, 4).bfloat16()


@zoo()
def autocast() -> Any:
    def run(layer: Any, x: Tensor) -> Tensor:
        with torch.autocast("cpu", torch.bfloat16):
            return layer(x)

    return Calls(run), torch.rand(3, 4)


@zoo()
def float64_by_default() -> Any:
    return nn.Sequential(nn.Linear(4, 4), nn.Softplus()).double(), torch.rand(3, 4, dtype=torch.float64)


@zoo()
def in_place_everywhere() -> Any:
    def run(layer: Any, x: Tensor) -> Tensor:
        made = layer(x)
        made[:, :2] = x[:, :2]
        made[:, 1].mul_(2)
        out = torch.empty(3, 4)
        with torch.no_grad():
            torch.add(made, 1, out=out)
        return made.relu_() + out

    return Calls(run), torch.rand(3, 4)


@zoo()
def list_of_outputs() -> Any:
    return Calls(lambda layer, x: [layer(x), {"same": x, "none": None, "text": "a"}, 3]), torch.rand(3, 4)


def pieces(layer: Any, x: Tensor) -> Iterator[Tensor]:
    for row in x:
        yield layer(row)


@zoo()
def generator_as_output() -> Any:
    return Calls(pieces), torch.rand(3, 4), lambda model, given: list(model(given))


@zoo()
def nothing_as_output() -> Any:
    return Calls(lambda layer, x: layer(x).sum() and None), torch.rand(3, 4)


@zoo()
def distribution_as_output() -> Any:
    def run(layer: Any, x: Tensor) -> Any:
        return torch.distributions.Normal(layer(x), F.softplus(x))

    return Calls(run), torch.rand(3, 4), lambda model, given: model(given).rsample()


@zoo()
def identity() -> Any:
    return nn.Identity(), torch.rand(3, 4)


@zoo()
def empty_batch() -> Any:
    return nn.Sequential(nn.Linear(4, 4), nn.ReLU()), torch.rand(0, 4)


@zoo()
def views_of_parameters() -> Any:
    def run(layer: Any, x: Tensor) -> Tensor:
        return x @ layer.weight.data.T + layer.bias.view(1, 4).expand(3, 4)

    return Calls(run), torch.rand(3, 4)


class Marked(torch.Tensor):
    """A subclass of tensor, as fastai and torchvision have them."""


@zoo()
def subclassed_tensor() -> Any:
    return nn.Sequential(nn.Linear(4, 4), nn.ReLU()), torch.rand(3, 4).as_subclass(Marked)
