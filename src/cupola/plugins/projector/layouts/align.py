"""Layouts of one set of points brought over one another, so that what moves between them is the points."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def procrustes(
    moving: NDArray[np.float32], target: NDArray[np.float32], *, scale: bool = True
) -> NDArray[np.float32]:
    """`moving` turned, mirrored, moved and, if asked for, scaled to lie as near to `target` as it can.

    Args:
        moving: N×d coordinates; NaN rows stay so and take no part.
        target: N×d, the same points in the same order.
        scale: whether sizes are free too.

    Source: Schönemann, "A generalized solution of the orthogonal Procrustes problem" (1966);
    `scipy.spatial.procrustes` is its oracle.
    """
    shared = np.isfinite(moving).all(axis=1) & np.isfinite(target).all(axis=1)
    if not shared.any():
        return moving
    own, other = moving[shared].astype(np.float64), target[shared].astype(np.float64)
    own_mean, other_mean = own.mean(axis=0), other.mean(axis=0)
    own, other = own - own_mean, other - other_mean
    left, spectrum, right = np.linalg.svd(own.T @ other)
    size = float(np.square(own).sum())
    factor = spectrum.sum() / size if scale and size > 0 else 1.0
    turned: NDArray[np.float64] = (moving - own_mean) @ (left @ right) * factor + other_mean
    return turned.astype(np.float32)
