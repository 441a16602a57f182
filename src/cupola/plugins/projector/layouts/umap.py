"""UMAP: stochastic gradient descent on a fuzzy k-NN graph by the codec's kernels, one epoch at a time.

Source: McInnes, Healy, Melville, "UMAP: Uniform Manifold Approximation and Projection" (arXiv 1802.03426) and
umap-learn 0.5. It starts on the principal components, as informative as the spectral start and without an
eigensolver for sparse matrices: Kobak, Linderman, "Initialization is critical for preserving global data
structure in both t-SNE and UMAP" (2021).
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cupola import _codec

NEGATIVES: Final = 5
"""Random points that push, for each edge that pulls."""

_START_SIDE: Final = 10.0
_PERTURBATION: Final = 0.05
_FEW_POINTS: Final = 10_000

Floats = NDArray[np.float32]


class Umap:
    """A UMAP layout on its way. `y` holds the N×2 or N×3 coordinates.

    Args:
        indices: N×k nearest neighbours of each point.
        squared: their squared distances, inf where one is missing.
        start: N×2 or N×3 coordinates to begin with, at any scale.
        min_distance: how near to one another points may come to lie, where 1 is the spread of a cluster.
        iterations: epochs; None for 500, of more than 10,000 points 200.
        seed: of the start's jitter, of samples and of perturbations.
    """

    def __init__(
        self,
        indices: NDArray[np.int32],
        squared: Floats,
        start: Floats,
        *,
        min_distance: float = 0.1,
        iterations: int | None = None,
        seed: int = 0,
    ) -> None:
        self.iterations = iterations or (500 if len(indices) <= _FEW_POINTS else 200)
        self.a, self.b = fit_curve(min_distance)
        self.starts, self.columns, affinities = _codec.symmetrized(
            indices, _codec.fuzzy_weights(squared), True
        )
        self._random = np.random.default_rng(seed)
        self._state = seed
        self.iteration = 0
        self.loss = math.nan
        widest = float(np.abs(start).max()) or 1.0
        jitter = self._random.normal(0, 1e-4, start.shape)
        self.y: Floats = np.ascontiguousarray(start * (_START_SIDE / widest) + jitter, np.float32)
        self.affinities = affinities

    @property
    def affinities(self) -> Floats:
        """Of the edges (`starts`, `columns`), from 0 to 1."""
        return self._affinities

    @affinities.setter
    def affinities(self, values: Floats) -> None:
        self._affinities = values
        most = float(values.max(initial=0)) or 1.0
        with np.errstate(divide="ignore", over="ignore"):
            every = (most / values.astype(np.float64)).astype(np.float32)
        # An edge whose turn would come less than once takes no part.
        self._every: Floats = np.where(every > self.iterations, np.float32(np.inf), every)
        self._due: Floats = self._every + np.float32(self.iteration)

    def step(self, with_loss: bool = False) -> None:
        """One epoch. Its loss would take longer than the epoch, so `loss` stays NaN."""
        rate = max(0.0, 1 - self.iteration / self.iterations)
        self._state = _codec.umap_epoch(
            self.starts,
            self.columns,
            self._every,
            self._due,
            self.y,
            self.iteration,
            self.a,
            self.b,
            rate,
            NEGATIVES,
            self._state,
        )
        self.iteration += 1

    def go_on_from(self, y: Floats) -> None:
        """Begins at another layout of these points, as it is, with the second half of the epochs: the strides
        of the first would lead away from it.
        """
        self.y = np.ascontiguousarray(y, np.float32)
        self.iteration = self.iterations // 2
        self.affinities = self.affinities

    def perturb(self) -> None:
        """Moves every point a little at random, so that a layout that hangs may find a better one."""
        noise = self._random.standard_normal(self.y.shape).astype(np.float32)
        self.y += noise * np.float32(_PERTURBATION * float(self.y.std()))


def fit_curve(min_distance: float, spread: float = 1.0) -> tuple[float, float]:
    """a and b for which 1 / (1 + a x^2b) is nearest, by least squares over [0, 3 spread], to a curve that is
    1 up to `min_distance` and falls exponentially from there.
    """
    x = np.linspace(0, 3 * spread, 300)
    wanted = np.where(x < min_distance, 1.0, np.exp(-(x - min_distance) / spread))
    log_x = np.log(np.maximum(x, 1e-12))
    a, b, damping = 1.0, 1.0, 1e-3
    error = math.inf
    for _ in range(200):  # Levenberg–Marquardt
        power = np.exp(2 * b * log_x)
        curve = 1 / (1 + a * power)
        slopes = -np.square(curve)[:, None] * np.stack([power, 2 * a * power * log_x], axis=1)
        normal = slopes.T @ slopes
        change = np.linalg.solve(normal + damping * np.diag(normal.diagonal()), slopes.T @ (wanted - curve))
        next_a, next_b = max(a + change[0], 1e-3), max(b + change[1], 1e-3)
        next_error = float(np.square(wanted - 1 / (1 + next_a * np.exp(2 * next_b * log_x))).sum())
        if next_error < error:
            a, b, damping = next_a, next_b, damping / 3
            if error - next_error < 1e-12:
                break
            error = next_error
        else:
            damping *= 4
    return a, b
