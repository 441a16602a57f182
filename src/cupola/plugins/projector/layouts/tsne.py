"""t-SNE: Barnes–Hut repulsion and sparse attraction by the codec's kernels, one iteration at a time.

Source: van der Maaten, Hinton, "Visualizing data using t-SNE" (JMLR 9, 2008); van der Maaten, "Accelerating
t-SNE using tree-based algorithms" (JMLR 15, 2014). Start on principal components and learning rate N /
exaggeration: Kobak, Berens, "The art of using t-SNE for single-cell transcriptomics" (2019); Belkina et al.,
"Automated optimized parameters for t-SNE" (2019).
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cupola import _codec

EXAGGERATION: Final = 12.0
EXAGGERATED_ITERATIONS: Final = 250
THETA: Final = 0.5

_MAX_STEP: Final = 5.0
_START_SPREAD: Final = 1e-4
_PERTURBATION: Final = 0.1

Floats = NDArray[np.float32]


class Tsne:
    """A t-SNE layout on its way. `y` holds the N×2 or N×3 coordinates.

    Args:
        indices: N×k nearest neighbours of each point.
        squared: their squared distances, inf where one is missing.
        start: N×2 or N×3 coordinates to begin with, at any scale.
        perplexity: effective number of neighbours, at most k.
        learning_rate: None for N / exaggeration.
        seed: of perturbations.
    """

    def __init__(
        self,
        indices: NDArray[np.int32],
        squared: Floats,
        start: Floats,
        *,
        perplexity: float,
        learning_rate: float | None = None,
        seed: int = 0,
    ) -> None:
        self._random = np.random.default_rng(seed)
        self._velocity = self._gains = np.zeros(0, np.float32)
        self._learning_rate = learning_rate
        self._exaggerated = EXAGGERATED_ITERATIONS
        self.iteration = 0
        self.loss = math.nan
        spread = float(start[:, 0].std()) or 1.0
        self.y: Floats = np.ascontiguousarray(
            start / np.float32(spread) * np.float32(_START_SPREAD), np.float32
        )
        self.take_graph(indices, squared, perplexity)

    def take_graph(self, indices: NDArray[np.int32], squared: Floats, perplexity: float) -> None:
        """Goes on with other neighbours of the same points: better ones than it began with."""
        weights = _codec.perplexity_weights(squared, perplexity)
        self.starts, self.columns, self.affinities = _codec.symmetrized(indices, weights, False)

    @property
    def affinities(self) -> Floats:
        """Of the edges (`starts`, `columns`); they sum to one."""
        return self._affinities

    @affinities.setter
    def affinities(self, values: Floats) -> None:
        self._affinities: Floats = values / max(float(values.sum(dtype=np.float64)), 1e-30)
        some = self._affinities[self._affinities > 0].astype(np.float64)
        self._negative_entropy = float((some * np.log(some)).sum())
        self._still()

    @property
    def exaggeration(self) -> float:
        """Factor of all attraction, which lets clusters form before they part."""
        return EXAGGERATION if self.iteration < self._exaggerated else 1.0

    def go_on_from(self, y: Floats) -> None:
        """Begins at another layout of these points, as it is: clusters have formed there, so nothing is
        exaggerated.
        """
        self.y = np.ascontiguousarray(y, np.float32)
        self._exaggerated = 0
        self._still()

    def step(self, with_loss: bool = False) -> None:
        """One iteration of gradient descent with momentum and gains.

        Args:
            with_loss: whether `loss` is to be the Kullback–Leibler divergence before the step, in nats.
        """
        if self.iteration == self._exaggerated:
            self._still()
        exaggeration = self.exaggeration
        pull, cross_entropy = _codec.attract(self.starts, self.columns, self._affinities, self.y, with_loss)
        push, z = _codec.repel(self.y, THETA)
        if with_loss:
            self.loss = self._negative_entropy + cross_entropy + math.log(max(z, 1e-300))
        gradient = pull
        gradient *= np.float32(exaggeration)
        gradient -= push * np.float32(1 / max(z, 1e-30))
        agree = (gradient > 0) == (self._velocity > 0)
        self._gains = np.maximum(
            np.where(agree, self._gains * np.float32(0.8), self._gains + np.float32(0.2)), 0.01
        )
        rate = self._learning_rate or max(len(self.y) / exaggeration, 50.0)
        momentum = 0.5 if exaggeration > 1 else 0.8
        self._velocity *= np.float32(momentum)
        self._velocity -= gradient * self._gains * np.float32(rate)
        length = np.sqrt(np.square(self._velocity).sum(axis=1, keepdims=True))
        self._velocity *= np.minimum(1, np.float32(_MAX_STEP) / np.maximum(length, np.float32(1e-12)))
        self.y += self._velocity
        self.y -= self.y.mean(axis=0, dtype=np.float64).astype(np.float32)
        self.iteration += 1

    def perturb(self) -> None:
        """Moves every point a little at random, so that a layout that hangs may find a better one."""
        spread = float(self.y.std())
        noise = self._random.standard_normal(self.y.shape).astype(np.float32)
        self.y += noise * np.float32(_PERTURBATION * spread)
        self._still()

    def _still(self) -> None:
        shape: Any = self.y.shape
        self._velocity = np.zeros(shape, np.float32)
        self._gains = np.ones(shape, np.float32)
