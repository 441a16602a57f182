"""Blocks that several architectures share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn


def images(size: int = 32, count: int = 2, channels: int = 3) -> Tensor:
    return torch.rand(count, channels, size, size)


def conv_norm(
    given: int, made: int, kernel: int = 3, stride: int = 1, groups: int = 1, act: Callable[[], Any] = nn.ReLU
) -> nn.Sequential:
    """Convolution, batch norm, activation; padded so that a stride of 1 keeps the size."""
    conv = nn.Conv2d(given, made, kernel, stride, kernel // 2, groups=groups, bias=False)
    return nn.Sequential(conv, nn.BatchNorm2d(made), act())


class Residual(nn.Module):
    """`x + body(x)`, with a projection where the shapes differ."""

    def __init__(self, body: nn.Module, shortcut: nn.Module | None = None, after: nn.Module | None = None):
        super().__init__()
        self.body, self.shortcut, self.after = body, shortcut, after

    def forward(self, x: Tensor) -> Tensor:
        y = self.body(x) + (x if self.shortcut is None else self.shortcut(x))
        return y if self.after is None else self.after(y)


class SqueezeExcite(nn.Module):
    """Weighs the channels by a look at all of the image."""

    def __init__(self, width: int, squeezed: int = 4) -> None:
        super().__init__()
        self.fc1, self.fc2 = nn.Conv2d(width, squeezed, 1), nn.Conv2d(squeezed, width, 1)

    def forward(self, x: Tensor) -> Tensor:
        scale = x.mean((2, 3), keepdim=True)
        return x * self.fc2(self.fc1(scale).relu()).sigmoid()


class Branches(nn.Module):
    """Branches side by side, concatenated."""

    def __init__(self, *branches: nn.Module) -> None:
        super().__init__()
        self.branches = nn.ModuleList(branches)

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([branch(x) for branch in self.branches], 1)


def head(width: int, classes: int = 5) -> nn.Sequential:
    """Mean over the image, and a linear layer."""
    return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(width, classes))
