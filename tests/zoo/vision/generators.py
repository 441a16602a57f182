"""Models that make images."""

from __future__ import annotations

import math
from typing import Any

import torch
from tests.zoo.registry import zoo
from tests.zoo.vision.blocks import Residual, images
from torch import Tensor, nn
from torch.nn import functional as F


@zoo()
def autoencoder() -> Any:
    down = (nn.Conv2d(3, 4, 3, 2, 1), nn.ReLU(), nn.Conv2d(4, 2, 3, 2, 1))
    up = (nn.ConvTranspose2d(2, 4, 2, 2), nn.ReLU(), nn.ConvTranspose2d(4, 3, 2, 2), nn.Sigmoid())
    return nn.Sequential(*down, *up), images(16)


class VariationalAutoencoder(nn.Module):
    """Draws in forward, in evaluation too."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder, self.decoder = nn.Linear(16, 8), nn.Linear(4, 16)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        mean, log_variance = self.encoder(x).chunk(2, -1)
        latent = mean + torch.randn_like(mean) * (log_variance / 2).exp()
        return self.decoder(latent), mean, log_variance


@zoo(quick=True)
def vae() -> Any:
    return VariationalAutoencoder(), torch.rand(3, 16)


@zoo()
def dcgan_generator() -> Any:
    body = (nn.ConvTranspose2d(8, 8, 4), nn.BatchNorm2d(8), nn.ReLU(True), nn.ConvTranspose2d(8, 3, 4, 2, 1))
    return nn.Sequential(*body, nn.Tanh()), torch.randn(2, 8, 1, 1)


@zoo()
def cyclegan_generator() -> Any:
    pad = (nn.ReflectionPad2d(1), nn.Conv2d(4, 4, 3), nn.InstanceNorm2d(4))
    return nn.Sequential(nn.ReflectionPad2d(3), nn.Conv2d(3, 4, 7), Residual(nn.Sequential(*pad))), images(16)


class Timed(nn.Module):
    """A block of a diffusion network, told the time."""

    def __init__(self, given: int, made: int) -> None:
        super().__init__()
        self.norm, self.conv = nn.GroupNorm(2, given), nn.Conv2d(given, made, 3, padding=1)
        self.time = nn.Linear(8, made)

    def forward(self, x: Tensor, time: Tensor) -> Tensor:
        return self.conv(F.silu(self.norm(x))) + self.time(time)[..., None, None]


class Diffusion(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.stem, self.out = nn.Conv2d(3, 4, 3, padding=1), nn.Conv2d(4, 3, 3, padding=1)
        self.down, self.up = nn.ModuleList([Timed(4, 6), Timed(6, 8)]), nn.ModuleList([Timed(14, 4)])
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)

    def forward(self, x: Tensor, timestep: Tensor, context: Tensor | None = None) -> Tensor:
        rates = torch.exp(-math.log(1e4) * torch.arange(4) / 4)
        angles = timestep[:, None].float() * rates
        time = torch.cat([angles.sin(), angles.cos()], -1)
        first = self.down[0](self.stem(x), time)
        low = self.down[1](F.avg_pool2d(first, 2), time)
        rows = low.flatten(2).mT
        seen = rows if context is None else context
        low = low + self.attention(rows, seen, seen, need_weights=False)[0].mT.reshape(low.shape)
        return self.out(self.up[0](torch.cat([first, F.interpolate(low, scale_factor=2)], 1), time))


@zoo(quick=True)
def diffusion_unet() -> Any:
    return Diffusion(), (images(8), torch.tensor([3, 500]))


@zoo()
def conditional_diffusion_unet() -> Any:
    return Diffusion(), {"x": images(8), "timestep": torch.tensor([3, 500]), "context": torch.rand(2, 5, 8)}


class SpatialTransformer(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.locate = nn.Sequential(nn.Flatten(), nn.Linear(192, 6))

    def forward(self, x: Tensor) -> Tensor:
        theta = self.locate(x).view(-1, 2, 3)
        return F.grid_sample(x, F.affine_grid(theta, list(x.shape), align_corners=False), align_corners=False)


@zoo()
def spatial_transformer() -> Any:
    return SpatialTransformer(), images(8)


class Coupling(nn.Module):
    """A normalising flow: its determinant goes along, and its mask is a buffer."""

    def __init__(self) -> None:
        super().__init__()
        self.nets = nn.ModuleList(nn.Linear(4, 8) for _ in range(2))
        self.register_buffer("mask", torch.tensor([1.0, 0, 1, 0]))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        determinant = x.new_zeros(len(x))
        for index, net in enumerate(self.nets):
            mask = self.mask if index % 2 else 1 - self.mask
            scale, shift = net(x * mask).chunk(2, -1)
            scale = torch.tanh(scale) * (1 - mask)
            x = x * scale.exp() + shift * (1 - mask)
            determinant = determinant + scale.sum(-1)
        return x, determinant


@zoo()
def normalising_flow() -> Any:
    return Coupling(), torch.rand(3, 4)
