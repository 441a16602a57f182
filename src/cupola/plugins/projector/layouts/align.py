"""Layouts of one set of points brought over one another, so that what moves between them is the points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Size: TypeAlias = Literal["keep", "fit", "match"]
"""Whether a layout keeps its size, is scaled to the least distance from its target, or to its target's size.
The least distance is found by shrinking where points disagree, and over many steps shrinks to nothing.
"""

Floats: TypeAlias = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Similarity:
    """A turn, perhaps with a reflection, a move and a factor: `(x - centre) @ matrix * factor + target`."""

    matrix: NDArray[np.float64]
    """d×d, orthogonal."""
    factor: float
    centre: NDArray[np.float64]
    target: NDArray[np.float64]

    def __call__(self, points: Floats) -> NDArray[np.float32]:
        """N×d coordinates, moved; NaN stays."""
        moved: NDArray[np.float64] = (points - self.centre) @ self.matrix * self.factor + self.target
        return moved.astype(np.float32)


def similarity(
    moving: Floats, target: Floats, *, size: Size = "keep", weights: Floats | None = None
) -> Similarity:
    """What brings `moving` as near to `target` as it can, by the sum of squared distances.

    Args:
        moving: N×d coordinates; rows that are not finite take no part.
        target: N×d, the same points in the same order.
        size: see there.
        weights: how much each point counts; None: all the same.

    Without a point that is finite in both, nothing moves.

    Source: Schönemann, "A generalized solution of the orthogonal Procrustes problem" (1966); the size is
    that of Gower, "Generalized Procrustes analysis" (1975). `scipy.linalg.orthogonal_procrustes` and
    `scipy.spatial.procrustes` are its oracles.
    """
    shared = np.isfinite(moving).all(axis=1) & np.isfinite(target).all(axis=1)
    own, other = moving[shared].astype(np.float64), target[shared].astype(np.float64)
    each = np.ones(len(own)) if weights is None else weights[shared].astype(np.float64)
    if not each.sum() > 0:
        still = np.zeros(moving.shape[1])
        return Similarity(np.eye(moving.shape[1]), 1.0, still, still)
    each = (each / each.sum())[:, None]
    own_mean, other_mean = (own * each).sum(axis=0), (other * each).sum(axis=0)
    own, other = own - own_mean, other - other_mean
    left, spectrum, right = np.linalg.svd((own * each).T @ other)
    own_size, other_size = float((own**2 * each).sum()), float((other**2 * each).sum())
    factor = 1.0
    if own_size > 0 and other_size > 0 and size != "keep":
        factor = float(spectrum.sum()) / own_size if size == "fit" else (other_size / own_size) ** 0.5
    return Similarity(left @ right, factor, own_mean, other_mean)


def procrustes(
    moving: NDArray[np.float32], target: NDArray[np.float32], *, scale: bool = True
) -> NDArray[np.float32]:
    """`moving` turned, mirrored, moved and, if asked for, scaled to lie as near to `target` as it can.

    Args:
        moving: N×d coordinates; NaN rows stay so and take no part.
        target: N×d, the same points in the same order.
        scale: whether sizes are free too.
    """
    return similarity(moving, target, size="fit" if scale else "keep")(moving)
