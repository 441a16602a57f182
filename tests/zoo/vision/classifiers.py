"""Classifiers, in the order of their years."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import torch
from tests.zoo.registry import zoo
from tests.zoo.vision.blocks import Branches, Residual, SqueezeExcite, conv_norm, head, images
from torch import Tensor, nn
from torch.nn import functional as F


@zoo(quick=True)
def lenet() -> Any:
    body = (nn.Conv2d(1, 4, 5), nn.Tanh(), nn.AvgPool2d(2), nn.Conv2d(4, 8, 5), nn.Tanh(), nn.AvgPool2d(2))
    return nn.Sequential(*body, nn.Flatten(), nn.Linear(200, 16), nn.Tanh(), nn.Linear(16, 10)), images(
        channels=1
    )


@zoo()
def alexnet() -> Any:
    norm = nn.LocalResponseNorm(2)
    body = (nn.Conv2d(3, 8, 5, 2), nn.ReLU(inplace=True), norm, nn.MaxPool2d(3, 2), nn.Conv2d(8, 8, 3))
    rest = (nn.Dropout(), nn.Linear(72, 16), nn.ReLU(inplace=True), nn.Dropout(), nn.Linear(16, 5))
    return nn.Sequential(*body, nn.AdaptiveMaxPool2d(3), nn.Flatten(), *rest), images()


def _shown(make: Any, *sizes: Any) -> Any:
    return make(*sizes), images()


def vgg(table: tuple[int, ...], normed: bool) -> nn.Module:
    """From its layer table; 0 is a pool."""
    layers: list[nn.Module] = []
    channels = 3
    for width in table:
        if width:
            layers += [nn.Conv2d(channels, width, 3, padding=1)]
            layers += [nn.BatchNorm2d(width)] * normed + [nn.ReLU(inplace=True)]
            channels = width
        else:
            layers.append(nn.MaxPool2d(2, 2))
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(channels, 16), nn.ReLU(True), nn.Dropout())


for depth, table in {
    "11": (4, 0, 6, 0, 8, 8, 0, 8, 8, 0, 8, 8, 0),
    "16": (4, 4, 0, 6, 6, 0, 8, 8, 8, 0, 8, 8, 8, 0, 8, 8, 8, 0),
    "19": (4, 4, 0, 6, 6, 0, *((8, 8, 8, 8, 0) * 3)),
}.items():
    zoo(name=f"vgg{depth}", quick=depth == "16")(partial(_shown, vgg, table, False))
    zoo(name=f"vgg{depth}_bn")(partial(_shown, vgg, table, True))


class GoogLeNetOutputs(NamedTuple):
    logits: Tensor
    aux: Tensor | None


class GoogLeNet(nn.Module):
    """Inception blocks, and a second head that only training has."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = conv_norm(3, 8, 7, 2)
        self.inception3a, self.inception3b = self.block(8), self.block(16)
        self.head, self.aux = head(16), head(16)

    @staticmethod
    def block(width: int) -> nn.Module:
        five = nn.Sequential(conv_norm(width, 2, 1), conv_norm(2, 4, 5))
        pool = nn.Sequential(nn.MaxPool2d(3, 1, 1), conv_norm(width, 4, 1))
        return Branches(
            conv_norm(width, 4, 1), nn.Sequential(conv_norm(width, 2, 1), conv_norm(2, 4)), five, pool
        )

    def forward(self, x: Tensor) -> Any:
        middle = self.inception3a(self.stem(x))
        logits = self.head(self.inception3b(middle))
        return GoogLeNetOutputs(logits, self.aux(middle)) if self.training else logits


@zoo(quick=True)
def googlenet() -> Any:
    return GoogLeNet(), images()


@zoo()
def inception_v3() -> Any:
    """Factorised convolutions: 1×7 and 7×1."""

    def factorised(width: int) -> nn.Module:
        one, two = nn.Conv2d(width, 4, (1, 7), padding=(0, 3)), nn.Conv2d(4, 4, (7, 1), padding=(3, 0))
        return Branches(conv_norm(width, 4, 1), nn.Sequential(one, two, nn.BatchNorm2d(4)))

    reduce = Branches(conv_norm(8, 4, 3, 2), nn.MaxPool2d(3, 2, 1))
    return nn.Sequential(conv_norm(3, 8, 3, 2), factorised(8), reduce, factorised(12), head(8)), images()


