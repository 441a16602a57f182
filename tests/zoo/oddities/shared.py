"""Parameters that are shared, computed, masked or not there yet."""

from __future__ import annotations

from typing import Any

import torch
from tests.zoo.registry import zoo
from torch import Tensor, nn
from torch.nn.utils import parametrizations, parametrize, prune


class LanguageModel(nn.Module):
    """The output's weight is the embedding's."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding, self.body = nn.Embedding(11, 6), nn.GRU(6, 6, batch_first=True)
        self.head = nn.Linear(6, 11, bias=False)
        self.head.weight = self.embedding.weight

    def forward(self, tokens: Tensor) -> Tensor:
        return self.head(self.body(self.embedding(tokens))[0])


@zoo(quick=True)
def tied_weights() -> Any:
    return LanguageModel(), torch.randint(0, 11, (2, 5))


@zoo()
def siamese() -> Any:
    class Siamese(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.trunk = nn.Sequential(nn.Linear(6, 4), nn.BatchNorm1d(4))

        def forward(self, first: Tensor, second: Tensor) -> Tensor:
            return torch.cosine_similarity(self.trunk(first), self.trunk(second))

    return Siamese(), (torch.rand(3, 6), torch.rand(3, 6))


@zoo(quick=True)
def spectral_norm() -> Any:
    """Its power iteration writes buffers in every forward of training."""
    layer = parametrizations.spectral_norm(nn.Linear(6, 6))
    return nn.Sequential(layer, nn.LeakyReLU(), nn.utils.spectral_norm(nn.Conv1d(3, 2, 1))), torch.rand(
        2, 3, 6
    )


@zoo()
def weight_norm() -> Any:
    return nn.Sequential(parametrizations.weight_norm(nn.Linear(6, 6)), nn.Tanh()), torch.rand(3, 6)


@zoo()
def orthogonal() -> Any:
    return parametrizations.orthogonal(nn.Linear(6, 6)), torch.rand(3, 6)


@zoo()
def parametrized_by_a_module() -> Any:
    class Symmetric(nn.Module):
        def forward(self, weight: Tensor) -> Tensor:
            return weight.triu() + weight.triu(1).T

    layer = nn.Linear(6, 6)
    parametrize.register_parametrization(layer, "weight", Symmetric())
    return layer, torch.rand(3, 6)


@zoo()
def pruned() -> Any:
    layer = nn.Linear(6, 6)
    prune.l1_unstructured(layer, "weight", amount=0.5)
    return nn.Sequential(layer, nn.ReLU()), torch.rand(3, 6)


class LowRank(nn.Module):
    """LoRA: a frozen layer, and a small learnt difference."""

    def __init__(self, base: nn.Linear) -> None:
        super().__init__()
        self.base = base.requires_grad_(False)
        self.down = nn.Parameter(torch.randn(2, base.in_features) * 0.1)
        self.up = nn.Parameter(torch.zeros(base.out_features, 2))

    def forward(self, x: Tensor) -> Tensor:
        return self.base(x) + x @ self.down.T @ self.up.T


@zoo(quick=True)
def lora() -> Any:
    return nn.Sequential(LowRank(nn.Linear(6, 6)), nn.GELU(), LowRank(nn.Linear(6, 3))), torch.rand(3, 6)


@zoo()
def frozen_backbone() -> Any:
    backbone = nn.Sequential(nn.Linear(6, 6), nn.BatchNorm1d(6)).requires_grad_(False).eval()
    return nn.Sequential(backbone, nn.Linear(6, 2)), torch.rand(3, 6)


@zoo()
def hypernetwork() -> Any:
    class Hyper(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.make, self.body = nn.Linear(6, 42), nn.Linear(6, 6)

        def forward(self, x: Tensor, code: Tensor) -> Tensor:
            weight, bias = self.make(code).split([36, 6])
            return torch.func.functional_call(self.body, {"weight": weight.view(6, 6), "bias": bias}, (x,))

    return Hyper(), (torch.rand(3, 6), torch.rand(6))


@zoo(quick=True)
def lazy_modules() -> Any:
    def call(model: Any, given: Any) -> Any:
        return model(given)

    return nn.Sequential(nn.LazyLinear(4), nn.LazyBatchNorm1d(), nn.ReLU()), torch.rand(3, 6), call


@zoo()
def parameters_in_lists() -> Any:
    class Held(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.many = nn.ParameterList(torch.rand(6) for _ in range(3))
            self.named = nn.ParameterDict({"scale": torch.rand(6)})

        def forward(self, x: Tensor) -> Tensor:
            return sum((x * item for item in self.many), x * self.named["scale"])

    return Held(), torch.rand(3, 6)


@zoo()
def ensemble_by_functional_call() -> Any:
    class Ensemble(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            members = [nn.Linear(6, 2) for _ in range(3)]
            weights, _ = torch.func.stack_module_state(members)
            self.weights = nn.ParameterDict(weights)
            self.member = nn.Linear(6, 2, device="meta").requires_grad_(False)

        def forward(self, x: Tensor) -> Tensor:
            def run(weights: dict[str, Tensor]) -> Tensor:
                return torch.func.functional_call(self.member, weights, (x,))

            return torch.vmap(run)(dict(self.weights))

    return Ensemble(), torch.rand(3, 6)
