"""Classifiers for small machines."""

from __future__ import annotations

from typing import Any

import torch
from tests.zoo.registry import zoo
from tests.zoo.vision.blocks import Branches, Residual, SqueezeExcite, conv_norm, head, images
from torch import Tensor, nn


@zoo()
def squeezenet() -> Any:
    def fire(given: int, squeezed: int, made: int) -> nn.Module:
        wide = Branches(nn.Conv2d(squeezed, made, 1), nn.Conv2d(squeezed, made, 3, padding=1))
        return nn.Sequential(nn.Conv2d(given, squeezed, 1), nn.ReLU(True), wide, nn.ReLU(True))

    body = (nn.Conv2d(3, 8, 3, 2), nn.MaxPool2d(3, 2, ceil_mode=True), fire(8, 4, 6), fire(12, 4, 8))
    return nn.Sequential(*body, nn.Dropout(), nn.Conv2d(16, 5, 1), nn.AdaptiveAvgPool2d(1)), images()


@zoo()
def mobilenet_v1() -> Any:
    def separable(given: int, made: int, stride: int) -> nn.Module:
        return nn.Sequential(conv_norm(given, given, 3, stride, given), conv_norm(given, made, 1))

    return nn.Sequential(conv_norm(3, 4, 3, 2), separable(4, 8, 1), separable(8, 12, 2), head(12)), images()


def inverted(
    given: int, made: int, stride: int, act: Any = nn.ReLU6, squeeze: bool = False, kernel: int = 3
) -> nn.Module:
    """Wide inside, narrow outside; linear at its end."""
    wide = given * 3
    body = [conv_norm(given, wide, 1, act=act), conv_norm(wide, wide, kernel, stride, wide, act=act)]
    tail = [SqueezeExcite(wide)] * squeeze + [nn.Conv2d(wide, made, 1), nn.BatchNorm2d(made)]
    layers = nn.Sequential(*body, *tail)
    return Residual(layers) if given == made and stride == 1 else layers


@zoo(quick=True)
def mobilenet_v2() -> Any:
    body = (inverted(4, 4, 1), inverted(4, 6, 2), inverted(6, 6, 1))
    return nn.Sequential(conv_norm(3, 4, 3, 2, act=nn.ReLU6), *body, nn.Dropout(0.2), head(6)), images()


@zoo(quick=True)
def mobilenet_v3() -> Any:
    first, second = inverted(4, 4, 1, nn.ReLU, True), inverted(4, 6, 2, nn.Hardswish, True, 5)
    body = (first, second, inverted(6, 6, 1, nn.Hardswish))
    return nn.Sequential(conv_norm(3, 4, 3, 2, act=nn.Hardswish), *body, nn.Hardsigmoid(), head(6)), images()


@zoo()
def mnasnet() -> Any:
    return nn.Sequential(conv_norm(3, 4, 3, 2), inverted(4, 6, 2, kernel=5), inverted(6, 6, 1), head(6)), (
        images(),
    )


class StochasticDepth(nn.Module):
    """Leaves its body out by chance in training: Python and torch both draw."""

    def __init__(self, body: nn.Module, rate: float) -> None:
        super().__init__()
        self.body, self.rate = body, rate

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return x + self.body(x)
        kept = torch.empty(len(x), 1, 1, 1).bernoulli_(1 - self.rate).div_(1 - self.rate)
        return x + self.body(x) * kept


@zoo(quick=True)
def efficientnet() -> Any:
    body = (inverted(4, 6, 2, nn.SiLU, True), StochasticDepth(inverted(6, 8, 1, nn.SiLU, True), 0.2))
    body = (body[0], StochasticDepth(nn.Sequential(inverted(6, 8, 1, nn.SiLU), conv_norm(8, 6, 1)), 0.2))
    return nn.Sequential(conv_norm(3, 4, 3, 2, act=nn.SiLU), *body, nn.Dropout(0.2), head(6)), images()


class ShuffleUnit(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        half = width // 2
        self.branch = nn.Sequential(conv_norm(half, half, 1), conv_norm(half, half, 3, 1, half))

    def forward(self, x: Tensor) -> Tensor:
        kept, worked = x.chunk(2, dim=1)
        x = torch.cat((kept, self.branch(worked)), dim=1)
        count, channels, height, width = x.shape
        shuffled = x.view(count, 2, channels // 2, height, width).transpose(1, 2).contiguous()
        return shuffled.view(count, channels, height, width)


@zoo()
def shufflenet_v2() -> Any:
    return nn.Sequential(conv_norm(3, 8, 3, 2), ShuffleUnit(8), ShuffleUnit(8), head(8)), images()


class Ghost(nn.Module):
    """Half of its maps are cheap shadows of the other half."""

    def __init__(self, given: int, made: int) -> None:
        super().__init__()
        self.primary = conv_norm(given, made // 2, 1)
        self.cheap = conv_norm(made // 2, made // 2, 3, 1, made // 2)

    def forward(self, x: Tensor) -> Tensor:
        first = self.primary(x)
        return torch.cat([first, self.cheap(first)], 1)


@zoo()
def ghostnet() -> Any:
    return nn.Sequential(conv_norm(3, 8, 3, 2), Ghost(8, 8), Ghost(8, 12), head(12)), images()
