"""An answer for every pixel."""

from __future__ import annotations

from typing import Any

import torch
from tests.zoo.registry import zoo
from tests.zoo.vision.blocks import Branches, conv_norm, images
from torch import Tensor, nn
from torch.nn import functional as F


class UNet(nn.Module):
    def __init__(self, widths: tuple[int, ...] = (4, 6, 8)) -> None:
        super().__init__()
        steps = list(zip((3, *widths), widths, strict=False))
        self.downs = nn.ModuleList(conv_norm(given, made) for given, made in steps)
        self.ups = nn.ModuleList(
            nn.ConvTranspose2d(low, high, 2, 2)
            for high, low in zip(widths[-2::-1], widths[:0:-1], strict=True)
        )
        self.merges = nn.ModuleList(conv_norm(2 * width, width) for width in widths[-2::-1])
        self.out = nn.Conv2d(widths[0], 2, 1)

    def forward(self, x: Tensor) -> Tensor:
        kept = []
        for down in self.downs:
            x = down(x)
            kept.append(x)
            x = F.max_pool2d(x, 2)
        x = kept.pop()
        for up, merge in zip(self.ups, self.merges, strict=True):
            x = merge(torch.cat([up(x), kept.pop()], 1))
        return self.out(x)


@zoo(quick=True)
def unet() -> Any:
    return UNet(), images(16)


class Segmenter(nn.Module):
    """torchvision's: a dictionary of `out` and, in training, `aux`, both as large as the image."""

    def __init__(self, classifier: nn.Module) -> None:
        super().__init__()
        self.backbone = nn.ModuleDict({"layer3": conv_norm(3, 6, 3, 2), "layer4": conv_norm(6, 8, 3, 2)})
        self.classifier, self.aux_classifier = classifier, nn.Conv2d(6, 3, 1)

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        size = x.shape[-2:]
        low = self.backbone["layer3"](x)
        high = self.classifier(self.backbone["layer4"](low))
        made = {"out": F.interpolate(high, size=size, mode="bilinear", align_corners=False)}
        if self.training:
            made["aux"] = F.interpolate(self.aux_classifier(low), size=size, mode="bilinear")
        return made


@zoo()
def fcn() -> Any:
    return Segmenter(nn.Sequential(conv_norm(8, 4), nn.Dropout(0.1), nn.Conv2d(4, 3, 1))), images()


class ImagePooling(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(8, 4, 1), nn.ReLU())

    def forward(self, x: Tensor) -> Tensor:
        return F.interpolate(self.body(x), size=x.shape[-2:], mode="bilinear", align_corners=False)


@zoo(quick=True)
def deeplab_v3() -> Any:
    atrous = [nn.Conv2d(8, 4, 3, padding=rate, dilation=rate, bias=False) for rate in (1, 2, 4)]
    pyramid = Branches(conv_norm(8, 4, 1), *atrous, ImagePooling())
    return Segmenter(nn.Sequential(pyramid, conv_norm(20, 4, 1), nn.Dropout(), nn.Conv2d(4, 3, 1))), images()


@zoo()
def pspnet() -> Any:
    class Pyramid(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.convs = nn.ModuleDict({str(size): nn.Conv2d(8, 2, 1) for size in (1, 2, 4)})

        def forward(self, x: Tensor) -> Tensor:
            pooled = [conv(F.adaptive_avg_pool2d(x, int(size))) for size, conv in self.convs.items()]
            return torch.cat([x, *(F.interpolate(item, x.shape[2:]) for item in pooled)], 1)

    return Segmenter(nn.Sequential(Pyramid(), nn.Conv2d(14, 3, 1))), images()


class SegNet(nn.Module):
    """Unpools by the places that pooling chose."""

    def __init__(self) -> None:
        super().__init__()
        self.encode, self.decode = conv_norm(3, 4), nn.Conv2d(4, 2, 3, padding=1)
        self.pool, self.unpool = nn.MaxPool2d(2, return_indices=True), nn.MaxUnpool2d(2)

    def forward(self, x: Tensor) -> Tensor:
        pooled, places = self.pool(self.encode(x))
        return self.decode(self.unpool(pooled, places))


@zoo()
def segnet() -> Any:
    return SegNet(), images(16)


class Hourglass(nn.Module):
    """Modules inside themselves, to a depth."""

    def __init__(self, depth: int) -> None:
        super().__init__()
        self.skip, self.low = conv_norm(4, 4), conv_norm(4, 4)
        self.inner = Hourglass(depth - 1) if depth else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        return self.skip(x) + F.interpolate(self.inner(self.low(F.avg_pool2d(x, 2))), scale_factor=2)


@zoo()
def stacked_hourglass() -> Any:
    return nn.Sequential(nn.Conv2d(3, 4, 1), Hourglass(2), Hourglass(2)), images(16)


class HighResolution(nn.Module):
    """HRNet: two scales that speak to each other."""

    def __init__(self) -> None:
        super().__init__()
        self.stem, self.high, self.low = conv_norm(3, 4), conv_norm(4, 4), conv_norm(4, 4, 3, 2)
        self.fuse = nn.ModuleList([nn.Conv2d(4, 4, 1), nn.Conv2d(4, 4, 3, 2, 1)])

    def forward(self, x: Tensor) -> list[Tensor]:
        x = self.stem(x)
        high, low = self.high(x), self.low(x)
        return [high + F.interpolate(self.fuse[0](low), scale_factor=2), low + self.fuse[1](high)]


@zoo()
def hrnet() -> Any:
    return HighResolution(), images(16)


@zoo()
def super_resolution() -> Any:
    body = (nn.Conv2d(3, 8, 5, padding=2), nn.PReLU(), nn.Conv2d(8, 12, 3, padding=1), nn.PixelShuffle(2))
    return nn.Sequential(*body), images(8)


class OpticalFlow(nn.Module):
    """RAFT: a correlation volume, looked up again and again by a recurrent unit."""

    def __init__(self) -> None:
        super().__init__()
        self.features = conv_norm(3, 4, 3, 4)
        self.update, self.flow = nn.GRUCell(18, 8), nn.Linear(8, 2)

    def forward(self, first: Tensor, second: Tensor, steps: int = 2) -> list[Tensor]:
        a, b = self.features(first), self.features(second)
        volume = torch.einsum("bchw,bcij->bhwij", a, b)
        count, height, width = volume.shape[:3]
        flow = torch.zeros(count * height * width, 2)
        hidden = torch.zeros(len(flow), 8)
        flows = []
        for _ in range(steps):
            seen = F.grid_sample(volume.reshape(len(flow), 1, height, width), _grid(flow), align_corners=True)
            hidden = self.update(torch.cat([seen.flatten(1), flow], 1), hidden)
            flow = flow.detach() + self.flow(hidden)
            flows.append(flow.view(count, height, width, 2))
        return flows


def _grid(flow: Tensor) -> Tensor:
    axis = torch.linspace(-0.5, 0.5, 4)
    around = torch.stack(torch.meshgrid(axis, axis, indexing="xy"), -1)
    return flow[:, None, None] + around


@zoo()
def raft() -> Any:
    return OpticalFlow(), (images(16), images(16))
