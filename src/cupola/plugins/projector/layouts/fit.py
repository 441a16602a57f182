"""One layout from a matrix, as a sequence of frames."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cupola.plugins.projector.layouts.align import similarity
from cupola.plugins.projector.layouts.neighbours import (
    EXACT_POINTS,
    ROUGH_NEIGHBOURS,
    nearest_neighbours,
    rough_neighbours,
)
from cupola.plugins.projector.layouts.parameters import Parameters
from cupola.plugins.projector.layouts.prepare import Prepared, prepare
from cupola.plugins.projector.layouts.quality import Quality, measure
from cupola.plugins.projector.layouts.tsne import Tsne
from cupola.plugins.projector.layouts.umap import Umap

FRAMES_PER_S: Final = 8.0

EARLY_ITERATIONS: Final = 60
"""Of t-SNE on rough neighbours, while better ones are sought: points move from the start."""
EARLY_PACE_S: Final = 0.12

LEAST_POINTS: Final = 4
"""Fewer finite rows have no layout of t-SNE or UMAP."""

Graph: TypeAlias = "tuple[NDArray[np.int32], NDArray[np.float32]]"


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
        parameters = self.parameters
        early = None
        if parameters.method == "tsne" and len(self.start) > EXACT_POINTS and self._before is None:
            early = Tsne(
                *rough_neighbours(self.prepared.points, seed=parameters["seed"]),
                self.start,
                perplexity=ROUGH_NEIGHBOURS / 3,
                learning_rate=parameters["learning_rate"] or None,
                seed=parameters["seed"],
            )
            total = parameters["iterations"]
            with ThreadPoolExecutor(1) as beside:
                graph = beside.submit(self._graph, lambda share: None)
                # As many whenever the graph is there, so that a seed gives one layout.
                yield from self._iterate(early, min(EARLY_ITERATIONS, total // 4), total, wait, graph.done)
                found = graph.result()
        else:
            self._progress("neighbours", 0.0)
            found = self._graph(lambda share: self._progress("neighbours", share))
        layout, total = self._layout(found, early)
        yield from self._iterate(layout, total, total, wait)

    def _iterate(
        self,
        layout: Tsne | Umap,
        until: int,
        total: int,
        wait: Callable[[], Any],
        in_haste: Callable[[], bool] = lambda: True,
    ) -> Iterator[Frame]:
        """Frames up to an iteration. What is not in haste leaves the cores to others."""
        shown_s = since_s = time.monotonic()
        since = layout.iteration
        while layout.iteration < until:
            wait()
            if self._asked_to_perturb:
                self._asked_to_perturb = False
                layout.perturb()
            now_s = time.monotonic()
            due = now_s - shown_s >= 1 / FRAMES_PER_S or layout.iteration + 1 >= total or not in_haste()
            layout.step(with_loss=due)
            if due:
                rate = (layout.iteration - since) / max(time.monotonic() - since_s, 1e-9)
                since, since_s = layout.iteration, time.monotonic()
                yield Frame(layout.iteration, total, layout.loss, rate, layout.y)
                # A frame that is slow to take must not leave iterations no time.
                shown_s = time.monotonic() if time.monotonic() - now_s > 1 / FRAMES_PER_S else now_s
            if not in_haste():
                time.sleep(max(0.0, EARLY_PACE_S - (time.monotonic() - now_s)))

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

    def _graph(self, progress: Callable[[float], Any]) -> Graph:
        parameters, points = self.parameters, self.prepared.points
        wanted = (
            parameters["neighbours"] if parameters.method == "umap" else int(3 * parameters["perplexity"])
        )
        k = max(1, min(wanted, len(points) - 1))
        return nearest_neighbours(points, k, seed=parameters["seed"], progress=progress)

    def _layout(self, graph: Graph, early: Tsne | None) -> tuple[Tsne | Umap, int]:
        parameters, seed = self.parameters, self.parameters["seed"]
        indices, squared = graph
        layout: Tsne | Umap
        if parameters.method == "tsne":
            perplexity = min(parameters["perplexity"], max(1.0, (len(self.start) - 1) / 3))
            rate = parameters["learning_rate"] or None
            if early is not None:
                layout = early
                layout.take_graph(indices, squared, perplexity)
            else:
                layout = Tsne(
                    indices, squared, self.start, perplexity=perplexity, learning_rate=rate, seed=seed
                )
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
