"""A small example: a network that learns to tell ten shapes apart, seen through its last layer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cupola.plugins.projector.encode import embedding

SHAPES = ("disc", "ring", "square", "frame", "cross", "bar", "slash", "wave", "check", "corner")
POINTS = 600
SIZE = 28


def write(logdir: Path) -> None:
    """Writes six steps of 600 points in 16 dimensions, with labels and images, below `logdir`."""
    generator = np.random.default_rng(7)
    kinds = generator.integers(0, len(SHAPES), POINTS)
    sizes = generator.uniform(0.55, 1.0, POINTS)
    images = np.stack([_draw(SHAPES[kind], size, generator) for kind, size in zip(kinds, sizes, strict=True)])
    rows = [(SHAPES[kind], f"{size:.2f}") for kind, size in zip(kinds, sizes, strict=True)]
    centres = generator.standard_normal((len(SHAPES), 16)) * 3
    start, drift = generator.standard_normal((2, POINTS, 16))
    for step, learned in enumerate((0.0, 0.15, 0.35, 0.6, 0.8, 1.0)):
        points = learned * centres[kinds] + (1.4 - 0.8 * learned) * start + 0.2 * drift * (1 - learned)
        points += learned * 0.9 * sizes[:, None] * np.sign(centres[kinds])
        embedding(points, rows, images[:, None], step * 100, "last_layer", ["shape", "size"]).write(
            Path(logdir)
        )


def _draw(shape: str, size: float, generator: np.random.Generator) -> NDArray[Any]:
    """One image, from 0 to 1: the shape at about `size` of the frame, shifted and blurred a little."""
    shift = generator.uniform(-0.15, 0.15, 2)
    y, x = np.mgrid[-1 : 1 : SIZE * 1j, -1 : 1 : SIZE * 1j] / (0.85 * size) + shift[:, None, None]
    away = np.hypot(x, y)
    box = np.maximum(np.abs(x), np.abs(y))
    field = {
        "disc": 0.85 - away,
        "ring": 0.22 - np.abs(away - 0.7),
        "square": 0.75 - box,
        "frame": 0.2 - np.abs(box - 0.7),
        "cross": np.maximum(0.2 - np.abs(x), 0.2 - np.abs(y)),
        "bar": 0.3 - np.abs(y),
        "slash": 0.25 - np.abs(x + y) / 1.4,
        "wave": 0.22 - np.abs(y - 0.45 * np.sin(4 * x)),
        "check": np.sin(5 * x) * np.sin(5 * y) / 3,
        "corner": np.maximum(0.2 - np.abs(x + 0.6), 0.2 - np.abs(y - 0.6)),
    }[shape]
    inside = np.minimum(field, 0.95 - box)
    ink: NDArray[Any] = generator.uniform(0.75, 1) / (1 + np.exp(-inside * 18))
    return ink
