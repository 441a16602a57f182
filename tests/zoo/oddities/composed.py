"""Modules that other programs made: scripted, traced, exported, compiled, quantised."""

from __future__ import annotations

import warnings
from typing import Any

import torch
from tests.zoo.registry import zoo
from torch import Tensor, nn


def quietly(make: Any, *arguments: Any, **options: Any) -> Any:
    """Calls what torch warns of: it is deprecated, and it is what people have."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return make(*arguments, **options)


class Small(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(4, 4)
        self.register_buffer("calls", torch.zeros(()))

    def forward(self, x: Tensor) -> Tensor:
        self.calls += 1
        return torch.relu(self.linear(x)) + self.calls


@zoo(quick=True)
def scripted_child() -> Any:
    return nn.Sequential(nn.Linear(4, 4), quietly(torch.jit.script, Small())), torch.rand(3, 4)


@zoo()
def scripted() -> Any:
    return quietly(torch.jit.script, nn.Sequential(Small(), nn.Dropout())), torch.rand(3, 4)


@zoo()
def traced() -> Any:
    layers = nn.Sequential(nn.Linear(4, 4), nn.BatchNorm1d(4), nn.ReLU())
    return quietly(torch.jit.trace, layers, torch.rand(3, 4)), torch.rand(3, 4)


@zoo()
def exported() -> Any:
    layers = nn.Sequential(nn.Linear(4, 4), nn.ReLU())
    return torch.export.export(layers, (torch.rand(3, 4),)).module(), torch.rand(3, 4)


@zoo()
def exported_with_a_counter() -> Any:
    return torch.export.export(Small(), (torch.rand(3, 4),)).module(), torch.rand(3, 4)


@zoo()
def symbolically_traced() -> Any:
    return torch.fx.symbolic_trace(nn.Sequential(nn.Linear(4, 4), nn.ReLU())), torch.rand(3, 4)


@zoo(quick=True)
def compiled_child() -> Any:
    compiled = torch.compile(Small(), backend="eager")
    return nn.Sequential(nn.Linear(4, 4), compiled), torch.rand(3, 4)


@zoo()
def compiled() -> Any:
    made: list[int] = []

    def backend(graph: Any, inputs: Any) -> Any:
        made.append(len(inputs))  # how often it is compiled
        return graph.forward

    return (
        torch.compile(nn.Sequential(nn.Linear(4, 4), nn.ReLU()), backend=backend),
        torch.rand(3, 4),
        None,
        made,
    )


@zoo()
def compiled_function_inside() -> Any:
    class Inside(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = nn.Linear(4, 4)
            self.work = torch.compile(lambda x: x.sin() + 1, backend="aot_eager")

        def forward(self, x: Tensor) -> Tensor:
            return self.work(self.layer(x))

    return Inside(), torch.rand(3, 4)


@zoo()
def quantised_dynamically() -> Any:
    layers = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2)).eval()
    quantised = quietly(torch.ao.quantization.quantize_dynamic, layers, {nn.Linear}, dtype=torch.qint8)
    return quantised, torch.rand(3, 4)


@zoo()
def quantised_statically() -> Any:
    layers = torch.ao.quantization.QuantWrapper(nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU())).eval()
    layers.qconfig = torch.ao.quantization.get_default_qconfig("x86")
    prepared = quietly(torch.ao.quantization.prepare, layers)
    prepared(torch.rand(1, 3, 6, 6))
    return quietly(torch.ao.quantization.convert, prepared), torch.rand(1, 3, 6, 6)


@zoo()
def quantised_in_training() -> Any:
    """Observers that write what they saw, in every forward."""
    layers = nn.Sequential(torch.ao.quantization.QuantStub(), nn.Linear(4, 4), nn.ReLU())
    layers.qconfig = torch.ao.quantization.get_default_qat_qconfig("x86")
    return quietly(torch.ao.quantization.prepare_qat, layers.train()), torch.rand(3, 4)


@torch.library.custom_op("cupola_zoo::halved", mutates_args=())
def halved(x: Tensor) -> Tensor:
    return x / 2


@torch.library.custom_op("cupola_zoo::counted", mutates_args={"counter"})
def counted(x: Tensor, counter: Tensor) -> Tensor:
    counter.add_(1)
    return x * 2


@zoo(quick=True)
def custom_op_without_a_fake_kernel() -> Any:
    class Custom(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = nn.Linear(4, 4)
            self.register_buffer("counter", torch.zeros(1))

        def forward(self, x: Tensor) -> Tensor:
            return self.layer(counted(halved(x), self.counter))

    return Custom(), torch.rand(3, 4)
