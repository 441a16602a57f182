"""A small example: an image that comes out of noise, a batch of digits-like strokes, and a short video."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

RATES = (0.1, 0.03, 0.01)
STEPS = 12
SIZE = 128


def write(logdir: Path) -> None:
    """Writes three runs of 12 images and 12 batches, one of them with a video, below `logdir`."""
    from cupola import SummaryWriter

    generator = np.random.default_rng(3)
    landscape = _landscape(SIZE)
    for rate in RATES:
        pace = (rate / RATES[0]) ** 0.4
        with SummaryWriter(str(Path(logdir) / f"lr {rate}")) as writer:
            for step in range(STEPS):
                done = 1 - np.exp(-5 * pace * step / (STEPS - 1))
                noise = generator.normal(0.5, 0.35, landscape.shape)
                mixed = done**0.5 * landscape + (1 - done**0.5) * noise
                writer.add_image("denoised/landscape", np.clip(mixed, 0, 1), step * 100, dataformats="HWC")
                strokes = [_stroke(28, kind, done, generator) for kind in range(16)]
                writer.add_images("denoised/strokes", np.stack(strokes)[:, None], step * 100)
            if rate == RATES[0]:
                video = np.stack([_planet(72, frame / 24) for frame in range(24)])[None]
                writer.add_video("video/planet", video, fps=12, dataformats="NTHWC")


def _grid(size: int) -> tuple[NDArray[Any], NDArray[Any]]:
    y, x = np.mgrid[0 : 1 : size * 1j, 0 : 1 : size * 1j]
    return x, y


def _blend(under: NDArray[Any], color: tuple[float, float, float], cover: NDArray[Any]) -> NDArray[Any]:
    cover = np.clip(cover, 0, 1)[..., None]
    out: NDArray[Any] = under * (1 - cover) + np.array(color) * cover
    return out


def _landscape(size: int) -> NDArray[Any]:
    """Hills before an evening sky, size×size×3, from 0 to 1."""
    x, y = _grid(size)
    sky = np.stack([0.98 - 0.45 * (1 - y), 0.55 + 0.15 * y, 0.45 + 0.35 * (1 - y)], -1)
    sharp = size / 2
    out = _blend(sky, (1.0, 0.93, 0.7), (0.13 - np.hypot(x - 0.66, y - 0.42)) * sharp)
    for depth, color in enumerate([(0.45, 0.36, 0.55), (0.27, 0.29, 0.47), (0.12, 0.17, 0.3)]):
        ridge = 0.52 + 0.13 * depth + 0.07 * np.sin(x * (5 + 3 * depth) + 2.1 * depth)
        ridge += 0.025 * np.sin(x * (17 + 5 * depth) + depth)
        out = _blend(out, color, (y - ridge) * sharp)
    return out


def _stroke(size: int, kind: int, done: float, generator: np.random.Generator) -> NDArray[Any]:
    """A pen's stroke of one of sixteen kinds, size×size, ever less noisy."""
    x, y = _grid(size)
    t = np.linspace(0, 1, 60)
    angle = 2 * np.pi * t * (0.55 + 0.03 * kind) + kind
    radius = 0.12 + 0.22 * t ** (0.4 + 0.2 * (kind % 3))
    px, py = 0.5 + radius * np.cos(angle), 0.5 + radius * np.sin(angle) * (1 - 0.04 * kind)
    away = np.hypot(x[..., None] - px, y[..., None] - py).min(-1)
    ink = 1 / (1 + np.exp((away - 0.05) * 70))
    out: NDArray[Any] = np.clip(ink * done + generator.random((size, size)) * (1 - done) * 0.9, 0, 1)
    return out


def _planet(size: int, turn: float) -> NDArray[Any]:
    """A striped planet and its moon at a part of their round, size×size×3, from 0 to 1."""
    x, y = (2 * axis - 1 for axis in _grid(size))
    z = np.sqrt(np.clip(0.36 - x**2 - y**2, 0, None))
    night = np.full((size, size, 3), (0.05, 0.06, 0.12))
    stripes = 0.5 + 0.5 * np.sin(14 * y + 1.5 * np.sin(4 * x + 2 * np.pi * turn))
    light = np.clip((0.7 * x - 0.4 * y + z) / 0.6, 0.08, 1)
    ball = np.stack([0.95 - 0.3 * stripes, 0.7 - 0.25 * stripes, 0.45 + 0.2 * stripes], -1) * light[..., None]
    inside = np.clip((0.6 - np.hypot(x, y)) * size / 3, 0, 1)[..., None]
    out = night * (1 - inside) + ball * inside
    mx, my = 0.82 * np.cos(2 * np.pi * turn), 0.26 * np.sin(2 * np.pi * turn)
    before = my > 0
    moon = np.clip((0.1 - np.hypot(x - mx, y - my)) * size / 3, 0, 1)
    return _blend(out, (0.9, 0.9, 0.95), moon if before else moon * (1 - inside[..., 0]))
