"""One layout from a matrix, as a sequence of frames."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cupola.plugins.projector.layouts.align import similarity
from cupola.plugins.projector.layouts.neighbours import nearest_neighbours
from cupola.plugins.projector.layouts.parameters import Parameters
from cupola.plugins.projector.layouts.prepare import Prepared, prepare
from cupola.plugins.projector.layouts.quality import Quality, measure
from cupola.plugins.projector.layouts.tsne import Tsne
from cupola.plugins.projector.layouts.umap import Umap

FRAMES_PER_S: Final = 8.0

LEAST_POINTS: Final = 4
"""Fewer finite rows have no layout of t-SNE or UMAP."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the points are now."""

    iteration: int
    of: int
    loss: float
    """Kullback–Leibler divergence in nats; NaN where the method does not say."""
    per_s: float
    """Iterations a second, lately."""
    y: NDArray[np.float32]
    """M×2 or M×3 for the M points that are fitted."""


class Fit:
    """A layout being computed.

    Args:
        matrix: N×D, every point.
        parameters: what is asked for.
        labels: for each point the index of its label, negative where it supervises nothing; None: none.
        progress: is told what happens before the first iteration (`reducing`, `neighbours`), and its share.

    Raises:
        ValueError: too few points. The message is for people.
    """

    def __init__(
        self,
        matrix: NDArray[np.float32],
        parameters: Parameters,
        labels: NDArray[np.int32] | None,
        progress: Callable[[str, float], Any],
    ) -> None:
        self._matrix = matrix
        self.parameters = parameters
        self._labels = labels
        self._progress = progress
        self._asked_to_perturb = False
        self._before: NDArray[np.float32] | None = None
        progress("reducing", 0.0)
        self.prepared: Prepared = prepare(
            matrix,
            components=parameters["components"],
            sphereize=bool(parameters["sphereize"]),
            most_points=parameters["points"],
            seed=parameters["seed"],
        )
        usable = len(self.prepared.rows) if matrix.shape[1] else 0
        if usable < LEAST_POINTS:
            raise ValueError(
                f"{usable} points have finite numbers; {parameters.method} wants at least {LEAST_POINTS}. "
                "Principal components (PCA) take any number."
            )
        points = self.prepared.points
        dimensions = parameters["dimensions"]
        self.start: NDArray[np.float32] = np.zeros((len(points), dimensions), np.float32)
        self.start[:, : min(dimensions, points.shape[1])] = points[:, :dimensions]
        if not self.start.any():  # equal points have no principal component
            noise = np.random.default_rng(parameters["seed"]).standard_normal(self.start.shape)
            self.start = noise.astype(np.float32)

    def frames(self, wait: Callable[[], Any] = lambda: None) -> Iterator[Frame]:
        """The start, and then at most `FRAMES_PER_S` frames a second; the last has `iteration == of`.

        Args:
            wait: called before each iteration; it returns when the layout may go on.
        """
        yield Frame(0, 0, float("nan"), 0.0, self.start)
        self._progress("neighbours", 0.0)
        layout, total = self._layout()
        shown_s = since_s = time.monotonic()
        since = 0
        while layout.iteration < total:
            wait()
            if self._asked_to_perturb:
                self._asked_to_perturb = False
                layout.perturb()
            now_s = time.monotonic()
            due = now_s - shown_s >= 1 / FRAMES_PER_S or layout.iteration + 1 >= total
            layout.step(with_loss=due)
            if due:
                rate = (layout.iteration - since) / max(time.monotonic() - since_s, 1e-9)
                since, since_s = layout.iteration, time.monotonic()
                yield Frame(layout.iteration, total, layout.loss, rate, layout.y)
                # A frame that is slow to take must not leave iterations no time.
                shown_s = time.monotonic() if time.monotonic() - now_s > 1 / FRAMES_PER_S else now_s

    def go_on_from(self, before: NDArray[np.float32]) -> None:
        """Starts where an earlier layout has the points: M×2 or M×3 for the M points that are fitted, NaN
        where a point is new. Those begin at their principal components, brought over the others.
        """
        if np.isfinite(before).all(axis=1).any():
            aligned = similarity(self.start, before, size="match")(self.start)
            self._before = np.where(np.isfinite(before), before, aligned)

    def quality(self, y: NDArray[np.float32]) -> Quality | None:
        """What a frame keeps of the neighbourhoods among the rows themselves."""
        rows = self.prepared.rows
        matrix = self._matrix if len(rows) == len(self._matrix) else self._matrix[rows]
        found = measure(matrix, y, self.parameters["seed"])
        return found and found.at(rows)

    def perturb(self) -> None:
        """Moves every point a little at random before the next iteration."""
        self._asked_to_perturb = True

    def _layout(self) -> tuple[Tsne | Umap, int]:
        parameters, points = self.parameters, self.prepared.points
        seed, most = parameters["seed"], len(points) - 1
        wanted = (
            parameters["neighbours"] if parameters.method == "umap" else int(3 * parameters["perplexity"])
        )
        indices, squared = nearest_neighbours(
            points,
            max(1, min(wanted, most)),
            seed=seed,
            progress=lambda share: self._progress("neighbours", share),
        )
        layout: Tsne | Umap
        if parameters.method == "tsne":
            perplexity = min(parameters["perplexity"], max(1.0, most / 3))
            rate = parameters["learning_rate"] or None
            layout = Tsne(indices, squared, self.start, perplexity=perplexity, learning_rate=rate, seed=seed)
            total = parameters["iterations"]
        else:
            layout = Umap(
                indices,
                squared,
                self.start,
                min_distance=parameters["min_distance"],
                iterations=parameters["iterations"] or None,
                seed=seed,
            )
            total = layout.iterations
        if self._before is not None:
            layout.go_on_from(self._before)
        if self._labels is not None and parameters["supervise"]:
            codes = self._labels[self.prepared.rows]
            layout.affinities = supervised(
                layout.affinities, layout.starts, layout.columns, codes, parameters["supervise"] / 100
            )
        return layout, total


def supervised(
    affinities: NDArray[np.float32],
    starts: NDArray[np.int64],
    columns: NDArray[np.int32],
    codes: NDArray[np.int32],
    share: float,
) -> NDArray[np.float32]:
    """Affinities of edges between points of different labels less by `share` of them. Negative codes have no
    label, and their edges stay as they are.
    """
    own = np.repeat(codes, np.diff(starts))
    other = codes[columns]
    apart = (own != other) & (own >= 0) & (other >= 0)
    return np.where(apart, affinities * np.float32(1 - share), affinities)
