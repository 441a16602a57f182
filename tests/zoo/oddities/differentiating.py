"""Forwards that differentiate, and models of several networks."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import torch
import torch.utils.checkpoint
from tests.zoo.registry import zoo
from torch import Tensor, nn


def mlp(*widths: int) -> nn.Sequential:
    layers = [layer for pair in pairwise(widths) for layer in (nn.Linear(*pair), nn.Tanh())]
    return nn.Sequential(*layers[:-1])


class Forces(nn.Module):
    """Forces as the gradient of an energy."""

    differentiates = True

    def __init__(self) -> None:
        super().__init__()
        self.energy = mlp(3, 8, 1)

    def forward(self, places: Tensor) -> tuple[Tensor, Tensor]:
        places = places.detach().requires_grad_(True)
        energy = self.energy(places).sum()
        return energy, -torch.autograd.grad(energy, places, create_graph=True)[0]


@zoo(quick=True)
def forces() -> Any:
    return Forces(), torch.rand(5, 3)


class Residual(nn.Module):
    """The residual of a differential equation at points that require gradients."""

    differentiates = True

    def __init__(self) -> None:
        super().__init__()
        self.field = mlp(1, 8, 1)

    def forward(self, x: Tensor) -> Tensor:
        made = self.field(x)
        (slope,) = torch.autograd.grad(made, x, torch.ones_like(made), create_graph=True)
        (bend,) = torch.autograd.grad(slope, x, torch.ones_like(slope), create_graph=True)
        return bend + slope + made


@zoo(quick=True)
def physics_informed() -> Any:
    return Residual(), torch.linspace(0, 1, 6)[:, None].requires_grad_()


class Penalty(nn.Module):
    """WGAN-GP: a critic with its gradient penalty inside."""

    differentiates = True

    def __init__(self) -> None:
        super().__init__()
        self.critic = mlp(4, 8, 1)

    def forward(self, real: Tensor, made: Tensor) -> Tensor:
        share = torch.rand(len(real), 1)
        mixed = (real * share + made * (1 - share)).requires_grad_()
        (slope,) = torch.autograd.grad(self.critic(mixed).sum(), mixed, create_graph=True)
        return self.critic(made).mean() - self.critic(real).mean() + (slope.norm(dim=1) - 1).square().mean()


@zoo(quick=True)
def gradient_penalty() -> Any:
    return Penalty(), (torch.rand(4, 4), torch.rand(4, 4))


@zoo()
def langevin_energy_model() -> Any:
    class Energy(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.energy = mlp(4, 8, 1)

        def forward(self, x: Tensor) -> Tensor:
            for _ in range(2):
                with torch.enable_grad():
                    x = x.detach().requires_grad_()
                    (slope,) = torch.autograd.grad(self.energy(x).sum(), x)
                x = x.detach() - 0.1 * slope + 0.01 * torch.randn_like(x)
            return self.energy(x)

    return Energy(), torch.rand(4, 4)


@zoo()
def backward_in_forward() -> Any:
    """Learns while it runs: test-time training."""

    class Learns(nn.Module):
        differentiates = True

        def __init__(self) -> None:
            super().__init__()
            self.body = nn.Linear(4, 4)

        def forward(self, x: Tensor) -> Tensor:
            (self.body(x) - x).square().mean().backward()
            with torch.no_grad():
                self.body.weight -= 0.1 * self.body.weight.grad
            self.body.zero_grad()
            return self.body(x)

    return Learns(), torch.rand(3, 4)


@zoo()
def two_networks() -> Any:
    class Adversaries(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.generator, self.discriminator = mlp(2, 8, 4), mlp(4, 8, 1)

        def forward(self, noise: Tensor, real: Tensor) -> dict[str, Tensor]:
            made = self.generator(noise)
            return {"fake": self.discriminator(made.detach()), "real": self.discriminator(real), "made": made}

    return Adversaries(), (torch.rand(3, 2), torch.rand(3, 4))


@zoo(quick=True)
def checkpointed() -> Any:
    class Checkpointed(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.blocks = nn.ModuleList(
                nn.Sequential(nn.Linear(4, 4), nn.Dropout(0.2), nn.GELU()) for _ in range(2)
            )

        def forward(self, x: Tensor) -> Tensor:
            for index, block in enumerate(self.blocks):
                x = torch.utils.checkpoint.checkpoint(block, x, use_reentrant=bool(index))
            return x

    return Checkpointed(), torch.rand(3, 4)


class StraightThrough(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        ctx.save_for_backward(x)
        return x.sign()

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        (x,) = ctx.saved_tensors
        return gradient * (x.abs() < 1)


class Reversed(torch.autograd.Function):
    @staticmethod
    def forward(x: Tensor, scale: float) -> Tensor:
        return x.view_as(x)

    @staticmethod
    def setup_context(ctx: Any, inputs: Any, output: Any) -> None:
        ctx.scale = inputs[1]

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        return -ctx.scale * gradient, None


@zoo(quick=True)
def autograd_functions() -> Any:
    class Custom(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = nn.Linear(4, 4)

        def forward(self, x: Tensor) -> Tensor:
            return Reversed.apply(StraightThrough.apply(self.layer(x)), 0.5)

    return Custom(), torch.rand(3, 4)


@zoo()
def deep_equilibrium() -> Any:
    """Iterates until it stands still, then differentiates one step."""

    class Equilibrium(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer, self.steps = nn.Linear(4, 4), 0

        def forward(self, x: Tensor) -> Tensor:
            with torch.no_grad():
                z = torch.zeros_like(x)
                for _ in range(20):
                    self.steps += 1
                    before, z = z, torch.tanh(self.layer(z) + x)
                    if (z - before).norm() < 1e-2:
                        break
            return torch.tanh(self.layer(z) + x)

    return Equilibrium(), torch.rand(3, 4)


@zoo()
def jacobian() -> Any:
    class Jacobian(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.body = mlp(3, 6, 3)

        def forward(self, x: Tensor) -> Tensor:
            return torch.vmap(torch.func.jacrev(self.body))(x).diagonal(dim1=1, dim2=2).sum(-1)

    return Jacobian(), torch.rand(4, 3)
