"""From the rows of a file to what is fitted: finite rows, a sample of them, their principal components."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cupola.plugins.projector.pca import finite_rows, pca


@dataclass(frozen=True, slots=True)
class Prepared:
    """The points that a layout is fitted to."""

    rows: NDArray[np.int64]
    """Their indices among all points."""
    points: NDArray[np.float32]
    """Their principal components, M×k, C-contiguous; the largest magnitude is one."""
    finite: int
    """Of all points; more than there are rows where a sample was taken."""
    variance: float
    """Fraction of the variance that the components hold."""


def prepare(
    matrix: NDArray[np.float32], *, components: int, sphereize: bool, most_points: int, seed: int
) -> Prepared:
    """Takes rows without NaN and infinities, of too many a random sample, and their principal components.

    Distances among as many components as there are dimensions are those among the rows.
    """
    usable = np.flatnonzero(finite_rows(matrix))
    rows = usable
    if len(usable) > most_points:
        rows = np.sort(np.random.default_rng(seed).choice(usable, most_points, replace=False))
    made = pca(matrix if len(rows) == len(matrix) else matrix[rows], sphereize, components)
    points = np.zeros((len(rows), max(1, len(made.components))), np.float32)
    for at, component in enumerate(made.components):
        points[:, at] = component
    largest = float(np.abs(points).max(initial=0))
    if largest > 0:
        points /= np.float32(largest)
    return Prepared(rows, points, len(usable), float(made.variance.sum()))