def resnet(block: Any, blocks: tuple[int, ...], width: int = 4) -> nn.Module:
    """A stem, stages of blocks of which each but the first halves the image, a head."""
    stages = []
    channels = width
    for index, count in enumerate(blocks):
        layers = []
        for number in range(count):
            stride = 2 if index and not number else 1
            made = width * 2**index
            layers.append(block(channels, made, stride))
            channels = made
        stages.append(nn.Sequential(*layers))
    stem = nn.Sequential(conv_norm(3, width, 7, 2), nn.MaxPool2d(3, 2, 1))
    return nn.Sequential(stem, *stages, head(channels))


def _shortcut(given: int, made: int, stride: int) -> nn.Module | None:
    if given == made and stride == 1:
        return None
    return nn.Sequential(nn.Conv2d(given, made, 1, stride, bias=False), nn.BatchNorm2d(made))


def basic(given: int, made: int, stride: int) -> nn.Module:
    body = (conv_norm(given, made, 3, stride), nn.Conv2d(made, made, 3, padding=1), nn.BatchNorm2d(made))
    return Residual(nn.Sequential(*body), _shortcut(given, made, stride), nn.ReLU(inplace=True))


def bottleneck(given: int, made: int, stride: int, groups: int = 1, squeeze: bool = False) -> nn.Module:
    inner = max(made // 2, groups * 2)
    body = [conv_norm(given, inner, 1), conv_norm(inner, inner, 3, stride, groups), nn.Conv2d(inner, made, 1)]
    tail = [nn.BatchNorm2d(made)] + [SqueezeExcite(made)] * squeeze
    return Residual(nn.Sequential(*body, *tail), _shortcut(given, made, stride), nn.ReLU())


def preactivated(given: int, made: int, stride: int) -> nn.Module:
    first = (nn.BatchNorm2d(given), nn.ReLU(), nn.Conv2d(given, made, 3, stride, 1))
    second = (nn.BatchNorm2d(made), nn.ReLU(), nn.Conv2d(made, made, 3, padding=1))
    return Residual(nn.Sequential(*first, *second), _shortcut(given, made, stride))


for name, block, blocks in (
    ("resnet18", basic, (2, 2, 2, 2)),
    ("resnet34", basic, (3, 4, 6, 3)),
    ("resnet50", bottleneck, (3, 4, 6, 3)),
    ("resnext50", partial(bottleneck, groups=2), (3, 4, 6, 3)),
    ("se_resnet50", partial(bottleneck, squeeze=True), (3, 4, 6, 3)),
    ("preact_resnet18", preactivated, (2, 2, 2, 2)),
    ("regnet_y", partial(bottleneck, groups=4, squeeze=True), (1, 2, 2, 1)),
):
    zoo(name=name, quick=name == "resnet18")(partial(_shown, resnet, block, blocks))


class DenseLayer(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm, self.conv, self.dropout = nn.BatchNorm2d(width), nn.Conv2d(width, 4, 3, padding=1), 0.1

    def forward(self, x: Tensor) -> Tensor:
        made = self.conv(F.relu(self.norm(x)))
        return torch.cat([x, F.dropout(made, self.dropout, self.training)], 1)


@zoo(quick=True)
def densenet() -> Any:
    one = (DenseLayer(4), DenseLayer(8), conv_norm(12, 6, 1), nn.AvgPool2d(2))
    return nn.Sequential(conv_norm(3, 4), *one, DenseLayer(6), DenseLayer(10), head(14)), images(16)


class Capsules(nn.Module):
    """Routing by agreement: a loop whose softmax is not learnt."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 8, 5, 2)
        self.weight = nn.Parameter(torch.randn(5, 72, 6, 4) * 0.1)

    def forward(self, x: Tensor) -> Tensor:
        primary = self.conv(x).reshape(len(x), -1, 4)[:, :72]
        votes = torch.einsum("cnij,bnj->bcni", self.weight, primary)
        logits = torch.zeros(votes.shape[:3], device=x.device)
        for _ in range(3):
            made = (logits.softmax(1)[..., None] * votes).sum(2)
            norm = made.norm(dim=-1, keepdim=True)
            made = made * norm / (1 + norm**2)
            logits = logits + (votes * made[:, :, None]).sum(-1)
        return made.norm(dim=-1)


@zoo()
def capsule_net() -> Any:
    return Capsules(), images(20, channels=1)
