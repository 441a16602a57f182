"""The path depends on the data."""

from __future__ import annotations

from typing import Any

import torch
from tests.zoo.registry import zoo
from torch import Tensor, nn


class MixtureOfExperts(nn.Module):
    """Each token goes to one expert; a buffer counts how many went where."""

    def __init__(self) -> None:
        super().__init__()
        self.router, self.experts = nn.Linear(6, 3), nn.ModuleList(nn.Linear(6, 6) for _ in range(3))
        self.register_buffer("load", torch.zeros(3))
        self.balance = None

    def forward(self, x: Tensor) -> Tensor:
        weights = self.router(x).softmax(-1)
        best, chosen = weights.max(-1)
        made = torch.zeros_like(x)
        for index, expert in enumerate(self.experts):
            rows = (chosen == index).nonzero(as_tuple=True)[0]
            if len(rows):
                made.index_add_(0, rows, expert(x[rows]) * best[rows, None])
            self.load[index] += len(rows)
        self.balance = weights.mean(0).square().sum()
        return made


@zoo(quick=True)
def mixture_of_experts() -> Any:
    return MixtureOfExperts(), torch.rand(8, 6)


@zoo()
def early_exit() -> Any:
    class EarlyExit(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.blocks, self.heads = (nn.ModuleList(nn.Linear(6, 6) for _ in range(3)) for _ in range(2))
            self.exits: list[int] = []

        def forward(self, x: Tensor) -> Tensor:
            for block, head in zip(self.blocks, self.heads, strict=True):
                x = block(x).relu()
                made = head(x)
                if made.softmax(-1).max() > 0.3:
                    break
            self.exits.append(len(x))
            return made

    return EarlyExit(), torch.rand(2, 6)


@zoo()
def adaptive_computation() -> Any:
    class Ponder(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.cell, self.halt = nn.GRUCell(6, 6), nn.Linear(6, 1)

        def forward(self, x: Tensor) -> tuple[Tensor, int]:
            hidden, left, steps = torch.zeros_like(x), torch.ones(len(x), 1), 0
            while bool((left > 0.1).any()) and steps < 5:
                hidden = self.cell(x, hidden)
                left = left - self.halt(hidden).sigmoid() * left
                steps += 1
            return hidden, steps

    return Ponder(), torch.rand(3, 6)


@zoo()
def raises_on_strange_data() -> Any:
    class Checked(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = nn.Linear(6, 6)

        def forward(self, x: Tensor) -> Tensor:
            made = self.layer(x)
            if not torch.isfinite(made).all():
                raise FloatingPointError("not finite")
            assert x.max() <= 1
            return made

    return Checked(), torch.rand(3, 6)


@zoo(quick=True)
def through_numpy() -> Any:
    class Median(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = nn.Linear(6, 6)

        def forward(self, x: Tensor) -> Tensor:
            import numpy as np

            made = self.layer(x)
            return made - torch.from_numpy(np.median(made.detach().numpy(), axis=0))

    return Median(), torch.rand(3, 6)


@zoo()
def sampled_policy() -> Any:
    """Draws an action and remembers its log probability, as actor-critic programs do."""

    class Policy(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.actor, self.critic = nn.Linear(6, 3), nn.Linear(6, 1)
            self.saved: list[Any] = []

        def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
            actions = torch.distributions.Categorical(logits=self.actor(x))
            action = actions.sample()
            self.saved.append((actions.log_prob(action), self.critic(x)))
            return actions.log_prob(action), self.saved[-1][1]

    return Policy(), torch.rand(3, 6)


@zoo()
def unique_and_masked_select() -> Any:
    class Selects(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.embedding = nn.EmbeddingBag(10, 4)

        def forward(self, tokens: Tensor) -> Tensor:
            kinds, counts = tokens.unique(return_counts=True)
            made = self.embedding(kinds[None]) * counts.max()
            return made.masked_select(made > 0)

    return Selects(), torch.randint(0, 10, (12,))


@zoo()
def graph_network() -> Any:
    class Messages(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.message, self.update = nn.Linear(8, 4), nn.GRUCell(4, 4)

        def forward(self, x: Tensor, edge_index: Tensor) -> Tensor:
            count = int(edge_index.max()) + 1
            source, target = edge_index
            sent = self.message(torch.cat([x[source], x[target]], 1))
            return self.update(torch.zeros(count, 4).scatter_add(0, target[:, None].expand(-1, 4), sent), x)

    return Messages(), (torch.rand(5, 4), torch.tensor([[0, 1, 2, 3], [1, 2, 3, 4]]))
