"""Classifiers of patches: transformers, and what came after them."""

from __future__ import annotations

from typing import Any

import torch
from tests.zoo.registry import zoo
from tests.zoo.vision.blocks import Residual, head, images
from torch import Tensor, nn
from torch.nn import functional as F


class Patches(nn.Module):
    """An image as a row of patches (N×L×D)."""

    def __init__(self, width: int, size: int = 8) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, width, size, size)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(x).flatten(2).transpose(1, 2)


class VisionTransformer(nn.Module):
    """ViT with nn.MultiheadAttention; DeiT's with a second token that learns from a teacher."""

    def __init__(self, tokens: int = 1) -> None:
        super().__init__()
        self.patches = Patches(8)
        self.tokens = nn.Parameter(torch.zeros(1, tokens, 8))
        self.positions = nn.Parameter(torch.randn(1, 16 + tokens, 8) * 0.02)
        layer = nn.TransformerEncoderLayer(8, 2, 16, 0.1, "gelu", batch_first=True, norm_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2, nn.LayerNorm(8), enable_nested_tensor=False)
        self.heads = nn.ModuleList(nn.Linear(8, 5) for _ in range(tokens))

    def forward(self, x: Tensor) -> Any:
        x = torch.cat([self.tokens.expand(len(x), -1, -1), self.patches(x)], 1) + self.positions
        made = [head(row) for head, row in zip(self.heads, self.encoder(x).unbind(1), strict=False)]
        if len(made) == 1:
            return made[0]
        return tuple(made) if self.training else sum(made) / len(made)


@zoo(quick=True)
def vit() -> Any:
    return VisionTransformer(), images()


@zoo()
def deit() -> Any:
    return VisionTransformer(2), images()


class WindowAttention(nn.Module):
    """Swin's: windows, shifted by a roll, with a learnt bias for each relative position."""

    def __init__(self, width: int, window: int, shift: int) -> None:
        super().__init__()
        self.window, self.shift = window, shift
        self.norm, self.qkv, self.out = (
            nn.LayerNorm(width),
            nn.Linear(width, 3 * width),
            nn.Linear(width, width),
        )
        self.bias = nn.Parameter(torch.randn((2 * window - 1) ** 2, 2) * 0.02)
        axis = torch.arange(window)
        grid = torch.stack(torch.meshgrid(axis, axis, indexing="ij")).flatten(1)
        relative = (grid[:, :, None] - grid[:, None]) + window - 1
        self.register_buffer("index", relative[0] * (2 * window - 1) + relative[1], persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        count, height, _, width = x.shape
        w, tiles = self.window, height // self.window
        y = torch.roll(self.norm(x), (-self.shift, -self.shift), (1, 2)) if self.shift else self.norm(x)
        y = y.view(count, tiles, w, tiles, w, width).transpose(2, 3).reshape(-1, w * w, width)
        q, k, v = self.qkv(y).view(len(y), w * w, 3, 2, width // 2).permute(2, 0, 3, 1, 4)
        bias = self.bias[self.index.view(-1)].view(w * w, w * w, 2).permute(2, 0, 1)
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=bias[None].expand(len(y), -1, -1, -1))
        y = self.out(y.transpose(1, 2).reshape(len(y), w * w, width))
        y = y.view(count, tiles, tiles, w, w, width).transpose(2, 3).reshape(x.shape)
        return x + (torch.roll(y, (self.shift, self.shift), (1, 2)) if self.shift else y)


class PatchMerging(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.reduction = nn.Linear(4 * width, 2 * width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        corners = [x[:, row::2, column::2] for row in (0, 1) for column in (0, 1)]
        return self.reduction(torch.cat(corners, -1))


class Permute(nn.Module):
    def __init__(self, *order: int) -> None:
        super().__init__()
        self.order = order

    def forward(self, x: Tensor) -> Tensor:
        return x.permute(self.order)


@zoo(quick=True)
def swin() -> Any:
    stem = (nn.Conv2d(3, 8, 4, 4), Permute(0, 2, 3, 1), WindowAttention(8, 4, 0), WindowAttention(8, 4, 2))
    tail = (PatchMerging(8), WindowAttention(16, 4, 0), nn.LayerNorm(16), Permute(0, 3, 1, 2), head(16))
    return nn.Sequential(*stem, *tail), images()


class LayerScale(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.full((width, 1, 1), 1e-2))

    def forward(self, x: Tensor) -> Tensor:
        return x * self.scale


@zoo(quick=True)
def convnext() -> Any:
    def block(width: int) -> nn.Module:
        norm = (Permute(0, 2, 3, 1), nn.LayerNorm(width, eps=1e-6), nn.Linear(width, 4 * width), nn.GELU())
        back = (nn.Linear(4 * width, width), Permute(0, 3, 1, 2), LayerScale(width))
        return Residual(nn.Sequential(nn.Conv2d(width, width, 7, padding=3, groups=width), *norm, *back))

    return nn.Sequential(nn.Conv2d(3, 6, 4, 4), block(6), nn.Conv2d(6, 8, 2, 2), block(8), head(8)), images()


class Mixer(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.patches = Patches(8)
        self.norms = nn.ModuleList(nn.LayerNorm(8) for _ in range(2))
        self.tokens = nn.Sequential(nn.Linear(16, 8), nn.GELU(), nn.Linear(8, 16))
        self.channels = nn.Sequential(nn.Linear(8, 16), nn.GELU(), nn.Linear(16, 8))

    def forward(self, x: Tensor) -> Tensor:
        x = self.patches(x)
        x = x + self.tokens(self.norms[0](x).mT).mT
        return (x + self.channels(self.norms[1](x))).mean(1)


@zoo()
def mlp_mixer() -> Any:
    return Mixer(), images()


@zoo()
def poolformer() -> Any:
    mix = Residual(nn.Sequential(nn.GroupNorm(1, 8), nn.AvgPool2d(3, 1, 1)))
    mlp = Residual(nn.Sequential(nn.GroupNorm(1, 8), nn.Conv2d(8, 16, 1), nn.GELU(), nn.Conv2d(16, 8, 1)))
    return nn.Sequential(nn.Conv2d(3, 8, 4, 4), mix, mlp, head(8)), images()
